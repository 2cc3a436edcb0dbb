// A family of request headers, `X-Amz-*`: every name that begins like this and is longer. It is for names
// that cannot be listed because a tool's schema or an SDK's version generates them.

import { isForbiddenRequestHeaderName } from "../../standard/header-name.ts";
import { asciiLowercase } from "../../standard/token.ts";
import { quote } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { shadowedEntry } from "./list.ts";
import type { Entry } from "./list.ts";

/** A trailing `*` after at least two characters. With fewer, it would allow nearly as much as `*`. */
export function isHeaderFamily(text: string): boolean {
  return /^[A-Za-z0-9_.-]{2,}\*$/.test(text);
}

/** The beginning of its names, in lower case. */
export function beginningOf(family: string): string {
  return asciiLowercase(family.slice(0, -1));
}

/** Are pages unable to set any name of the family, as with `Sec-Fetch-*`? */
export function isForbiddenFamily(family: string): boolean {
  // More characters can only extend a forbidden beginning; `Host*` may continue as `Hostname`.
  return isForbiddenRequestHeaderName(`${beginningOf(family)}x`);
}

/** A family with a longer beginning is never reported to cover another entry: real ones are shorter. */
const longestCovering = 128;

/**
 * Reports the names and families that a family covers, and whether one appears to cover Authorization.
 * The keys of both maps are in lower case. Entries of `reported` already have another fault.
 */
export function checkFamilies(
  names: ReadonlyMap<string, Entry>,
  families: ReadonlyMap<string, Entry>,
  reported: ReadonlySet<Entry>,
  faults: Faults,
): void {
  const lengths = new Set<number>();
  for (const family of families.keys())
    if (family.length <= longestCovering) lengths.add(family.length - 1);
  const covering = (beginning: string): Entry | undefined => {
    for (const length of lengths)
      if (length < beginning.length) {
        const found = families.get(`${beginning.slice(0, length)}*`);
        if (found !== undefined) return found;
      }
    return undefined;
  };
  for (const [kept, isFamily] of [
    [names, false],
    [families, true],
  ] as const)
    for (const [lower, entry] of kept) {
      const by = covering(isFamily ? lower.slice(0, -1) : lower);
      if (by === undefined || reported.has(entry)) continue;
      if (lower !== "authorization") faults.add(shadowedEntry(entry, by));
    }
  const seeming = names.has("authorization") ? undefined : covering("authorization");
  if (seeming !== undefined)
    faults.add({
      code: "policy/authorization-not-covered",
      path: seeming.path,
      part: seeming.part,
      message: `${quote(seeming.text)} does not cover \`Authorization\``,
      why: "no wildcard lets a page send credentials that it made up: `Authorization` is allowed only if it is listed by name",
      say: "if pages send it, list `Authorization` as well",
    });
}
