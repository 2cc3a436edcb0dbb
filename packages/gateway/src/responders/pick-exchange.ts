// Which exchange of a recording is meant: the one that the person names, or the last that the browser withheld
// from the page, or the last of another origin.

import { getHeader } from "@corsway/cors/standard";
import { runSync, type PageRequest } from "@corsway/cors/browser";
import { isCrossOrigin, originOf, pageOf } from "./recorded-page.ts";
import { isPreflight, preflightOf } from "./recorded-preflight.ts";
import { recordingResponder } from "./recording-responder.ts";
import type { RecordedExchange } from "./recording.ts";

/** What the person said about the exchange; the rest is taken from the recording. */
export interface Wanted {
  readonly url?: string;
  readonly origin?: string;
  readonly method?: string;
}

export type PickedExchange =
  | {
      readonly kind: "picked";
      readonly exchange: RecordedExchange;
      readonly preflight?: RecordedExchange;
      readonly page: PageRequest;
      /** Exports leave out cookies, so it is unknown whether the request had credentials. */
      readonly cookiesUnknown: boolean;
      /** What else the recording lacks, one line each. */
      readonly notes: readonly string[];
    }
  | { readonly kind: "none"; readonly say: string; readonly fix: string };

export function pickExchange(
  exchanges: readonly RecordedExchange[],
  wanted: Wanted,
): PickedExchange {
  const fitting = exchanges.filter((exchange) => !isPreflight(exchange) && fits(exchange, wanted));
  const originHere = (exchange: RecordedExchange): string | undefined =>
    wanted.origin ?? originOf(exchange) ?? originOf(preflightOf(exchanges, exchange));
  const crossOrigin = fitting.filter((exchange) => isCrossOrigin(exchange, originHere(exchange)));
  const failed = crossOrigin.filter((exchange) =>
    isRefused(exchanges, exchange, originHere(exchange)),
  );
  const orphan = orphanOf(exchanges, wanted);
  if (orphan !== undefined && failed.length === 0) {
    const picked = pickedFromPreflight(orphan, wanted);
    if (fitting.length === 0 || isBlocked(exchanges, picked)) return picked;
  }
  const last =
    failed.at(-1) ??
    crossOrigin.findLast(hasFailed) ??
    crossOrigin.findLast(isOfScript) ??
    fitting.findLast(isOfScript) ??
    fitting.at(-1);
  const exchange = last && (wanted.url === undefined ? beforeRedirects(exchanges, last) : last);
  if (exchange === undefined) return none(exchanges, wanted);
  const fetchMode = getHeader(exchange.requestHeaders, "sec-fetch-mode");
  if (fetchMode === "navigate" || fetchMode === "websocket")
    return {
      kind: "none",
      say: `the request for \`${exchange.url}\` is a ${fetchMode === "navigate" ? "navigation" : "WebSocket"}, to which CORS does not apply`,
      fix: "name the fetch or XMLHttpRequest that fails",
    };
  const origin = originHere(exchange);
  if (origin === undefined)
    return {
      kind: "none",
      say: `the recording does not show which page requested \`${exchange.url}\` (no Origin, no Referer)`,
      fix: "add it: --origin https://your.page",
    };
  const preflight = preflightOf(exchanges, exchange);
  const notes: string[] = [];
  // The hops of one request are one failure.
  const requests =
    failed.length > mostCounted
      ? failed.length
      : new Set(failed.map((one) => beforeRedirects(exchanges, one).index)).size;
  if (requests > 1)
    notes.push(
      `${requests} cross-origin requests failed in this recording; this is the last of them (name a URL to pick another)`,
    );
  return {
    kind: "picked",
    exchange,
    ...(preflight === undefined ? {} : { preflight }),
    page: pageOf(exchange, preflight, origin),
    cookiesUnknown: !exchange.hadCookies && isCrossOrigin(exchange, origin),
    notes,
  };
}

/** A fetch, an XMLHttpRequest or a font: not a navigation, a WebSocket or a plain image. */
function isOfScript({ url, requestHeaders }: RecordedExchange): boolean {
  const mode = getHeader(requestHeaders, "sec-fetch-mode");
  return /^https?:/.test(url) && (mode === null || mode === "cors" || mode === "same-origin");
}

function hasFailed({ status, error }: RecordedExchange): boolean {
  return status === 0 || error !== undefined;
}

/**
 * Did the browser withhold the response from the page? Chromium records that; Firefox records the response as
 * if nothing had happened, so for Firefox the rules decide.
 */
function isRefused(
  exchanges: readonly RecordedExchange[],
  exchange: RecordedExchange,
  origin: string | undefined,
): boolean {
  if (!isOfScript(exchange)) return false;
  if (hasFailed(exchange)) return exchange.error === undefined || exchange.error === refusal;
  const preflight = preflightOf(exchanges, exchange);
  // Without either it was not a CORS request; and a 304 gives the page headers that are not in it.
  const isCors = getHeader(exchange.requestHeaders, "origin") !== null || preflight !== undefined;
  if (!isCors || origin === undefined || exchange.status === 304) return false;
  return isBlocked(exchanges, { exchange, preflight, page: pageOf(exchange, preflight, origin) });
}

/** Decided by the rules, with what the recording has. */
function isBlocked(
  exchanges: readonly RecordedExchange[],
  { exchange, preflight, page }: Played,
): boolean {
  const { reason } = runSync(page, recordingResponder(exchanges, exchange, preflight).respond);
  return reason !== undefined && reason !== "network-error";
}

interface Played {
  readonly exchange: RecordedExchange;
  readonly preflight?: RecordedExchange | undefined;
  readonly page: PageRequest;
}

/** The last preflight that no request follows: some exports leave out blocked requests. */
function orphanOf(
  exchanges: readonly RecordedExchange[],
  wanted: Wanted,
): RecordedExchange | undefined {
  const asked = new Set(
    exchanges.filter((other) => !isPreflight(other)).map(({ method, url }) => `${method} ${url}`),
  );
  return exchanges.findLast(
    (other) =>
      isPreflight(other) &&
      fits(other, { ...wanted, method: undefined }) &&
      (wanted.method ?? methodAsked(other)) === methodAsked(other) &&
      !asked.has(`${methodAsked(other)} ${other.url}`),
  );
}

function methodAsked({ requestHeaders }: RecordedExchange): string {
  return getHeader(requestHeaders, "access-control-request-method") ?? "";
}

/** Following the hops of more than these costs more than the number is worth. */
const mostCounted = 100;

/** Chromium's word for a response that it received and withheld from the page. */
const refusal = "net::ERR_FAILED";

/** Where the page began, if redirects led here: only that shows an origin that became `null` on the way. */
function beforeRedirects(
  exchanges: readonly RecordedExchange[],
  last: RecordedExchange,
): RecordedExchange {
  let first = last;
  for (const earlier of exchanges.toReversed()) {
    if (earlier.index >= first.index || isPreflight(earlier)) continue;
    if (earlier.status < 300 || earlier.status > 399) continue;
    const location = getHeader(earlier.responseHeaders, "location");
    if (location === null || !URL.canParse(location, earlier.url)) continue;
    const target = new URL(location, earlier.url);
    target.hash = "";
    if (target.href === first.url) first = earlier;
  }
  return first;
}

function pickedFromPreflight(
  preflight: RecordedExchange,
  wanted: Wanted,
): Extract<PickedExchange, { kind: "picked" }> {
  const method = methodAsked(preflight);
  const origin = wanted.origin ?? originOf(preflight) ?? "null";
  const { index, url } = preflight;
  const exchange: RecordedExchange = {
    index: index + 0.5,
    method,
    url,
    requestHeaders: [],
    status: 0,
    responseHeaders: [],
    hadCookies: false,
    bodyLength: 0,
    time: preflight.time,
  };
  return {
    kind: "picked",
    exchange,
    preflight,
    page: pageOf(exchange, preflight, origin),
    cookiesUnknown: false,
    notes: ["the recording has only the preflight; the request itself is missing"],
  };
}

function none(exchanges: readonly RecordedExchange[], wanted: Wanted): PickedExchange {
  if (exchanges.length === 0)
    return {
      kind: "none",
      say: "the recording is empty",
      fix: "open the Network panel first, reload the page, then export",
    };
  const hosts = new Set(exchanges.map(({ url }) => new URL(url).host));
  const some = [...hosts].slice(0, 5).join(", ");
  return {
    kind: "none",
    say: `none of the ${exchanges.length} exchanges matches${wanted.method === undefined ? "" : ` ${wanted.method}`}${wanted.url === undefined ? "" : ` \`${wanted.url}\``}`,
    fix: `the recording has requests to ${some}${hosts.size > 5 ? "…" : ""}; name one of its URLs`,
  };
}

function fits(
  exchange: RecordedExchange,
  { url, origin, method }: { url?: string; origin?: string; method?: string | undefined },
): boolean {
  if (method !== undefined && exchange.method !== method) return false;
  if (origin !== undefined) {
    const recorded = originOf(exchange);
    if (recorded !== undefined && recorded !== "null" && recorded !== origin) return false;
  }
  if (url === undefined) return true;
  // A URL without a query means the path, whatever its query.
  return exchange.url === url || (!url.includes("?") && exchange.url.split("?", 1)[0] === url);
}
