// Applies a decision to a response's flat fields: what `applyDecision` of the library does for lists of pairs, without creating one. A
// property test checks that both do the same.

import { applyDecision, type Decision } from "@corsway/cors";
import { isNamed } from "@corsway/cors/standard";

export interface AppliedFields {
  /** Flat. */
  readonly fields: string[];
  /** How many of the upstream's lines were removed. */
  readonly removed: number;
}

export function applyFlat(
  { headers, vary }: Pick<Decision, "headers" | "vary">,
  from: readonly string[],
): AppliedFields {
  const fields: string[] = [];
  let setsTiming = false;
  for (let i = 0; i < headers.length; i++) setsTiming ||= headers[i]![0] === "Timing-Allow-Origin";
  let removed = 0;
  const varied = vary.length === 0;
  for (let i = 0; i < from.length; i += 2) {
    const name = from[i]!;
    if (!varied && isNamed(name, "vary")) {
      // The upstream's own Vary must be merged: rare enough to leave to the function that does it for pairs.
      return applyToPairs({ headers, vary }, from);
    }
    if (isAccessControl(name) || (setsTiming && isNamed(name, "timing-allow-origin"))) {
      removed++;
      continue;
    }
    fields.push(name, from[i + 1]!);
  }
  if (!varied) fields.push("Vary", vary.length === 1 ? vary[0]! : vary.join(", "));
  for (let i = 0; i < headers.length; i++) fields.push(headers[i]![0], headers[i]![1]);
  return { fields, removed };
}

function applyToPairs(
  decision: Pick<Decision, "headers" | "vary">,
  from: readonly string[],
): AppliedFields {
  const pairs: [string, string][] = [];
  for (let i = 0; i < from.length; i += 2) pairs.push([from[i]!, from[i + 1]!]);
  const { headers, removed } = applyDecision(decision, pairs);
  return { fields: headers.flat(), removed };
}

function isAccessControl(name: string): boolean {
  if (name.length <= 15 || (name.charCodeAt(0) | 0x20) !== 0x61) return false;
  return name.slice(0, 15).toLowerCase() === "access-control-";
}
