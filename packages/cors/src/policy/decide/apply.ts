// Puts a decision on a response: the policy speaks alone, so whatever the upstream said about CORS
// goes (two Access-Control-Allow-Origin lines are one value that matches no origin), and what it
// said about caching stays.

import type { Header, HeaderList } from "../../standard/message.ts";
import type { Decision } from "./decision.ts";

/** A response's headers with the decision on them. */
export interface Applied {
  readonly headers: Header[];
  /** How many of the upstream's header lines were taken away. */
  readonly removed: number;
}

/**
 * Removes every `Access-Control-*`, sets the decision's headers, and merges its names into Vary:
 * what the upstream lists keeps its order and spelling, each once; `*` stays `*`. Timing-Allow-Origin
 * is replaced where the decision sends one, and else left to the upstream: it is no part of CORS.
 * All other lines stay as they are.
 */
export function applyDecision(
  decision: Pick<Decision, "headers" | "vary">,
  headers: HeaderList,
): Applied {
  const setsTiming = decision.headers.some(([name]) => name === "Timing-Allow-Origin");
  const result: Header[] = [];
  let removed = 0;
  let varyAt = -1;
  let varies: string[] | undefined;
  for (const header of headers) {
    const name = header[0];
    if (isCorsHeader(name) || (setsTiming && equals(name, "timing-allow-origin"))) {
      removed++;
      continue;
    }
    if (name.length === 4 && equals(name, "vary")) {
      if (varyAt < 0) {
        varyAt = result.length;
        result.push(header);
      } else if (decision.vary.length === 0) result.push(header);
      (varies ??= []).push(header[1]);
      continue;
    }
    result.push(header);
  }
  if (decision.vary.length > 0) {
    const merged = mergeVary(varies, decision.vary);
    if (varyAt < 0) result.push(["Vary", merged]);
    else if (varies!.length > 1 || merged !== varies![0])
      result[varyAt] = [result[varyAt]![0], merged];
  }
  for (const header of decision.headers) result.push(header);
  return { headers: result, removed };
}

/** One value of Vary: the lines' members in their order, then the names, each once; `*` is all. */
export function mergeVary(lines: readonly string[] | undefined, names: readonly string[]): string {
  if (lines === undefined) return names.join(", ");
  const seen = new Set<string>();
  const members: string[] = [];
  const add = (member: string): void => {
    const lower = member.toLowerCase();
    if (member === "" || seen.has(lower)) return;
    seen.add(lower);
    members.push(member);
  };
  for (const line of lines) for (const member of line.split(",")) add(member.trim());
  if (seen.has("*")) return "*";
  if (lines.length === 1 && names.every((name) => seen.has(name.toLowerCase()))) return lines[0]!;
  for (const name of names) add(name);
  return members.join(", ");
}

/** `Access-Control-*`, in any case: the policy alone speaks of these. */
export function isCorsHeader(name: string): boolean {
  return name.length > 15 && equals(name.slice(0, 15), "access-control-");
}

function equals(name: string, lowerName: string): boolean {
  return name.length === lowerName.length && name.toLowerCase() === lowerName;
}
