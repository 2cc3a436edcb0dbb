// Fetch §4.1 main fetch: which branch a request takes. It runs again for every redirect, because only
// then is the tainting right: once `cors`, a request never becomes `basic` again.

import { isSameOrigin, originOfUrl } from "../standard/origin.ts";
import { isBadPort } from "./block-bad-port.ts";
import { cspCheck } from "./csp-check.ts";
import { localNetworkAccessCheck } from "./local-network-access.ts";
import { mixedContentCheck } from "./mixed-content.ts";
import { cacheLookup } from "./preflight-cache-place.ts";
import {
  blocked,
  currentUrl,
  hopOf,
  isHttpScheme,
  placeOf,
  type BlockedFetch,
  type FetchParams,
  type Fetching,
  type FetchResponse,
  type FetchResult,
} from "./fetch-params.ts";
import { httpFetch } from "./http-fetch.ts";
import { needsPreflight, preflightCause } from "./preflight-cause.ts";
import { preflightOrigin } from "./redirect-taint.ts";
import { schemeFetch } from "./scheme-fetch.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = { name: "main fetch", anchor: "concept-main-fetch" };
const localNetworkAccess: Algorithm = {
  name: "Local Network Access",
  anchor: "integration-with-fetch",
  standard: "local-network-access",
};

/**
 * Steps 1 to 13, for the page's URL and then for the target of each redirect. (The standard recurses from
 * HTTP-redirect fetch; a loop does the same.) fetch.ts filters the response (step 14).
 */
export function* mainFetch(params: FetchParams): Fetching<FetchResponse | BlockedFetch> {
  for (;;) {
    const result = yield* dispatch(params);
    if (result.kind === "redirected") continue;
    if (result.kind === "blocked") clearCacheEntries(params, result);
    return result;
  }
}

function* dispatch(params: FetchParams): Fetching<FetchResult> {
  const { request, trace } = params;
  if (hopOf(request) === 0) trace.step(algorithm, "10", "HSTS", "not-modelled");
  const refused = beforeCors(params);
  if (refused !== undefined) return refused;
  const url = currentUrl(request);
  if (isBadPort(url)) {
    trace.step(algorithm, "7", "the port is not a blocked one", "failed", { port: url.port });
    const why = `port ${url.port} is blocked by every browser`;
    return blocked({ ...placeOf(request, "request"), reason: "network-error", why });
  }

  const sameOrigin = isSameOrigin(originOfUrl(url), request.origin);
  if (request.mode === "websocket" || request.mode === "navigate") {
    const says =
      request.mode === "websocket"
        ? "a WebSocket is not a CORS request: the server decides by its Origin"
        : "a navigation is not a CORS request: the page does not read the answer";
    trace.step(algorithm, "12", says, "done", { url: url.href });
    return yield* schemeFetch(params);
  }
  if ((sameOrigin && request.tainting === "basic") || url.protocol === "data:") {
    trace.step(algorithm, "12", "same origin: the tainting is basic", "done", { url: url.href });
    request.tainting = "basic";
    return yield* schemeFetch(params);
  }
  if (request.mode === "same-origin") {
    trace.step(algorithm, "12", "another origin, and mode same-origin", "failed", {
      url: url.href,
    });
    const reason = request.initiator === "worker" ? "worker-cross-origin" : "mode-same-origin";
    return blocked({ ...placeOf(request, "request"), reason });
  }
  if (request.mode === "no-cors") {
    if (request.redirect !== "follow") {
      trace.step(algorithm, "12", "mode no-cors needs redirect mode follow", "failed", {
        redirect: request.redirect,
      });
      const { redirect } = request;
      return blocked({ ...placeOf(request, "request"), reason: "redirect-mode", redirect });
    }
    trace.step(algorithm, "12", "mode no-cors: the tainting is opaque", "done", { url: url.href });
    request.tainting = "opaque";
    return yield* schemeFetch(params);
  }
  if (!isHttpScheme(url)) {
    const scheme = url.protocol.slice(0, -1);
    trace.step(algorithm, "12", "CORS is for http and https only", "failed", { scheme });
    return blocked({ ...placeOf(request, "request"), reason: "scheme-not-cors", scheme });
  }
  request.tainting = "cors";
  const cause = preflightCause(params);
  const saw = { method: request.method, "not safelisted": cause.unsafeNames };
  if (!needsPreflight(cause)) {
    trace.step(algorithm, "12", "another origin, and no preflight is needed", "done", saw);
    return yield* httpFetch(params);
  }
  trace.step(algorithm, "12", "another origin, and a preflight is needed", "done", saw);
  params.mayPreflight = true;
  request.memory.preflighted = true;
  return yield* httpFetch(params, cause);
}

/** 4 to 6, and Local Network Access: what acts before CORS, as far as the page is known. */
function beforeCors(params: FetchParams): BlockedFetch | undefined {
  const { request, trace, client } = params;
  if (client === undefined) {
    if (hopOf(request) > 0) return undefined;
    trace.step(algorithm, "4", "the page's Content Security Policy", "not-modelled");
    trace.step(algorithm, "6", "upgrading and blocking of mixed content", "not-modelled");
    trace.step(localNetworkAccess, "permission", "the user's permission", "not-modelled");
    return undefined;
  }
  if (client.csp !== undefined) {
    const refused = cspCheck(params, client.csp);
    if (refused !== undefined) return refused;
  } else if (hopOf(request) === 0)
    trace.step(algorithm, "4", "the page's Content Security Policy", "not-modelled");
  return mixedContentCheck(params) ?? localNetworkAccessCheck(params);
}

/** 12, in the branch that may preflight: a failure, even of a later hop, clears what is cached. */
function clearCacheEntries(params: FetchParams, { detail }: BlockedFetch): void {
  const { request, engine, cache, trace, mayPreflight } = params;
  const { cacheClearedOnFailure, cacheClearedByEveryCorsCheck } = engine.quirks;
  const isCorsCheck = detail.at === "actual" && /^aca[oc]-/.test(detail.reason);
  const clears = mayPreflight ? cacheClearedOnFailure : cacheClearedByEveryCorsCheck && isCorsCheck;
  if (!clears) return;
  if (engine.quirks.cacheOutlivesRefusedRedirect && detail.reason === "redirect-mode") return;
  cache.remove(cacheLookup(params, preflightOrigin(request, engine)));
  trace.step(
    algorithm,
    "12",
    "the request failed: its preflight cache entries are cleared",
    "done",
  );
}
