// Fetch §4.3 HTTP fetch: a preflight if the cache does not cover it, the request itself, the CORS check
// (on redirects too: a redirect that may not be shared is not followed), then redirects.

import { failure } from "../standard/header-list.ts";
import type { HeaderList } from "../standard/message.ts";
import { asciiLowercase } from "../standard/token.ts";
import { corsCheck } from "./cors-check.ts";
import { corsPreflightFetch } from "./cors-preflight-fetch.ts";
import type { CacheEntry } from "./cors-preflight-cache.ts";
import { cacheFor, cacheLookup } from "./preflight-cache-place.ts";
import { crossOriginResourcePolicyCheck } from "./cross-origin-resource-policy-check.ts";
import {
  blocked,
  currentUrl,
  hopOf,
  placeOf,
  type FetchParams,
  type Fetching,
  type FetchResponse,
  type FetchResult,
} from "./fetch-params.ts";
import { httpNetworkOrCacheFetch } from "./http-network-or-cache-fetch.ts";
import { httpRedirectFetch, userinfoRefusal } from "./http-redirect-fetch.ts";
import { isRedirectStatus, isUrl, locationUrl } from "./location-url.ts";
import type { PreflightCause } from "./preflight-cause.ts";
import { preflightOrigin, serializeRequestOrigin } from "./redirect-taint.ts";
import { responseHeader } from "./response-header.ts";
import { taoCheck } from "./tao-check.ts";
import type { Algorithm } from "./trace.ts";
import type { BlockDetail } from "./verdict.ts";

const algorithm: Algorithm = { name: "HTTP fetch", anchor: "concept-http-fetch" };

/** With a cause: makeCORSPreflight. */
export function* httpFetch(params: FetchParams, cause?: PreflightCause): Fetching<FetchResult> {
  const { request, trace, engine } = params;
  if (hopOf(request) === 0) trace.step(algorithm, "3", "a service worker", "not-modelled");
  if (cause !== undefined && !isCached(params, cause)) {
    trace.step(algorithm, "4.1", "the preflight cache covers it", "failed");
    const refused = yield* corsPreflightFetch(params, cause.unsafeNames);
    if (refused !== undefined) return refused;
    tellWhatIsKept(params, cause);
  }
  const { refused } = request.memory;
  if (refused !== undefined) {
    trace.step(algorithm, "quirk", "the previous redirect is refused only now", "failed", {
      reason: refused.reason,
    });
    return blocked(refused);
  }

  const response = yield* httpNetworkOrCacheFetch(params);
  if (response.kind === "blocked") return response;
  const { status, headers } = response;
  const isFollowed = request.redirect === "follow" && isRedirectStatus(status, engine);
  if (request.tainting === "cors") {
    if (isFollowed && engine.quirks.badLocationBeforeCorsCheck) {
      const location = locationUrl(headers, currentUrl(request), engine);
      const written = responseHeader(headers, "location", engine) ?? "";
      if (location === failure && !isUrl(written, engine, currentUrl(request))) {
        trace.step(algorithm, "quirk", "Location is a URL", "failed", { Location: written });
        return blocked({
          ...placeOf(request, "actual", serializeRequestOrigin(request)),
          reason: "redirect-location",
          location: written,
        });
      }
    }
    const origin = serializeRequestOrigin(request);
    const include = request.credentials === "include";
    const detail = corsCheck(params, { at: "actual", status, headers, origin, include });
    trace.step(
      algorithm,
      "4.4",
      "the CORS check succeeds",
      detail === undefined ? "passed" : "failed",
    );
    if (detail !== undefined) return blocked(detail);
  }
  if (!taoCheck(params, headers)) request.timingAllowFailed = true;
  if (request.tainting === "opaque") {
    const detail = crossOriginResourcePolicyCheck(params, response);
    if (detail !== undefined) return blocked(detail);
  }
  if (request.mode === "websocket" && status !== 101 && !isFollowed) {
    trace.step(algorithm, "websocket", "the handshake is answered with 101", "failed", { status });
    return blocked({ ...placeOf(request, "actual"), reason: "websocket-refused", status });
  }
  if (!isRedirectStatus(status, engine)) return response;

  switch (request.redirect) {
    case "error":
      if (isWithoutLocation(params, headers)) return response;
      if (engine.quirks.unsafeSchemesBeforeRedirectMode.length > 0) {
        const detail = unsafeScheme(params, headers);
        if (detail !== undefined) return blocked(detail);
      }
      if (engine.quirks.userinfoBeforeRedirectMode) {
        const detail = userinfoRefusal(params, locationUrl(headers, currentUrl(request), engine));
        if (detail !== undefined) return blocked(detail);
      }
      trace.step(algorithm, "6.3", "a redirect, and redirect mode error", "failed", { status });
      return blocked({
        ...placeOf(request, "actual"),
        reason: "redirect-mode",
        redirect: "error",
        status,
      });
    case "manual":
      return opaqueRedirect(params, response);
    case "follow":
      trace.step(algorithm, "6.3", "a redirect, to be followed", "done", { status });
      return httpRedirectFetch(params, response);
  }
}

/** See Quirks, unsafeSchemesBeforeRedirectMode. */
function unsafeScheme(
  { request, engine }: FetchParams,
  headers: HeaderList,
): BlockDetail | undefined {
  const location = locationUrl(headers, currentUrl(request), engine);
  if (!(location instanceof URL)) return undefined;
  const { protocol } = location;
  if (!engine.quirks.unsafeSchemesBeforeRedirectMode.includes(protocol)) return undefined;
  const scheme = protocol.slice(0, -1);
  return { ...placeOf(request, "actual"), reason: "scheme-not-cors", scheme };
}

/** Not in the standard: for engines in which redirect mode error refuses only what would be followed. */
function isWithoutLocation({ engine }: FetchParams, headers: HeaderList): boolean {
  const { errorNeedsLocation, emptyLocation } = engine.quirks;
  if (!errorNeedsLocation) return false;
  const location = responseHeader(headers, "location", engine);
  return location === null || (location === "" && emptyLocation !== "same-url");
}

const conditions: ReadonlySet<string> = new Set([
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
]);

function hasConditions(headers: HeaderList): boolean {
  return headers.some(([name]) => conditions.has(asciiLowercase(name)));
}

/** 4.1, as far as it uses the CORS-preflight cache. */
function isCached(params: FetchParams, cause: PreflightCause): boolean {
  const { request, engine, trace } = params;
  const origin = preflightOrigin(request, engine);
  const lookup = cacheLookup(params, origin);
  const entries = coveringEntries(params, cause);
  if (entries === undefined) return false;
  if (entries === "not-covered") {
    if (engine.quirks.cacheShape === "responses") cacheFor(params, origin)?.remove(lookup);
    return false;
  }
  let seconds = Infinity;
  for (const { storedAt, maxAge } of entries)
    seconds = Math.min(seconds, maxAge - (lookup.now - storedAt) / 1000);
  trace.step(algorithm, "4.1", "the preflight cache covers it", "passed", {
    method: request.method,
    names: cause.unsafeNames,
    "seconds left": seconds,
  });
  params.caching = { state: "hit", seconds, maxAge: null };
  return true;
}

/** The entries that together cover the request; undefined: no cache is used. */
function coveringEntries(
  params: FetchParams,
  { byMethod, byMemory, unsafeNames }: PreflightCause,
): readonly CacheEntry[] | "not-covered" | undefined {
  const { request, engine } = params;
  const origin = preflightOrigin(request, engine);
  const cache = cacheFor(params, origin);
  if (cache === undefined) return undefined;
  if (engine.quirks.cacheBypassedByConditions && hasConditions(request.headers)) return undefined;
  const lookup = cacheLookup(params, origin);
  const needed: CacheEntry[][] = unsafeNames.map((name) =>
    cache.matchHeaderName(lookup, name, engine),
  );
  if (byMethod) needed.push(cache.matchMethod(lookup, request.method, engine));
  if (byMemory) needed.push(cache.matchAny(lookup, engine));
  return needed.some((entries) => entries.length === 0) ? "not-covered" : needed.flat();
}

/** `stored` only if the response saves this same request its next preflight. */
function tellWhatIsKept(params: FetchParams, cause: PreflightCause): void {
  const { caching, ownCache, request, engine } = params;
  if (caching?.state !== "stored") return;
  const forOneRequest = cacheFor(params, preflightOrigin(request, engine)) === ownCache;
  if (forOneRequest || !Array.isArray(coveringEntries(params, cause)))
    params.caching = { ...caching, state: "not-stored", seconds: 0 };
}

/** 6.3 for redirect mode manual: the page gets something that it cannot look into. */
function opaqueRedirect(params: FetchParams, response: FetchResponse): FetchResult {
  const { request, engine, trace } = params;
  const { status } = response;
  const { manualNeedsUrl, manualRefusedSchemes } = engine.quirks;
  const location = locationUrl(response.headers, currentUrl(request), engine);
  const written = responseHeader(response.headers, "location", engine) ?? "";
  const place = placeOf(request, "actual");
  if (location === failure && manualNeedsUrl && !isUrl(written, engine, currentUrl(request))) {
    trace.step(algorithm, "quirk", "Location is a URL", "failed", { Location: written });
    return blocked({ ...place, reason: "redirect-location", location: written });
  }
  if (location instanceof URL && manualRefusedSchemes.includes(location.protocol)) {
    const scheme = location.protocol.slice(0, -1);
    trace.step(algorithm, "quirk", "its scheme can be loaded", "failed", { scheme });
    return blocked({ ...place, reason: "scheme-not-cors", scheme });
  }
  trace.step(algorithm, "6.3", "a redirect, and redirect mode manual", "done", { status });
  return { ...response, opaqueRedirect: true };
}
