// Fetch §4.7 CORS-preflight fetch: asks the server, without credentials, whether the actual request may
// be sent. The response is checked with the credentials mode of the *actual* request. The order of the
// checks, which decides the reason shown, is the engine's.

import { extractHeaderListValues, failure, headerLines } from "../standard/header-list.ts";
import { isCorsNonWildcardRequestHeaderName } from "../standard/header-name.ts";
import type { Header } from "../standard/message.ts";
import { isCorsSafelistedMethod } from "../standard/method.ts";
import { isSameOrigin, originOfUrl } from "../standard/origin.ts";
import { asciiLowercase, isToken } from "../standard/token.ts";
import { corsCheck } from "./cors-check.ts";
import { cacheFor, cacheLookup } from "./preflight-cache-place.ts";
import type { PreflightCheck } from "./engine.ts";
import {
  blocked,
  currentUrl,
  hopOf,
  placeOf,
  wireUrl,
  type BlockedFetch,
  type FetchParams,
  type Fetching,
  type FetchResponse,
} from "./fetch-params.ts";
import { ask } from "./http-network-or-cache-fetch.ts";
import { isRedirectStatus } from "./location-url.ts";
import { maxAgeOf } from "./max-age.ts";
import { preflightOrigin } from "./redirect-taint.ts";
import { responseHeader, responseHeaderLines } from "./response-header.ts";
import type { Algorithm, Seen, StepResult } from "./trace.ts";
import type { BlockDetail, BlockPlace } from "./verdict.ts";

const algorithm: Algorithm = { name: "CORS-preflight fetch", anchor: "cors-preflight-fetch-0" };

/** Undefined: the actual request may be sent. `unsafeNames`: what Access-Control-Request-Headers asks for. */
export function* corsPreflightFetch(
  params: FetchParams,
  unsafeNames: readonly string[],
): Fetching<BlockedFetch | undefined> {
  const { request, trace, engine } = params;
  const origin = preflightOrigin(request, engine);
  const headers: Header[] = [
    ["Accept", "*/*"],
    ["Access-Control-Request-Method", request.method],
  ];
  trace.step(algorithm, "3", "ask for the method", "done", { method: request.method });
  if (unsafeNames.length > 0)
    headers.push(["Access-Control-Request-Headers", unsafeNames.join(",")]);
  trace.step(algorithm, "5", "ask for the headers that are not safelisted", "done", {
    names: unsafeNames,
  });
  headers.push(["Origin", origin]);
  const head = { method: "OPTIONS", url: wireUrl(currentUrl(request)), headers };
  const sending = {
    kind: "preflight",
    credentials: false,
    body: false,
    hop: hopOf(request),
  } as const;
  const response = yield* ask(params, head, sending, origin);
  if (response.kind === "blocked") return response;

  const answer: PreflightAnswer = { response, origin, unsafeNames };
  for (const check of engine.preflightChecks) {
    if (check === "method" && engine.quirks.cacheKeepsRefusals) store(params, answer);
    const detail = checks[check](params, answer);
    if (detail !== undefined) return blocked(detail);
  }
  if (!engine.quirks.cacheKeepsRefusals) store(params, answer);
  return undefined;
}

interface PreflightAnswer {
  readonly response: FetchResponse;
  readonly origin: string;
  readonly unsafeNames: readonly string[];
}

type Check = (params: FetchParams, answer: PreflightAnswer) => BlockDetail | undefined;

const checks: Readonly<Record<PreflightCheck, Check>> = {
  redirect: (params, { response, origin }) => {
    const location = responseHeader(response.headers, "location", params.engine);
    if (location === null || !isRedirectStatus(response.status, params.engine)) return undefined;
    step(params, "7", "it is not a redirect: a preflight follows none", "failed", {
      status: response.status,
      Location: location,
    });
    const { status } = response;
    return { ...place(params, origin), reason: "preflight-redirect", status, location };
  },

  "cors-check": (params, { response, origin }) => {
    const { request, engine } = params;
    if (engine.quirks.preflightKeepsOrigin && isAtHome(request)) {
      step(params, "quirk", "a preflight to the page's own origin is not checked", "skipped");
      return undefined;
    }
    const include = request.credentials === "include";
    const { status, headers } = response;
    const detail = corsCheck(params, { at: "preflight", status, headers, origin, include });
    step(params, "7", "the CORS check succeeds", detail === undefined ? "passed" : "failed");
    return detail;
  },

  status: (params, { response: { status }, origin }) => {
    const ok = status >= 200 && status <= 299;
    step(params, "7", "it has an ok status, 200 to 299", ok ? "passed" : "failed", { status });
    return ok ? undefined : { ...place(params, origin), reason: "preflight-status", status };
  },

  "methods-parse": (params, answer) => parse(params, answer, "Access-Control-Allow-Methods"),
  "headers-parse": (params, answer) => parse(params, answer, "Access-Control-Allow-Headers"),

  method: (params, { response, origin }) => {
    const { method, credentials, useCorsPreflight } = params.request;
    const allowed =
      listOf(response, "access-control-allow-methods") ?? (useCorsPreflight ? [method] : null);
    const passes =
      isCorsSafelistedMethod(method) ||
      allowed?.includes(method) === true ||
      (credentials !== "include" && allowed?.includes("*") === true);
    step(
      params,
      "7.5",
      "Access-Control-Allow-Methods has the method",
      passes ? "passed" : "failed",
      {
        method,
        "Access-Control-Allow-Methods": allowed,
        credentials,
      },
    );
    if (passes) return undefined;
    const { status } = response;
    return { ...place(params, origin), reason: "method-not-allowed", method, allowed, status };
  },

  headers: (params, { response, origin, unsafeNames }) => {
    const { credentials, headers } = params.request;
    const { wildcardCoversAuthorization } = params.engine.quirks;
    const allowed = listOf(response, "access-control-allow-headers");
    const listed = new Set(allowed?.map(asciiLowercase));
    const wildcard = credentials !== "include" && listed.has("*");
    const nonWildcard = headers
      .map(([name]) => asciiLowercase(name))
      .filter((name) => isCorsNonWildcardRequestHeaderName(name) && !listed.has(name));
    const refused = new Set<string>();
    if (!wildcardCoversAuthorization) for (const name of nonWildcard) refused.add(name);
    const byAuthorization = refused.size > 0;
    for (const name of unsafeNames) if (!listed.has(name) && !wildcard) refused.add(name);
    const [name] = refused;
    step(
      params,
      byAuthorization ? "7.6" : "7.7",
      "Access-Control-Allow-Headers has every header that is not safelisted",
      name === undefined ? "passed" : "failed",
      {
        asked: unsafeNames,
        "Access-Control-Allow-Headers": allowed,
        refused: [...refused],
        credentials,
      },
    );
    if (name === undefined) return undefined;
    const names = [...refused];
    const { status } = response;
    return { ...place(params, origin), reason: "header-not-allowed", name, names, allowed, status };
  },
};

function isAtHome(request: FetchParams["request"]): boolean {
  return isSameOrigin(request.origin, originOfUrl(currentUrl(request)));
}

function parse(
  params: FetchParams,
  { response, origin }: PreflightAnswer,
  name: "Access-Control-Allow-Methods" | "Access-Control-Allow-Headers",
): BlockDetail | undefined {
  const lower = asciiLowercase(name);
  const value = responseHeader(response.headers, lower, params.engine);
  const number = name === "Access-Control-Allow-Methods" ? "7.1" : "7.2";
  if (extractHeaderListValues(response.headers, lower) !== failure) {
    step(params, number, `${name} is a list of tokens`, "passed", { [name]: value });
    return undefined;
  }
  step(params, "7.3", `${name} is a list of tokens`, "failed", { [name]: value });
  return {
    ...place(params, origin),
    reason: name === "Access-Control-Allow-Methods" ? "acam-unparsable" : "acah-unparsable",
    value: value ?? "",
    offending: firstNoToken(headerLines(response.headers, lower)),
    status: response.status,
  };
}

/** The list, or null if it is absent; a list that does not parse allows nothing. */
function listOf({ headers }: FetchResponse, lowerName: string): readonly string[] | null {
  const values = extractHeaderListValues(headers, lowerName);
  return values === failure ? [] : values;
}

function firstNoToken(lines: readonly string[]): string {
  for (const line of lines)
    for (const element of line.split(",")) {
      const trimmed = element.replace(/^[\t ]+|[\t ]+$/g, "");
      if (trimmed !== "" && !isToken(trimmed)) return trimmed;
    }
  return "";
}

/** 7.8 to 7.15: stores what the response allows: everything listed, not only what was asked for. */
function store(params: FetchParams, { response, origin }: PreflightAnswer): void {
  const { request, engine } = params;
  const { quirks } = engine;
  const cache = cacheFor(params, origin);
  const lines = responseHeaderLines(response.headers, "access-control-max-age", engine);
  const maxAge = maxAgeOf(
    lines.map((line) => ["Access-Control-Max-Age", line] as const),
    engine.maxAge,
  );
  const received = responseHeader(response.headers, "access-control-max-age", engine);
  const lookup = cacheLookup(params, origin);
  const { seconds } = maxAge;
  if (quirks.cacheShape === "responses") cache?.remove(lookup);
  step(params, "7.10", "cache it for this long", "done", {
    "Access-Control-Max-Age": received,
    read: maxAge.read,
    seconds: cache === undefined ? 0 : seconds,
    capped: maxAge.capped,
  });
  params.caching =
    cache === undefined || seconds === 0
      ? { state: "not-stored", seconds: 0, maxAge: received }
      : { state: "stored", seconds, maxAge: received };
  if (cache === undefined) return;

  const { method: asked, useCorsPreflight } = request;
  const methods =
    listOf(response, "access-control-allow-methods") ?? (useCorsPreflight ? [asked] : []);
  const names = listOf(response, "access-control-allow-headers") ?? [];
  for (const method of methods) {
    const matching = cache.matchMethod(lookup, method, engine);
    for (const entry of matching) entry.maxAge = seconds;
    if (matching.length === 0) cache.create(lookup, "method", method, seconds);
  }
  for (const name of names.map(asciiLowercase)) {
    const matching = cache.matchHeaderName(lookup, name, engine);
    for (const entry of matching) entry.maxAge = seconds;
    if (matching.length === 0) cache.create(lookup, "header-name", name, seconds);
  }
}

function place({ request }: FetchParams, origin: string): BlockPlace {
  return placeOf(request, "preflight", origin);
}

function step(
  { trace }: FetchParams,
  number: string,
  says: string,
  result: StepResult,
  saw: Readonly<Record<string, Seen>> = {},
): void {
  trace.step(algorithm, number, says, result, saw);
}
