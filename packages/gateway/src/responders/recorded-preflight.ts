// Preflights among recorded exchanges, and which request each was made for.

import { getHeader } from "@corsway/cors/standard";
import type { RecordedExchange } from "./recording.ts";

export function isPreflight(exchange: RecordedExchange): boolean {
  return (
    exchange.method === "OPTIONS" &&
    getHeader(exchange.requestHeaders, "access-control-request-method") !== null
  );
}

/** The preflight for an exchange: same URL and method, the nearest before it, else after it. */
export function preflightOf(
  exchanges: readonly RecordedExchange[],
  exchange: RecordedExchange,
): RecordedExchange | undefined {
  const own = exchanges.filter(
    (other) =>
      other.url === exchange.url &&
      isPreflight(other) &&
      getHeader(other.requestHeaders, "access-control-request-method") === exchange.method,
  );
  return own.findLast((other) => other.index < exchange.index) ?? own[0];
}
