// One case of the proof of cookies: what the server of `n0` set earlier, on a page of its own, what a page
// then does, and what the servers on the way set.

import type { ActCase } from "../initiators/act.ts";

export interface CookieCase extends ActCase {
  /** Set-Cookie lines; `{n}` is the case's number, which keeps the cookies of cases apart. */
  readonly lines: readonly string[];
  readonly thirdPartyCookies: "allowed" | "blocked";
}

/** The lines with this number, as they were set: a cookie without Path is meant for the whole site. */
export function linesOf({ lines }: CookieCase, number: number): string[] {
  return lines.map((line) => line.replaceAll("{n}", String(number)));
}
