// Fetch §2.2.5: redirect-taint and serializing a request origin. Three-valued since 2026: what
// matters to CORS is whether a hop left an origin that was neither the page's nor the next one.

import { isSameOrigin, originOfUrl, serializeOrigin, type Origin } from "../standard/origin.ts";
import type { Engine } from "./engine.ts";
import type { FetchRequest } from "./fetch-params.ts";
import { isSameSite } from "./same-site.ts";

export type RedirectTaint = "same-origin" | "same-site" | "cross-site";

/** Fetch: concept-request-tainted-origin. A→B→A taints, A→A→B and A→B→B do not. */
export function redirectTaint(
  request: Pick<FetchRequest, "origin" | "urlList">,
  isSame: (a: Origin, b: Origin) => boolean = isSameSite,
): RedirectTaint {
  let last: Origin | undefined;
  let taint: RedirectTaint = "same-origin";
  for (const url of request.urlList) {
    const origin = originOfUrl(url);
    if (last !== undefined) {
      if (!isSame(origin, last) && !isSame(request.origin, last)) return "cross-site";
      if (!isSameOrigin(origin, last) && !isSameOrigin(request.origin, last)) taint = "same-site";
    }
    last = origin;
  }
  return taint;
}

/** What a preflight carries as its Origin. */
export function preflightOrigin(request: FetchRequest, { quirks }: Engine): string {
  return quirks.preflightKeepsOrigin
    ? serializeOrigin(request.origin)
    : serializeRequestOrigin(request);
}

/** Fetch: serializing-a-request-origin: `null` after a tainting redirect, and for an opaque page. */
export function serializeRequestOrigin(request: Pick<FetchRequest, "origin" | "urlList">): string {
  return redirectTaint(request) === "same-origin" ? serializeOrigin(request.origin) : "null";
}
