// Fetch §4.5 HTTP-network-or-cache fetch: the only place where the model sends anything. It decides what
// goes on the wire and whether credentials go with it. The HTTP cache, the values of cookies and
// authentication prompts are not modelled.

import { normalizeHeaderValue } from "../standard/header-list.ts";
import type { Header, HeaderList, RequestHead } from "../standard/message.ts";
import { isSameOrigin, originOfUrl } from "../standard/origin.ts";
import { asciiLowercase } from "../standard/token.ts";
import { hasChangedOrigin, requestOriginHeader } from "./append-request-origin-header.ts";
import {
  blocked,
  currentUrl,
  hopOf,
  placeOf,
  wireUrl,
  type BlockedFetch,
  type FetchParams,
  type Fetching,
  type FetchRequest,
  type FetchResponse,
} from "./fetch-params.ts";
import { cookieHeader, storeCookies } from "./cookies.ts";
import type { Engine } from "./engine.ts";
import { utf8Bytes } from "./header-bytes.ts";
import { serializeRequestOrigin } from "./redirect-taint.ts";
import type { Sending } from "./sending.ts";
import type { Algorithm } from "./trace.ts";

const algorithm: Algorithm = {
  name: "HTTP-network-or-cache fetch",
  anchor: "concept-http-network-or-cache-fetch",
};

/** The actual request of this hop. */
export function* httpNetworkOrCacheFetch(
  params: FetchParams,
): Fetching<FetchResponse | BlockedFetch> {
  const { request, trace, engine } = params;
  const credentials = includesCredentials(request, engine);
  trace.step(algorithm, "8.3", "are credentials sent with it?", "done", {
    credentials,
    mode: request.credentials,
    tainting: request.tainting,
  });
  const utf8 = engine.quirks.headerBytes === "utf-8";
  const headers: Header[] = sentHeaders(request, engine).map(([name, value]) => [
    name,
    utf8 ? utf8Bytes(value) : value,
  ]);
  const length = contentLength(request);
  if (length !== undefined) headers.push(["Content-Length", length]);
  const origin = requestOriginHeader(params);
  if (origin !== undefined) headers.push(["Origin", origin]);
  if (hopOf(request) === 0) {
    trace.step(algorithm, "8.13", "the Sec-Fetch headers, Referer and User-Agent", "not-modelled");
    if (params.jar === undefined)
      trace.step(algorithm, "8.21", "which cookies exist, and SameSite", "not-modelled");
    trace.step(algorithm, "8.26", "a stored response of the HTTP cache", "not-modelled");
  }
  const cookie = cookieHeader(params, credentials);
  if (cookie !== undefined) headers.push(["Cookie", cookie]);
  const head: RequestHead = {
    method: request.method,
    url: wireUrl(currentUrl(request)),
    headers,
  };
  const body = request.body.kind !== "none";
  const sending = { kind: "actual", credentials, body, hop: hopOf(request) } as const;
  const response = yield* ask(params, head, sending);
  if (response.kind === "response") {
    if (credentials) storeCookies(params, response.headers);
    noteUnasked(params, response.status, credentials);
  }
  return response;
}

/** What a browser may do on its own before it uses this response. */
function noteUnasked({ request, trace }: FetchParams, status: number, credentials: boolean): void {
  if (status === 401 && request.tainting !== "cors" && credentials)
    trace.step(algorithm, "15", "asking the user for a name and password", "not-modelled");
  if (status === 407)
    trace.step(algorithm, "16", "asking the user to log in to the proxy", "not-modelled");
  if (status === 421) trace.step(algorithm, "17", "retrying on another connection", "not-modelled");
}

/** Not in the standard: for some names, only the last line is sent. */
function sentHeaders({ headers, body, urlList }: FetchRequest, { quirks }: Engine): HeaderList {
  if (quirks.lastLineOnly.length === 0) return headers;
  const last = new Map(headers.map(([name], i) => [asciiLowercase(name), i]));
  // with a body, and before a redirect, it is the first Content-Type
  if (body.kind !== "none" && urlList.length === 1)
    last.set(
      "content-type",
      headers.findIndex(([name]) => asciiLowercase(name) === "content-type"),
    );
  return headers.filter(([name], i) => {
    const lower = asciiLowercase(name);
    return !quirks.lastLineOnly.includes(lower) || last.get(lower) === i;
  });
}

/** Sends one head and reads the response as a browser's network stack does. */
export function* ask(
  params: FetchParams,
  head: RequestHead,
  sending: Sending,
  origin: string = serializeRequestOrigin(params.request),
): Fetching<FetchResponse | BlockedFetch> {
  const { request, trace, wire } = params;
  trace.step(algorithm, "11.2", `send the ${sending.kind} request`, "done", {
    method: head.method,
    url: head.url,
  });
  const answer = yield { request: head, sending };
  const { kind, credentials, hop } = sending;
  wire.push({ kind, request: head, response: answer, credentials, hop });
  const fail = (why: string): BlockedFetch => {
    trace.step(algorithm, "11.2", "the connection returns a response", "failed", { why });
    return blocked({ ...placeOf(request, kind, origin), reason: "network-error", why });
  };
  if ("kind" in answer) return fail(answer.why);
  const { status } = answer;
  const isOpened = status === 101 && request.mode === "websocket";
  if (!isOpened && (!Number.isInteger(status) || status < 200 || status > 999))
    return fail(`no final status: ${status}`);
  trace.step(algorithm, "11.2", "the connection returns a response", "passed", { status });
  return {
    kind: "response",
    status,
    headers: normalized(answer.headers),
    url: currentUrl(request),
  };
}

/** 8.3 includeCredentials. */
function includesCredentials(request: FetchRequest, { quirks }: Engine): boolean {
  const isRedirectedBeacon =
    request.initiator === "beacon" && request.mode === "cors" && hasChangedOrigin(request);
  if (isRedirectedBeacon && quirks.redirectedBeaconsLoseCredentials) return false;
  if (request.credentials === "include") return true;
  if (request.credentials === "omit") return false;
  if (request.tainting === "basic") return true;
  return (
    quirks.noCorsKeepsCredentials &&
    request.tainting === "opaque" &&
    isSameOrigin(request.origin, originOfUrl(request.urlList[0]!))
  );
}

/** 8.5 to 8.9: the Content-Length that is sent. A stream has none. */
function contentLength({ body, method }: FetchRequest): string | undefined {
  if (body.kind === "bytes") return String(body.length);
  return body.kind === "none" && (method === "POST" || method === "PUT") ? "0" : undefined;
}

function normalized(headers: HeaderList): HeaderList {
  return headers.map(([name, value]) => [name, normalizeHeaderValue(value)] as const);
}
