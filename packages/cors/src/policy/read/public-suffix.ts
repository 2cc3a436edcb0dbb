// Is everybody able to own a name under this one? The public suffix list says so, its private part
// too: under `github.io` each label is another person.

import { parse } from "tldts";

/** Only what the list names: `internal` or `localhost` is under nobody's registry. */
export function isPublicSuffix(name: string): boolean {
  const bare = name.endsWith(".") ? name.slice(0, -1) : name;
  return isListed(bare) || isListed(`x.${bare}`, bare);
}

function isListed(name: string, whole: string = name): boolean {
  const { publicSuffix, isIcann, isPrivate } = parse(name, {
    allowPrivateDomains: true,
    validateHostname: false,
  });
  if (isIcann !== true && isPrivate !== true) return false;
  // A rule `*.ck` makes each label under `ck` a suffix, so `*.ck` is open to all as well.
  return publicSuffix === name || publicSuffix === whole;
}
