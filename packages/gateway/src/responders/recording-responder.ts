// A recording as a Responder: what the server responded then. If a response is missing, it says so instead of
// guessing, with one exception: a missing preflight whose request got a response must have passed (or come from
// the browser's cache), so it is assumed to have passed.

import { getHeader, type RequestHead, type ResponseHead } from "@corsway/cors/standard";
import { isPreflight, preflightOf } from "./recorded-preflight.ts";
import type { RecordedExchange } from "./recording.ts";

export interface RecordingResponder {
  respond(
    request: RequestHead,
  ): ResponseHead | { readonly kind: "network-error"; readonly why: string };
  /** The request that is not in the recording. */
  readonly missing: string | undefined;
  readonly notes: readonly string[];
}

export function recordingResponder(
  exchanges: readonly RecordedExchange[],
  picked: RecordedExchange,
  preflight: RecordedExchange | undefined,
): RecordingResponder {
  let missing: string | undefined;
  const notes: string[] = [];
  const lacks = (what: string): { kind: "network-error"; why: string } => {
    missing = what;
    return { kind: "network-error", why: what };
  };
  return {
    get missing() {
      return missing;
    },
    notes,
    respond(request) {
      const method = getHeader(request.headers, "access-control-request-method");
      if (request.method === "OPTIONS" && method !== null) {
        const target = actual(exchanges, picked, request.url, method);
        const own = target === picked ? preflight : target && preflightOf(exchanges, target);
        if (own !== undefined && own.status !== 0) return answerOf(own);
        if (own !== undefined)
          return lacks(`the preflight for ${request.url} is in the recording without its response`);
        if (target === undefined || target.status === 0)
          return lacks(
            `the preflight (OPTIONS ${request.url}) is not in the recording, and the request after it has no response`,
          );
        notes.push(
          "the recording has no preflight, but the request after it got a response: the preflight is assumed to have passed",
        );
        return passing(request, method);
      }
      const exchange = actual(exchanges, picked, request.url, request.method);
      if (exchange === undefined)
        return lacks(`${request.method} ${request.url} is not in the recording`);
      if (exchange.status === 0)
        return lacks(
          `${request.method} ${request.url} is in the recording without its response${exchange.error === undefined ? "" : ` (${exchange.error})`}`,
        );
      return answerOf(exchange);
    },
  };
}

function actual(
  exchanges: readonly RecordedExchange[],
  picked: RecordedExchange,
  url: string,
  method: string,
): RecordedExchange | undefined {
  const same = (other: RecordedExchange): boolean =>
    other.url === url && other.method === method && !isPreflight(other);
  if (same(picked)) return picked;
  // Later hops of a redirect come after it.
  return (
    exchanges.find((other) => same(other) && other.index > picked.index) ?? exchanges.findLast(same)
  );
}

function answerOf(exchange: RecordedExchange): ResponseHead {
  return { status: exchange.status, headers: exchange.responseHeaders };
}

function passing(request: RequestHead, method: string): ResponseHead {
  const names = getHeader(request.headers, "access-control-request-headers");
  return {
    status: 204,
    headers: [
      ["Access-Control-Allow-Origin", getHeader(request.headers, "origin") ?? "*"],
      ["Access-Control-Allow-Credentials", "true"],
      ["Access-Control-Allow-Methods", method],
      ...(names === null ? [] : [["Access-Control-Allow-Headers", names] as const]),
    ],
  };
}
