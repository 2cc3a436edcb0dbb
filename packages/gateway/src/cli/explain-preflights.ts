// `explain --har FILE --preflights`: how many preflights the recorded session makes in each engine, and what would
// save most of them.

import { preflightCost, type PreflightCost, type SessionRequest } from "@corsway/cors/explain";
import { isCrossOrigin, originOf, pageOf } from "../responders/recorded-page.ts";
import { isPreflight, preflightOf } from "../responders/recorded-preflight.ts";
import { readRecording } from "../responders/recording.ts";
import { recordingResponder } from "../responders/recording-responder.ts";
import type { Options } from "./explain-options.ts";
import type { Refusal } from "./explain-page.ts";
import { resolvePath, type Terminal } from "./terminal.ts";

export async function costOfRecording(
  options: Options,
  terminal: Terminal,
): Promise<PreflightCost | Refusal> {
  const recording = await readRecording(
    options.har === "-" ? terminal.input : resolvePath(terminal, options.har!),
  );
  if (recording.kind === "unreadable")
    return { say: `\`${options.har!}\`: ${recording.say}`, fix: recording.fix };
  const { exchanges } = recording;
  const session: SessionRequest[] = [];
  for (const exchange of exchanges) {
    if (isPreflight(exchange) || exchange.status === 0) continue;
    const preflight = preflightOf(exchanges, exchange);
    const origin = options.origin ?? originOf(exchange) ?? originOf(preflight);
    if (origin === undefined || !isCrossOrigin(exchange, origin)) continue;
    const page = pageOf(exchange, preflight, origin);
    const { respond } = recordingResponder(exchanges, exchange, preflight);
    if (page.mode === "cors") session.push({ page, at: exchange.time, respond });
  }
  if (session.length > 0) return preflightCost(session);
  return {
    say: `\`${options.har!}\`: there is no cross-origin request with a response`,
    fix: "record the session in the Network panel, or name the page with --origin",
  };
}
