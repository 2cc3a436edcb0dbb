// What the page asked in a recorded exchange. A recording shows what went over the wire, not what the
// page wrote: its own headers are told from the browser's by the preflight where there is one, else
// by name.

import {
  asciiLowercase,
  getHeader,
  isForbiddenRequestHeaderName,
  originOfUrl,
  parseOrigin,
  serializeOrigin,
  type Header,
} from "@corsway/cors/standard";
import type { PageRequest, RequestMode } from "@corsway/cors/browser";
import type { RecordedExchange } from "./recording.ts";

/** What the page asked, as far as the wire tells. */
export function pageOf(
  exchange: RecordedExchange,
  preflight: RecordedExchange | undefined,
  origin: string,
): PageRequest {
  const fetchMode = getHeader(exchange.requestHeaders, "sec-fetch-mode");
  const mode: RequestMode =
    fetchMode === "no-cors" || fetchMode === "same-origin" ? fetchMode : "cors";
  return {
    origin,
    url: exchange.url,
    method: exchange.method,
    headers: pageHeaders(exchange, preflight),
    mode,
    ...(exchange.hadCookies && isCrossOrigin(exchange, origin) ? { credentials: "include" } : {}),
    ...(exchange.bodyLength > 0
      ? { body: { kind: "bytes" as const, length: exchange.bodyLength } }
      : {}),
  };
}

/** The page's, by `Origin` or else by `Referer`. */
export function originOf(exchange: RecordedExchange | undefined): string | undefined {
  if (exchange === undefined) return undefined;
  const origin = getHeader(exchange.requestHeaders, "origin");
  if (origin !== null && parseOrigin(origin) !== undefined) return origin;
  const referer = getHeader(exchange.requestHeaders, "referer");
  if (referer === null || !URL.canParse(referer)) return undefined;
  return serializeOrigin(originOfUrl(new URL(referer)));
}

export function isCrossOrigin(exchange: RecordedExchange, origin: string | undefined): boolean {
  return origin !== undefined && origin !== serializeOrigin(originOfUrl(new URL(exchange.url)));
}

/** What browsers add by themselves; a page that sets one of these too cannot be told from one that does not. */
const browsersOwn: ReadonlySet<string> = new Set([
  "accept",
  "accept-language",
  "cache-control",
  "pragma",
  "priority",
  "upgrade-insecure-requests",
  "user-agent",
]);

function pageHeaders(
  exchange: RecordedExchange,
  preflight: RecordedExchange | undefined,
): readonly Header[] {
  const headers: Header[] = [];
  const asked = new Set(
    (preflight === undefined
      ? ""
      : (getHeader(preflight.requestHeaders, "access-control-request-headers") ?? "")
    )
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
  );
  for (const [name, value] of exchange.requestHeaders) {
    const lower = asciiLowercase(name);
    if (isForbiddenRequestHeaderName(name)) continue;
    if (browsersOwn.has(lower) && !asked.has(lower)) continue;
    headers.push([name, value]);
    asked.delete(lower);
  }
  // Asked for in the preflight, but not exported: the value only has to be one that asks for it.
  for (const name of asked)
    headers.push([name, name === "content-type" ? "application/json" : "-"]);
  return headers;
}
