// Fetch §4.4 HTTP-redirect fetch: what is refused, what is dropped, and the next URL for main fetch. The
// order of its steps decides which reason is shown.

import { failure } from "../standard/header-list.ts";
import type { Header } from "../standard/message.ts";
import { isCorsNonWildcardRequestHeaderName } from "../standard/header-name.ts";
import { isSameOrigin, originOfUrl } from "../standard/origin.ts";
import { asciiLowercase } from "../standard/token.ts";
import { corsCheck } from "./cors-check.ts";
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
import type { Initiator } from "./request.ts";
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
    trace.step(algorithm, "4", "no Location, so it is an ordinary response", "done", { status });
    return response;
  }
  const written = responseHeader(headers, "location", engine) ?? "";
  const refused = refusal(params, status, location, written);
  if (refused !== undefined) {
    const { number, says, detail } = refused;
    trace.step(algorithm, number, says, "failed", { status, Location: written });
    return blocked(detail);
  }
  // refusal() has already handled failure
  const target = location as URL;
  request.redirectCount++;
  if (isCheckedTwice(params)) {
    const origin = serializeRequestOrigin(request);
    const detail = corsCheck(params, { at: "actual", status, headers, origin, include: true });
    if (detail !== undefined) request.memory.refused = detail;
  }
  turnIntoGet(params, status, target);
  dropAuthorization(params, target);
  request.urlList.push(target);
  trace.step(algorithm, "18", "continue with the redirect's target", "done", {
    Location: target.href,
    method: request.method,
    origin: serializeRequestOrigin(request),
  });
  if (responseHeader(headers, "referrer-policy", engine) !== null)
    trace.step(algorithm, "19", "Referrer-Policy of a redirect", "not-modelled");
  return { kind: "redirected" };
}

/** See Quirks, sameOriginRedirectsCheckedAsInclude. */
function isCheckedTwice({ request, engine }: FetchParams): boolean {
  return (
    engine.quirks.sameOriginRedirectsCheckedAsInclude &&
    request.credentials === "same-origin" &&
    request.tainting === "cors" &&
    isSameOrigin(request.origin, originOfUrl(request.urlList[0]!))
  );
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
      request.memory.refused = { ...detail, at: "request" };
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

const followsUserinfo: ReadonlySet<Initiator> = new Set(["form", "worker", "beacon", "xhr"]);

/** Steps 9 and 10: user info is refused as soon as another origin is involved. */
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
    (engine.quirks.refusesEveryUserinfo && !followsUserinfo.has(request.initiator));
  if (!refused) return undefined;
  const place = placeOf(request, "actual", serializeRequestOrigin(request));
  return { ...place, reason: "redirect-credentials", location: location.href };
}

/** Step 12: POST at 301 and 302, and everything except GET and HEAD at 303, continues as a GET without body. */
function turnIntoGet({ request, engine, trace }: FetchParams, status: number, target: URL): void {
  const { method, memory } = request;
  const { redirectsStartAnew, turnedGet } = engine.quirks;
  const crossOrigin = !isSameOrigin(originOfUrl(currentUrl(request)), originOfUrl(target));
  const byStandard = turnsIntoGet(status, method);
  const turns = byStandard || (turnedGet.includes(method) && crossOrigin);
  if (redirectsStartAnew) {
    request.headers = [...memory.originalHeaders];
    memory.askedAnyway = [];
    if (memory.typedByBody) {
      // The type went with the body; a request that was preflighted for it alone still asks for it.
      if (method !== memory.originalMethod || turnsIntoGet(status, method)) {
        if (memory.preflighted && !request.useCorsPreflight)
          memory.askedAnyway = memory.originalHeaders.filter(isBodyHeader);
        dropBodyHeaders(request);
      }
    } else if (turnsIntoGet(status, memory.originalMethod)) {
      // If an earlier hop made it a GET, the next preflight still asks for what is dropped here.
      if (method !== memory.originalMethod)
        memory.askedAnyway = memory.originalHeaders.filter(isBodyHeader);
      dropBodyHeaders(request);
    }
    trace.step(algorithm, "quirk", "the page's headers, as if nothing had been dropped", "done");
  }
  memory.turnedGet = (memory.turnedGet || turns) && !crossOrigin;
  if (engine.quirks.bodyHeadersReturn && isBodyReturning(request, status, target)) {
    const returning = memory.originalHeaders.filter(isBodyHeader);
    request.headers = [...request.headers.filter((header) => !isBodyHeader(header)), ...returning];
  }
  if (!turns) return;
  request.method = "GET";
  request.body = { kind: "none" };
  if (byStandard && !redirectsStartAnew) dropBodyHeaders(request);
  trace.step(algorithm, "12", `${method} becomes GET, its body is dropped`, "done", { status });
}

function turnsIntoGet(status: number, method: string): boolean {
  if (status === 303) return method !== "GET" && method !== "HEAD";
  return (status === 301 || status === 302) && method === "POST";
}

function dropBodyHeaders(request: FetchRequest): void {
  request.headers = request.headers.filter((header) => !isBodyHeader(header));
}

function isBodyHeader([name]: Header): boolean {
  return requestBodyHeaderNames.has(asciiLowercase(name));
}

/** See Quirks, bodyHeadersReturn. */
function isBodyReturning(
  { mode, origin, tainting }: FetchRequest,
  status: number,
  target: URL,
): boolean {
  if (status === 307 || status === 308) return true;
  return mode === "cors" && (tainting === "cors" || !isSameOrigin(origin, originOfUrl(target)));
}

/** Step 13: Authorization is meant for one origin only. */
function dropAuthorization({ request, engine, trace }: FetchParams, target: URL): void {
  const { droppedByRedirect } = engine.quirks;
  const crossOrigin = !isSameOrigin(originOfUrl(currentUrl(request)), originOfUrl(target));
  const elsewhere = !isSameOrigin(request.origin, originOfUrl(target));
  const kept = request.headers.filter(
    ([name]) =>
      !(crossOrigin && isCorsNonWildcardRequestHeaderName(name)) &&
      !(elsewhere && droppedByRedirect.includes(asciiLowercase(name))),
  );
  if (kept.length === request.headers.length) return;
  request.headers = kept;
  trace.step(algorithm, "13", "to another origin: Authorization is dropped", "done", {
    to: target.origin,
  });
}
