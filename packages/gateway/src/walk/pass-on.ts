// The fields of an upstream's response as the client receives them: without those that end at this hop, and with the
// decision applied. What `applyDecision` of the library does for lists of pairs is done here for lines, without taking a
// head apart and putting it together again; a property test checks that both do the same.

import { applyDecision, type Decision } from "@corsway/cors";
import { isNamed } from "@corsway/cors/standard";
import { beginsWith } from "../head/flat-fields.ts";
import { endsHere, namedOptions } from "../head/hop-by-hop.ts";
import {
  cutLines,
  joinLines,
  lineExtra,
  noLines,
  splitLines,
  printLines,
  type Lines,
} from "../http1/lines.ts";
import { blockOf, type DecisionBlock } from "./decision-block.ts";

/** Fields of a head that was read. */
export interface FieldsRead {
  /** Flat. */
  readonly fields: readonly string[];
  /** The same fields. */
  readonly lines: Lines;
}

export interface PassedOn {
  readonly lines: Lines;
  /** How many of the upstream's CORS lines were removed. */
  readonly removed: number;
  /** There is an X-Request-Id among them. */
  readonly named: boolean;
  /** There is a Date among them. */
  readonly dated: boolean;
}

/**
 * `decision` undefined: CORS is left to the upstream. `bodiless`: there is no content, so its length is not declared (RFC 9110
 * §8.6).
 */
export function passOn(
  { fields, lines }: FieldsRead,
  decision: Pick<Decision, "headers" | "vary"> | undefined,
  bodiless: boolean,
): PassedOn {
  const options = namedOptions(fields);
  const block = decision === undefined ? undefined : blockOf(decision);
  let out = noLines;
  let from = 0; // of the lines up to `at` that are passed on
  let at = 0;
  let removed = 0;
  let named = false;
  let dated = false;
  let varies = false;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const end = at + name.length + fields[i + 1]!.length + lineExtra;
    let stays = true;
    if (endsHere(name) || (bodiless && isNamed(name, "content-length"))) stays = false;
    else if (options !== undefined && options.has(name.toLowerCase())) stays = false;
    else if (block !== undefined && isReplaced(name, block)) {
      stays = false;
      removed++;
    } else if (name.length === 4) {
      dated ||= isNamed(name, "date");
      varies ||= isNamed(name, "vary");
    } else if (name.length === 12) named ||= isNamed(name, "x-request-id");
    if (!stays) {
      if (from < at) out = joinLines(out, cutLines(lines, from, at));
      from = end;
    }
    at = end;
  }
  if (from < at) out = joinLines(out, cutLines(lines, from, at));
  if (decision === undefined || block === undefined) return { lines: out, removed, named, dated };
  out =
    varies && decision.vary.length > 0
      ? joinLines(mergeVary(out, decision.vary), block.cors)
      : joinLines(out, block.lines);
  return { lines: out, removed, named, dated };
}

/** The upstream's own Vary, which is left to the function that does it for pairs. */
function mergeVary(lines: Lines, vary: readonly string[]): Lines {
  const flat = splitLines(lines);
  const pairs: [string, string][] = [];
  for (let i = 0; i < flat.length; i += 2) pairs.push([flat[i]!, flat[i + 1]!]);
  return printLines(applyDecision({ headers: [], vary }, pairs).headers.flat());
}

/** Is this a field that only the policy may send? */
function isReplaced(name: string, { setsTiming }: DecisionBlock): boolean {
  // By length first, so that hardly any name has to be compared.
  if (name.length <= 15) return false;
  if (setsTiming && isNamed(name, "timing-allow-origin")) return true;
  return (name.charCodeAt(0) | 0x20) === 0x61 && beginsWith(name, "access-control-");
}
