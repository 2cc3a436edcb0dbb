// The page's request in a recorded exchange. A recording shows what was on the wire, not what the page wrote:
// the preflight distinguishes its own headers from the browser's; without a preflight, their names do.

import {
  asciiLowercase,
  getHeader,
  isForbiddenRequestHeaderName,
  originOfUrl,
  parseOrigin,
  serializeOrigin,
  type Header,
} from "@corsway/cors/standard";
import {
  initiatorRules,
  type Initiator,
  type PageRequest,
  type RequestMode,
} from "@corsway/cors/browser";
import type { RecordedExchange } from "./recording.ts";

/** The page's request, as far as the wire shows it. */
export function pageOf(
  exchange: RecordedExchange,
  preflight: RecordedExchange | undefined,
  origin: string,
): PageRequest {
  const fetchMode = getHeader(exchange.requestHeaders, "sec-fetch-mode");
  const mode: RequestMode =
    fetchMode === "no-cors" || fetchMode === "same-origin" ? fetchMode : "cors";
  const headers = pageHeaders(exchange, preflight);
  const initiator = initiatorOf(exchange, mode);
  if (initiator !== undefined && headers.length === 0)
    return {
      origin,
      url: exchange.url,
      initiator,
      ...(initiatorRules(initiator).crossOrigin === "none" || mode === "no-cors"
        ? {}
        : initiator === "manifest" && !exchange.hadCookies
          ? {}
          : { crossOrigin: exchange.hadCookies ? "use-credentials" : "anonymous" }),
    };
  return {
    origin,
    url: exchange.url,
    method: exchange.method,
    headers,
    mode,
    ...(exchange.hadCookies && isCrossOrigin(exchange, origin) ? { credentials: "include" } : {}),
    ...(exchange.bodyLength > 0
      ? { body: { kind: "bytes" as const, length: exchange.bodyLength } }
      : {}),
  };
}

const byDestination: Readonly<Record<string, Initiator>> = {
  font: "font",
  image: "img",
  manifest: "manifest",
  script: "script",
  style: "style",
  video: "video",
  audio: "video",
};

/** The element that requested it: browsers say so in `Sec-Fetch-Dest`. */
function initiatorOf({ method, requestHeaders }: RecordedExchange, mode: RequestMode) {
  const destination = getHeader(requestHeaders, "sec-fetch-dest");
  if (method !== "GET" || destination === null || mode === "same-origin") return undefined;
  const initiator = byDestination[destination];
  const isAlwaysCors = initiator === "font" || initiator === "manifest";
  return isAlwaysCors && mode === "no-cors" ? undefined : initiator;
}

/** The page's origin, by `Origin` or otherwise by `Referer`. */
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

/** Headers that browsers add; if a page sets one of them too, that cannot be seen. */
const browsersOwn: ReadonlySet<string> = new Set([
  "accept",
  "range",
  "if-modified-since",
  "if-none-match",
  "purpose",
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
  // The preflight asked for it, but the export left it out: any value that needs a preflight will do.
  for (const name of asked)
    headers.push([name, name === "content-type" ? "application/json" : "-"]);
  return headers;
}
