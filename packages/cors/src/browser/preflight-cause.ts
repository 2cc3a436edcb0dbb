// What makes a request need a preflight, defined once for main fetch (is it a preflighted request?) and
// HTTP fetch (does the cache cover it?): its method, its headers, the use-CORS-preflight flag, and what
// some engines remember of earlier hops.

import { isCorsSafelistedMethod } from "../standard/method.ts";
import { sortedLowercaseSet } from "../standard/request-header.ts";
import type { FetchParams } from "./fetch-params.ts";
import { unsafeRequestHeaderNames } from "./unsafe-request-header-names.ts";

export interface PreflightCause {
  /** Whether the method, or the flag, needs one unless a method cache entry matches. */
  readonly byMethod: boolean;
  /** Whether an earlier hop needs one, unless there is any entry. */
  readonly byMemory: boolean;
  /** The headers that need one, unless each has a header-name cache entry. */
  readonly unsafeNames: readonly string[];
}

export function preflightCause({ request, engine }: FetchParams): PreflightCause {
  const { quirks } = engine;
  const { memory } = request;
  let unsafeNames = unsafeRequestHeaderNames(request.headers, engine);
  let byMethod = !isCorsSafelistedMethod(request.method) || request.useCorsPreflight;
  let byMemory = false;
  if (request.urlList.length > 1) {
    if (memory.askedAnyway.length > 0)
      unsafeNames = unsafeRequestHeaderNames([...request.headers, ...memory.askedAnyway], engine);
    const original = unsafeRequestHeaderNames(memory.originalHeaders, engine);
    if (quirks.preflightAsksFor === "original")
      unsafeNames = sortedLowercaseSet([...unsafeNames, ...original]);
    // What needed one: without the type of a body that is gone with the body.
    const isNeeded = original.some((name) => !(memory.typedByBody && name === "content-type"));
    byMemory = quirks.preflightsOnceNeeded && (memory.preflighted || isNeeded);
  }
  if (!quirks.cacheExemptsHead && request.method === "HEAD" && unsafeNames.length > 0)
    byMethod = true;
  return { byMethod, byMemory, unsafeNames };
}

export function needsPreflight(cause: PreflightCause): boolean {
  return cause.byMethod || cause.byMemory || cause.unsafeNames.length > 0;
}
