// Fetch §4 fetch: from what a page wrote to what it gets. Everything between the page and main fetch,
// and the Verdict at the end.

import { asciiLowercase } from "../standard/token.ts";
import { CorsPreflightCache } from "./cors-preflight-cache.ts";
import { standard } from "./engines/standard.ts";
import { jarOf } from "./cookies.ts";
import type { FetchParams, Fetching } from "./fetch-params.ts";
import { filteredResponse } from "./filtered-response.ts";
import { mainFetch } from "./main-fetch.ts";
import { constructRequest } from "./request-constructor.ts";
import type { PageRequest } from "./request.ts";
import type { RunOptions } from "./run-options.ts";
import { Tracer, type Algorithm } from "./trace.ts";
import type { BlockDetail, Verdict } from "./verdict.ts";

const algorithm: Algorithm = { name: "fetch", anchor: "concept-fetch" };

/** Seconds: no rule about young cookies reaches so far back. */
const aWhileAgo = 86_400;

/** One request of a page as a generator: yields heads, receives responses, returns the verdict. */
export function* fetchOf(page: PageRequest, options: RunOptions): Fetching<Verdict> {
  const { engine = standard, cache = new CorsPreflightCache() } = options;
  const trace = new Tracer();
  const request = constructRequest(page, engine, trace);
  if ("reason" in request) return blockedVerdict(request, [], trace);

  const { now = Date.now, partition = "" } = options;
  const { cookieAge: age = aWhileAgo } = page;
  const world = { engine, cache, ownCache: new CorsPreflightCache(), now, partition, trace };
  const jar =
    page.cookies === undefined
      ? undefined
      : jarOf(page.cookies, request.urlList[0]!, now() - age * 1000, engine);
  const params: FetchParams = {
    request,
    ...world,
    ...(jar === undefined ? {} : { jar }),
    ...(page.client === undefined ? {} : { client: page.client }),
    thirdPartyCookies: page.thirdPartyCookies ?? "allowed",
    wire: [],
    mayPreflight: false,
  };
  if (!request.headers.some(([name]) => asciiLowercase(name) === "accept")) {
    request.headers.push(["Accept", "*/*"]);
    trace.step(algorithm, "12", "Accept: */* where the page set none", "done");
  }
  request.memory.originalHeaders = [...request.headers];
  const response = yield* mainFetch(params);
  const timingAllowed = !request.timingAllowFailed;
  const caching = params.caching === undefined ? {} : { preflightCache: params.caching };
  const cookies = jar === undefined ? {} : { cookies: jar.fates };
  if (response.kind === "blocked")
    return { ...blockedVerdict(response.detail, params.wire, trace), ...caching, ...cookies };

  const seen = filteredResponse(params, response);
  const readable = seen.type === "basic" || seen.type === "cors";
  return {
    outcome: readable ? "readable" : "opaque",
    sent: isSent(params.wire),
    response: seen,
    exposedHeaders: [...new Set(seen.headers.map(([name]) => asciiLowercase(name)))],
    wire: params.wire,
    trace: trace.steps,
    ...caching,
    ...cookies,
    timingAllowed,
  };
}

function blockedVerdict(detail: BlockDetail, wire: Verdict["wire"], trace: Tracer): Verdict {
  return {
    outcome: "blocked",
    reason: detail.reason,
    detail,
    sent: isSent(wire),
    exposedHeaders: [],
    wire,
    trace: trace.steps,
    timingAllowed: false,
  };
}

/** An actual request that got a response was received; for one that did not, that is unknown. */
function isSent(wire: Verdict["wire"]): boolean {
  return wire.some(({ kind, response }) => kind === "actual" && !("kind" in response));
}
