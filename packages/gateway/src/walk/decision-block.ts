// What a decision adds to a response, as one block of lines that is written once. The library keeps one decision for each
// policy and origin, within its limits, and a block lives as long as its decision: so blocks need no limit of their own. A
// decision that echoes the request is a new one each time; its block then serves one response.

import type { Decision } from "@corsway/cors";
import { joinLines, noLines, printLine, writeLines, type Lines } from "../http1/lines.ts";

export interface DecisionBlock {
  /** Vary, then `cors`. */
  readonly lines: Lines;
  /** The CORS headers, and Timing-Allow-Origin. */
  readonly cors: Lines;
  /** Whether it replaces the upstream's Timing-Allow-Origin. */
  readonly setsTiming: boolean;
}

const blocks = new WeakMap<Pick<Decision, "headers" | "vary">, DecisionBlock>();

export function blockOf(decision: Pick<Decision, "headers" | "vary">): DecisionBlock {
  let block = blocks.get(decision);
  if (block === undefined) blocks.set(decision, (block = write(decision)));
  return block;
}

function write({ headers, vary }: Pick<Decision, "headers" | "vary">): DecisionBlock {
  // The policy has checked what it sends. If it had not, nothing would be allowed.
  const cors = writeLines(headers.flat()) ?? noLines;
  const varies = vary.length === 0 ? noLines : printLine("Vary", vary.join(", "));
  return {
    lines: joinLines(varies, cors),
    cors,
    setsTiming: headers.some(([name]) => name === "Timing-Allow-Origin"),
  };
}
