// What makes a request need a preflight, put once for main fetch (is it a preflighted request?) and
// HTTP fetch (does the cache cover it?): its method, its headers, the use-CORS-preflight flag, and
// what some engines remember of earlier hops.

import { isCorsSafelistedMethod } from "../standard/method.ts";
import { sortedLowercaseSet } from "../standard/request-header.ts";
import { hopOf, type FetchParams } from "./fetch-params.ts";
import { unsafeRequestHeaderNames } from "./unsafe-request-header-names.ts";

export interface PreflightCause {
  /** The method, or the flag, asks for one unless a method cache entry matches. */
  readonly byMethod: boolean;
  /** These headers do, unless each has a header-name cache entry. */
  readonly unsafeNames: readonly string[];
}

export function preflightCause({ request, engine }: FetchParams): PreflightCause {
  const { quirks } = engine;
  const { droppedAuthorization, methodTurnedGet } = request.memory;
  let unsafeNames = unsafeRequestHeaderNames(request.headers, engine);
  let byMethod = !isCorsSafelistedMethod(request.method) || request.useCorsPreflight;
  if (quirks.preflightsMethodTurnedGet && methodTurnedGet === true) byMethod = true;
  if (droppedAuthorization !== undefined) {
    if (quirks.droppedAuthorization === "asked")
      unsafeNames = sortedLowercaseSet([...unsafeNames, "authorization"]);
    if (quirks.droppedAuthorization === "preflights" && droppedAuthorization.hop === hopOf(request))
      byMethod = true;
  }
  if (!quirks.cacheExemptsHead && request.method === "HEAD" && unsafeNames.length > 0)
    byMethod = true;
  return { byMethod, unsafeNames };
}

export function needsPreflight(cause: PreflightCause): boolean {
  return cause.byMethod || cause.unsafeNames.length > 0;
}
