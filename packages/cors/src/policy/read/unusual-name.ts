// A method or header name that is a valid token but probably a mistake: `*-Id`, `GET|PUT` and `'X-A'`
// are each one token, so a browser would compare them literally and never find a match. The policy
// loads, because such a name is legal.

import { quote } from "./faults.ts";
import type { Fault } from "./faults.ts";
import type { Entry } from "./list.ts";

/**
 * The fault of a name with characters other than letters, digits, `-`, `_` and `.`.
 * @param hasFamilies whether a `*` at the end of a name has a meaning in this list
 */
export function unusualName({ text, path, part }: Entry, hasFamilies = false): Fault | undefined {
  const char = [...text].find((one) => !/[A-Za-z0-9_.-]/.test(one));
  if (char === undefined) return undefined;
  return {
    code: "policy/name-unusual",
    path,
    part,
    message: `${quote(text)} is one name, and the ${quote(char)} is part of it`,
    why: "names are compared literally: nothing here is a wildcard, a quote or a separator",
    say: hasFamilies
      ? "list each name separately, with commas between them; a `*` at the end of at least two characters is a family (`X-Amz-*`), and a single `*` is every name"
      : "list each name separately, with commas between them, or write a single `*` for every name",
  };
}
