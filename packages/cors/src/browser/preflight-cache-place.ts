// Which place of the CORS-preflight cache a request uses, and of which cache: engines differ for origins
// that are `null`.

import type { CacheLookup, CorsPreflightCache } from "./cors-preflight-cache.ts";
import { currentUrl, type FetchParams } from "./fetch-params.ts";
import { redirectTaint } from "./redirect-taint.ts";

/** The place of a request whose serialised origin is `origin`. */
export function cacheLookup(params: FetchParams, origin: string): CacheLookup {
  return {
    key: params.partition,
    origin,
    url: currentUrl(params.request).href,
    credentials: params.request.credentials === "include",
    now: params.now(),
  };
}

/** The cache for a preflight of this origin; undefined: there is none. */
export function cacheFor(params: FetchParams, origin: string): CorsPreflightCache | undefined {
  const { request, engine, cache, ownCache } = params;
  const { cacheForTaintedOrigins, cacheForOpaqueOrigins } = engine.quirks;
  if (origin !== "null") return cache;
  const tainted = redirectTaint(request) !== "same-origin" && !cacheForTaintedOrigins;
  if (cacheForOpaqueOrigins === "for-one-request") return tainted ? undefined : ownCache;
  return tainted && request.origin.kind === "tuple" ? undefined : cache;
}
