// Can anyone own a name under this one? The public suffix list says so, including its private part:
// under `github.io`, each label belongs to a different person.

import { parse } from "tldts";

/** Only what the list names: no registry manages `internal` or `localhost`. */
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
  // A rule `*.ck` makes each label under `ck` a suffix, so `*.ck` is open to everyone as well.
  return publicSuffix === name || publicSuffix === whole;
}

/**
 * What to list instead under the suffix of a preview host, if its owner is known to have names that
 * belong to one project, or to have none.
 */
export function ownFormUnder(suffix: string): string | undefined {
  return ownForms.get(suffix);
}

/** By public suffix. Labels below the project's own name belong to the project; its siblings do not. */
const ownForms: ReadonlyMap<string, string> = new Map([
  ["pages.dev", "write `https://*.PROJECT.pages.dev`: names below your project's name are yours"],
  [
    "workers.dev",
    "write `https://*.ACCOUNT.workers.dev`: names below your account's name are yours",
  ],
  [
    "vercel.app",
    "give previews a domain of your own and list `https://*.preview.example.com`: `https://pr-*-myteam.vercel.app` is no better, because anyone's project can have such a name",
  ],
]);
