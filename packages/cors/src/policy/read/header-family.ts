// A family of request headers, `X-Amz-*`: what begins like this and goes on. For names that nobody
// can list, because a tool's schema or an SDK's version makes them.

import { isForbiddenRequestHeaderName } from "../../standard/header-name.ts";
import { asciiLowercase } from "../../standard/token.ts";
import { quote } from "./faults.ts";
import type { Faults } from "./faults.ts";
import { shadowedEntry } from "./list.ts";
import type { Entry } from "./list.ts";

/** A trailing `*` after two characters or more. With less before it, it would be hardly less than `*`. */
export function isHeaderFamily(text: string): boolean {
  return /^[A-Za-z0-9_.-]{2,}\*$/.test(text);
}

/** What its names begin with, in lower case. */
export function beginningOf(family: string): string {
  return asciiLowercase(family.slice(0, -1));
}

/** Is every name of the family kept from pages, as `Sec-Fetch-*` is? */
export function isForbiddenFamily(family: string): boolean {
  // What follows can only make a forbidden beginning longer; `Host*` may go on to `Hostname`.
  return isForbiddenRequestHeaderName(`${beginningOf(family)}x`);
}

/** No family with a longer beginning is told to cover another entry: a real one never has it. */
const longestCovering = 128;

/**
 * Reports the names and families that a family covers, and where one seems to cover Authorization.
 * Both maps are by lower case; something else is wrong already with the entries of `reported`.
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
