// Fetch §3.1 append a request `Origin` header. CORS requests always carry it; others only if the method
// may change something. A same-origin POST therefore has an Origin, and a server must not treat
// `Origin` alone as the sign of a cross-origin request.

import { isSameOrigin, originOfUrl, serializeOrigin } from "../standard/origin.ts";
import { currentUrl, type FetchParams } from "./fetch-params.ts";
import { serializeRequestOrigin } from "./redirect-taint.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = {
  name: "append a request Origin header",
  anchor: "append-a-request-origin-header",
};

/** The value of the header, or undefined if none is sent. */
export function requestOriginHeader(params: FetchParams): string | undefined {
  const { request, engine, trace } = params;
  const origin = serializeRequestOrigin(request);
  if (request.tainting === "cors") {
    trace.step(algorithm, "3", "the tainting is cors: send it", "done", { origin });
    return origin;
  }
  if (request.mode === "websocket") {
    // An engine that follows a handshake's redirects keeps the page's origin on the way.
    const own = serializeOrigin(request.origin);
    trace.step(algorithm, "3", "the mode is websocket: send it", "done", { origin: own });
    return own;
  }
  const { quirks } = engine;
  if (request.mode === "cors" && new Set(quirks.namesOwnOriginIn).has(request.initiator)) {
    trace.step(algorithm, "quirk", "an element in mode CORS sends it to its own origin", "done", {
      origin,
    });
    return origin;
  }
  if (request.method === "GET" || request.method === "HEAD") {
    const isKept = quirks.keepsOriginOfTurnedGet && request.mode !== "navigate";
    if (!(isKept && request.memory.turnedGet)) {
      trace.step(algorithm, "4", "GET or HEAD without cors: none is sent", "skipped");
      return undefined;
    }
    trace.step(algorithm, "quirk", "the Origin of the previous method is kept", "done", { origin });
  }
  const target = originOfUrl(currentUrl(request));
  const elsewhere = !isSameOrigin(request.origin, target);
  const isAnonymous =
    (request.mode === "no-cors" && quirks.noCorsPostNullOrigin) ||
    (request.mode === "navigate" && quirks.formPostNullOrigin);
  if (isAnonymous && hasChangedOrigin(request)) {
    trace.step(algorithm, "quirk", "after a redirect to another origin it is anonymous", "done");
    return "null";
  }
  const serialized =
    request.mode !== "cors" &&
    !ignoresReferrerPolicy(params, elsewhere) &&
    isHiddenByReferrerPolicy(request, target, elsewhere)
      ? "null"
      : origin;
  trace.step(
    algorithm,
    "4",
    "neither GET nor HEAD: send it, as the referrer policy allows",
    "done",
    {
      origin: serialized,
      "referrer policy": request.referrerPolicy,
    },
  );
  return serialized;
}

/** See Quirks, originIgnoresReferrerPolicy. */
function ignoresReferrerPolicy({ request, engine }: FetchParams, elsewhere: boolean): boolean {
  switch (engine.quirks.originIgnoresReferrerPolicy) {
    case "never":
      return false;
    case "always":
      return true;
    case "away-from-home":
      return elsewhere && isSameOrigin(request.origin, originOfUrl(request.urlList[0]!));
  }
}

/** Whether a redirect led to another origin. */
export function hasChangedOrigin({ urlList }: FetchParams["request"]): boolean {
  return urlList.some((url, i) => i > 0 && url.origin !== urlList[i - 1]!.origin);
}

function isHiddenByReferrerPolicy(
  request: FetchParams["request"],
  target: ReturnType<typeof originOfUrl>,
  elsewhere: boolean,
): boolean {
  switch (request.referrerPolicy) {
    case "no-referrer":
      return true;
    case "no-referrer-when-downgrade":
    case "strict-origin":
    case "strict-origin-when-cross-origin":
      return (
        request.origin.kind === "tuple" &&
        request.origin.scheme === "https" &&
        !(target.kind === "tuple" && target.scheme === "https")
      );
    case "same-origin":
      return elsewhere;
    default:
      return false;
  }
}
