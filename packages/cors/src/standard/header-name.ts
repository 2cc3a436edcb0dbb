// Header names, and the sets that the Fetch standard sorts them into (§2.2.2). Names are compared in
// ASCII lower case; the functions accept any case.

import { asciiLowercase, isToken } from "./token.ts";

/** Fetch: header-name. */
export function isHeaderName(name: string): boolean {
  return isToken(name);
}

const forbiddenRequestHeaders: ReadonlySet<string> = new Set([
  "accept-charset",
  "accept-encoding",
  "access-control-request-headers",
  "access-control-request-method",
  "connection",
  "content-length",
  "cookie",
  "cookie2",
  "date",
  "dnt",
  "expect",
  "host",
  "keep-alive",
  "origin",
  "referer",
  "set-cookie",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
]);

/**
 * The part of Fetch's forbidden-request-header that looks only at the name: a page that sets one of
 * these is silently ignored, so no preflight ever asks for it.
 */
export function isForbiddenRequestHeaderName(name: string): boolean {
  const lower = asciiLowercase(name);
  return (
    forbiddenRequestHeaders.has(lower) || lower.startsWith("proxy-") || lower.startsWith("sec-")
  );
}

/** Fetch: forbidden-response-header-name. Never readable by a page, listed or not. */
export function isForbiddenResponseHeaderName(name: string): boolean {
  const lower = asciiLowercase(name);
  return lower === "set-cookie" || lower === "set-cookie2";
}

const safelistedResponseHeaders: ReadonlySet<string> = new Set([
  "cache-control",
  "content-language",
  "content-length",
  "content-type",
  "expires",
  "last-modified",
  "pragma",
]);

/** Fetch: cors-safelisted-response-header-name, for an empty exposed list. */
export function isCorsSafelistedResponseHeaderName(name: string): boolean {
  return safelistedResponseHeaders.has(asciiLowercase(name));
}

/** Fetch: cors-non-wildcard-request-header-name. `*` in Access-Control-Allow-Headers does not cover it. */
export function isCorsNonWildcardRequestHeaderName(name: string): boolean {
  return asciiLowercase(name) === "authorization";
}

const safelistableRequestHeaders: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "content-language",
  "content-type",
  "range",
]);

/** Can a header of this name be CORS-safelisted for some value? (Fetch: cors-safelisted-request-header) */
export function isSafelistableRequestHeaderName(name: string): boolean {
  return safelistableRequestHeaders.has(asciiLowercase(name));
}

/** Fetch: no-cors-safelisted-request-header-name. */
export function isNoCorsSafelistedRequestHeaderName(name: string): boolean {
  const lower = asciiLowercase(name);
  return lower !== "range" && safelistableRequestHeaders.has(lower);
}
