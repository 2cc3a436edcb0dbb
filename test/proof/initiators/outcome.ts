// What became of an act, in the form in which exchanges are compared (../outcome.ts): the event that the
// page got, whether it could read what came, and the requests with the headers that name their kind.

import { initiated, type Engine, type PageRequest, type Verdict } from "@corsway/cors/browser";
import { getHeader, type RequestHead } from "@corsway/cors/standard";
import { wireLine, type Outcome, type WireLine } from "../outcome.ts";
import type { Act } from "./act.ts";
import type { ActSeen } from "./page.ts";

/** The page's side, and its engine's word for the reason. */
export function seenOutcome(seen: ActSeen, wire: readonly WireLine[], reason?: string): Outcome {
  const { event, reads } = seen;
  const failed = event === "error" || event === "hung";
  const verdict = failed ? "blocked" : reads === "opaque" ? "opaque" : "readable";
  const step = { verdict, response: `${event} ${reads ?? ""}`.trim(), headers: [] } as const;
  return { steps: [reason === undefined ? step : { ...step, reason }], wire };
}

/** What a page would see of this verdict. */
export function seenOf(act: Act, verdict: Verdict): ActSeen {
  const { outcome } = verdict;
  if (act.as === "beacon" || act.as === "form") return { event: "none" };
  if (outcome === "blocked") return { event: "error" };
  const answer = verdict.wire.at(-1)?.response;
  const status = answer === undefined || "kind" in answer ? 0 : answer.status;
  if (!isUsed(act, status)) return { event: "error" };
  const tells = ["img", "script", "style", "video", "fetch"].includes(act.as);
  return { event: "load", ...(tells ? { reads: outcome } : {}) };
}

/** HTML: which statuses an element or API takes for its own. */
function isUsed({ as }: Act, status: number): boolean {
  switch (as) {
    case "img":
    case "xhr":
    case "fetch":
    case "manifest":
      return true;
    case "websocket":
      return status === 101;
    case "eventsource":
      return status === 200;
    default:
      return status >= 200 && status < 300;
  }
}

/** Mode and destination, as the Sec-Fetch headers have them. */
export function metadataOf(
  page: PageRequest,
  engine: Engine,
): { readonly mode: string; readonly dest: string } {
  const { mode, destination } = initiated(page, engine);
  return { mode, dest: destination === "" ? "empty" : destination };
}

/** A request with the kind that it names. `first` has the relation between page and server, too. */
export function actLine(
  request: RequestHead,
  credentials: boolean,
  named: readonly (readonly [string, string])[],
): WireLine {
  const line = wireLine(request, credentials);
  const kind = named.map(([name, value]) => `${name}=${value}`).join(" ");
  return { ...line, request: `${line.request} ${kind}`.trim() };
}

/** The Sec-Fetch headers that the engine sent, of those that are compared. */
export function sentMetadata(
  request: RequestHead,
  names: readonly string[],
): (readonly [string, string])[] {
  return names.flatMap((name) => {
    const value = getHeader(request.headers, `sec-fetch-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
}
