// Fetch §3.7 cross-origin resource policy check: the only check that can block a no-cors response. The
// page's embedder policy (COEP) is not modelled: it is assumed to be `unsafe-none`.

import { isSameOrigin, originOfUrl, type Origin } from "../standard/origin.ts";
import { placeOf, type FetchParams, type FetchResponse } from "./fetch-params.ts";
import { responseHeader } from "./response-header.ts";
import { isSchemelesslySameSite } from "./same-site.ts";
import type { Engine } from "./engine.ts";
import type { Algorithm } from "./trace.ts";
import type { BlockDetail } from "./verdict.ts";

const algorithm: Algorithm = {
  name: "cross-origin resource policy check",
  anchor: "cross-origin-resource-policy-check",
};

const opaqueResponseBlocking: Algorithm = {
  name: "Opaque Response Blocking",
  anchor: "orb",
  standard: "opaque-response-blocking",
};

/** Why it blocks, or undefined if it allows. */
export function crossOriginResourcePolicyCheck(
  { request, engine, trace }: FetchParams,
  response: FetchResponse,
): BlockDetail | undefined {
  const value = responseHeader(response.headers, "cross-origin-resource-policy", engine);
  trace.step(algorithm, "2", "the page's embedder policy", "not-modelled");
  const saw = { "Cross-Origin-Resource-Policy": value };
  const target = originOfUrl(response.url);
  const allowed =
    value === "same-origin"
      ? isSameOrigin(request.origin, target)
      : value === "same-site"
        ? isSameSiteAndNotDowngraded(request.origin, target, engine)
        : true;
  if (allowed) {
    trace.step(algorithm, "3", "the policy allows this origin to embed it", "passed", saw);
    trace.step(
      opaqueResponseBlocking,
      "all",
      "what engines block in opaque responses",
      "not-modelled",
    );
    return undefined;
  }
  trace.step(algorithm, "3", "the policy allows this origin to embed it", "failed", saw);
  return {
    ...placeOf(request, "actual"),
    reason: "corp-blocked",
    value: value!,
    status: response.status,
  };
}

function isSameSiteAndNotDowngraded(origin: Origin, target: Origin, engine: Engine): boolean {
  const { corpPortsOfAddressCrossSite, corpLocalhost } = engine.quirks;
  if (target.kind === "opaque") return false;
  if (origin.kind === "opaque")
    return corpLocalhost === "embedded-by-opaque" && target.host === "localhost";
  if (origin.scheme !== "https" && target.scheme === "https") return false;
  if (corpPortsOfAddressCrossSite && origin.host === target.host && isAddress(origin.host))
    return isSameOrigin(origin, target);
  if (
    corpLocalhost === "embeds-subdomains" &&
    origin.host === "localhost" &&
    target.host.endsWith(".localhost")
  )
    return true;
  return isSchemelesslySameSite(origin, target);
}

function isAddress(host: string): boolean {
  return host.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(host);
}
