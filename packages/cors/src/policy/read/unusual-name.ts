// A method or header name that the grammar of tokens takes, and that is hardly meant: `X-*`,
// `GET|PUT`, `'X-A'` are tokens each, so a browser would compare them as they stand and never find
// them. The policy loads, since such a name is legal.

import { quote } from "./faults.ts";
import type { Fault } from "./faults.ts";
import type { Entry } from "./list.ts";

/** The fault of a name with other characters than letters, digits, `-`, `_` and `.`. */
export function unusualName({ text, path, part }: Entry): Fault | undefined {
  const char = [...text].find((one) => !/[A-Za-z0-9_.-]/.test(one));
  if (char === undefined) return undefined;
  return {
    code: "policy/name-unusual",
    path,
    part,
    message: `${quote(text)} is one name, and its ${quote(char)} is part of it`,
    why: "names are compared as they stand: nothing inside a name is a wildcard, a quote or a separator",
    say: "list each name by itself, separated by commas, or `*` alone for every name",
  };
}
