// Fetch §4.4 HTTP-redirect fetch: what is refused, what is dropped, and one more URL for main
// fetch. The order of its steps decides which reason is shown.

import { failure } from "../standard/header-list.ts";
import { isCorsNonWildcardRequestHeaderName } from "../standard/header-name.ts";
import type { Header } from "../standard/message.ts";
import { isSameOrigin, originOfUrl } from "../standard/origin.ts";
import { asciiLowercase } from "../standard/token.ts";
import {
  blocked,
  currentUrl,
  isHttpScheme,
  placeOf,
  type FetchParams,
  type FetchRequest,
  type FetchResponse,
  type FetchResult,
} from "./fetch-params.ts";
import { locationUrl } from "./location-url.ts";
import { serializeRequestOrigin } from "./redirect-taint.ts";
import { responseHeader } from "./response-header.ts";
import type { Algorithm } from "./trace.ts";
import type { BlockDetail } from "./verdict.ts";

const algorithm: Algorithm = { name: "HTTP-redirect fetch", anchor: "concept-http-redirect-fetch" };

const redirectLimit = 20;

/** Fetch: request-body-header-name. */
const requestBodyHeaderNames: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-language",
  "content-location",
  "content-type",
]);

export function httpRedirectFetch(params: FetchParams, response: FetchResponse): FetchResult {
  const { request, engine, trace } = params;
  const { status, headers } = response;
  const location = locationUrl(headers, currentUrl(request), engine);
  if (location === null) {
    trace.step(algorithm, "4", "no Location: an ordinary response after all", "done", { status });
    return response;
  }
  const written = responseHeader(headers, "location", engine) ?? "";
  const refused = refusal(params, status, location, written);
  if (refused !== undefined) {
    const { number, says, detail } = refused;
    trace.step(algorithm, number, says, "failed", { status, Location: written });
    return blocked(detail);
  }
  // refusal() has told failure apart
  const target = location as URL;
  request.redirectCount++;
  returnDropped(params, target);
  turnIntoGet(params, status, target);
  dropAuthorization(params, target);
  request.urlList.push(target);
  trace.step(algorithm, "18", "on to the redirect's target", "done", {
    Location: target.href,
    method: request.method,
    origin: serializeRequestOrigin(request),
  });
  if (responseHeader(headers, "referrer-policy", engine) !== null)
    trace.step(algorithm, "19", "Referrer-Policy of a redirect", "not-modelled");
  return { kind: "redirected" };
}

interface Refused {
  readonly number: string;
  readonly says: string;
  readonly detail: BlockDetail;
}

/** Steps 5 to 11. */
function refusal(
  params: FetchParams,
  status: number,
  location: URL | typeof failure,
  written: string,
): Refused | undefined {
  const { request, engine } = params;
  const place = placeOf(request, "actual", serializeRequestOrigin(request));
  if (location === failure) {
    const detail: BlockDetail = { ...place, reason: "redirect-location", location: written };
    return { number: "5", says: "Location is a URL", detail };
  }
  if (!isHttpScheme(location)) {
    const scheme = location.protocol.slice(0, -1);
    const detail: BlockDetail = { ...place, reason: "scheme-not-cors", scheme };
    return { number: "6", says: "its scheme is http or https", detail };
  }
  if (request.redirectCount === redirectLimit) {
    const detail: BlockDetail = { ...place, reason: "redirect-count", limit: redirectLimit };
    return { number: "7", says: "it is one of at most 20 redirects", detail };
  }
  const detail = userinfoRefusal(params, location);
  if (detail !== undefined) {
    const { mode, origin, tainting } = request;
    const byMode = mode === "cors" && !isSameOrigin(origin, originOfUrl(location));
    if (engine.quirks.userinfoAfterPreflight && tainting !== "cors")
      request.memory.refusedLocation = location.href;
    else {
      const number = byMode ? "9" : tainting === "cors" ? "10" : "quirk";
      return { number, says: "it has no user name and password", detail };
    }
  }
  if (status !== 303 && request.body.kind === "stream") {
    const detail: BlockDetail = { ...place, reason: "redirect-body", status };
    return { number: "11", says: "the body can be sent again", detail };
  }
  return undefined;
}

/** Steps 9 and 10: user info leads nowhere once another origin is in it. */
export function userinfoRefusal(
  { request, engine }: FetchParams,
  location: URL | null | typeof failure,
): BlockDetail | undefined {
  if (location === null || location === failure) return undefined;
  if (location.username === "" && location.password === "") return undefined;
  const elsewhere = !isSameOrigin(request.origin, originOfUrl(location));
  const refused =
    (request.mode === "cors" && elsewhere) ||
    request.tainting === "cors" ||
    engine.quirks.refusesEveryUserinfo;
  if (!refused) return undefined;
  const place = placeOf(request, "actual", serializeRequestOrigin(request));
  return { ...place, reason: "redirect-credentials", location: location.href };
}

/** Step 12: POST at 301 and 302, and everything but GET and HEAD at 303, goes on as a GET without body. */
function turnIntoGet({ request, engine, trace }: FetchParams, status: number, target: URL): void {
  const { method } = request;
  const crossOrigin = !isSameOrigin(originOfUrl(currentUrl(request)), originOfUrl(target));
  const turns =
    status === 303
      ? method !== "GET" && method !== "HEAD"
      : ((status === 301 || status === 302) && method === "POST") ||
        (engine.quirks.turnedGet.includes(method) && crossOrigin);
  if (!turns) return;
  request.memory.turnedGet = true;
  request.method = "GET";
  request.body = { kind: "none" };
  drop(request, ([name]) => requestBodyHeaderNames.has(asciiLowercase(name)), method);
  trace.step(algorithm, "12", `${method} becomes GET, its body is dropped`, "done", { status });
}

/** Step 13: Authorization is for one origin only. */
function dropAuthorization({ request, trace }: FetchParams, target: URL): void {
  if (isSameOrigin(originOfUrl(currentUrl(request)), originOfUrl(target))) return;
  if (!drop(request, ([name]) => isCorsNonWildcardRequestHeaderName(name))) return;
  trace.step(algorithm, "13", "to another origin: Authorization is dropped", "done", {
    to: target.origin,
  });
}

function drop(
  request: FetchRequest,
  isDropped: (header: Header) => boolean,
  bodyOf?: string,
): boolean {
  const dropped = request.headers.filter(isDropped);
  request.headers = request.headers.filter((header) => !isDropped(header));
  for (const header of dropped)
    request.memory.dropped.push({ header, ...(bodyOf !== undefined && { bodyOf }) });
  return dropped.length > 0;
}

/**
 * Not the standard's: what the redirect before dropped is back, for engines that start anew from
 * the page's headers. What this redirect drops, it drops again.
 */
function returnDropped({ request, engine, trace }: FetchParams, target: URL): void {
  const { memory } = request;
  const { droppedHeadersReturn } = engine.quirks;
  const sameOrigin = isSameOrigin(originOfUrl(currentUrl(request)), originOfUrl(target));
  const returning: Header[] = [];
  for (const { header, bodyOf } of memory.dropped) {
    if (droppedHeadersReturn === "of-body" && bodyOf !== undefined) returning.push(header);
    if (droppedHeadersReturn !== "all") continue;
    if (bodyOf === "POST" && sameOrigin) memory.askedOnly.push(header);
    else returning.push(header);
  }
  memory.dropped = [];
  if (returning.length === 0) return;
  request.headers.push(...returning);
  trace.step(algorithm, "quirk", "headers dropped before are sent again", "done", {
    names: returning.map(([name]) => name),
  });
}
