// allow_origins: entries → patterns. Faults of single entries are reported here; what is wrong only in
// combination with credentials is reported in check-credentials.ts.

import { duplicateEntry, readList, shadowedEntry } from "./list.ts";
import type { Entry, Written } from "./list.ts";
import type { Faults } from "./faults.ts";
import { printOriginPattern } from "../origin-pattern.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import { parseOriginPattern } from "./parse-origin-pattern.ts";
import { findShadows } from "./shadow.ts";
import { setting } from "./spelling.ts";

export interface ReadOrigins {
  /** The entry that is `*` or `$http_origin`, if there is one. */
  readonly any?: Entry;
  /** The pattern of each valid entry, each once. */
  readonly patterns: readonly { readonly entry: Entry; readonly pattern: OriginPattern }[];
  /** No entry was faulty. */
  readonly sound: boolean;
}

export function readOrigins(written: Written, faults: Faults): ReadOrigins | undefined {
  const list = readList(written, faults);
  if (list === undefined) return undefined;
  const { entries } = list;
  if (list.commaString)
    faults.add({
      code: "policy/origin-comma-list",
      path: written.path,
      message: `\`${written.key}\` is a comma-separated list of ${entries.length} origins`,
      why: "the header holds one origin, never a list; this is read as the allowed origins, and the response to each names that origin alone",
      say: `write an array: ${setting(written.key, `[${firstFive(entries)}]`)}`,
    });
  if (entries.length === 0)
    faults.add({
      code: "policy/missing-origins",
      path: written.path,
      message: `\`${written.key}\` lists no origins`,
      why: "a policy says who may read; this one allows no origin",
      say: "list an origin, or switch off cross-origin access altogether (`cors = false` in the gateway)",
    });

  const any = entries.find(({ text }) => isAny(text));
  const patterns: { entry: Entry; pattern: OriginPattern }[] = [];
  const seen = new Map<string, Entry>();
  let sound = entries.length > 0;
  for (const entry of entries) {
    if (isAny(entry.text)) continue;
    const parsed = parseOriginPattern(entry.text);
    if ("fault" in parsed) {
      sound = false;
      faults.add({ ...parsed.fault, path: entry.path, part: entry.part });
      continue;
    }
    const text = printOriginPattern(parsed.pattern);
    const first = seen.get(text);
    if (first !== undefined) {
      faults.add(duplicateEntry(entry, first));
      continue;
    }
    seen.set(text, entry);
    patterns.push({ entry, pattern: parsed.pattern });
  }
  if (any === undefined) tellShadows(patterns, faults);
  else for (const { entry } of patterns) faults.add(shadowedEntry(entry, any));
  return { ...(any !== undefined && { any }), patterns, sound };
}

/** `*`, or document 003's mirror of the Origin header, which means the same without credentials. */
function isAny(text: string): boolean {
  return text === "*" || isMirror(text);
}

function isMirror(text: string): boolean {
  return text === "{$http_origin}" || text === "$http_origin";
}

function tellShadows(
  patterns: readonly { readonly entry: Entry; readonly pattern: OriginPattern }[],
  faults: Faults,
): void {
  const shadows = findShadows(patterns.map(({ pattern }) => pattern));
  for (const [index, by] of shadows)
    faults.add(shadowedEntry(patterns[index]!.entry, patterns[by]!.entry));
}

function firstFive(entries: readonly Entry[]): string {
  const shown = entries.slice(0, 5).map(({ text }) => JSON.stringify(text));
  return [...shown, ...(entries.length > 5 ? ["…"] : [])].join(", ");
}
