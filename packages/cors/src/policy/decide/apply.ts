// Applies a decision to a response. Only the policy speaks about CORS, so the upstream's CORS headers
// are removed (two Access-Control-Allow-Origin lines form one value that matches no origin), and what
// the upstream said about caching stays.

import type { Header, HeaderList } from "../../standard/message.ts";
import type { Decision } from "./decision.ts";

/** The headers of a response with the decision applied. */
export interface Applied {
  readonly headers: Header[];
  /** How many header lines of the upstream were removed. */
  readonly removed: number;
}

/**
 * Removes every `Access-Control-*` header, sets the headers of the decision, and merges its names into
 * Vary: the upstream's names keep their order and spelling, each once; `*` stays `*`.
 * Timing-Allow-Origin is replaced only if the decision sends one, because it is not part of CORS. All
 * other lines are unchanged.
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

/** One value of Vary: the members of the lines in order, then the names, each once; `*` alone if present. */
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

/** Whether the name is `Access-Control-*`, in any case: these headers come only from the policy. */
export function isCorsHeader(name: string): boolean {
  // The two hyphens rule out every other name in use.
  return (
    name.length > 15 &&
    name.charCodeAt(6) === 0x2d &&
    name.charCodeAt(14) === 0x2d &&
    equals(name.slice(0, 15), "access-control-")
  );
}

function equals(name: string, lowerName: string): boolean {
  return name.length === lowerName.length && name.toLowerCase() === lowerName;
}
