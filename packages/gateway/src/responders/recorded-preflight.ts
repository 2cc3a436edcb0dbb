// Preflights among recorded exchanges, and which request each was made for.

import { getHeader } from "@corsway/cors/standard";
import type { RecordedExchange } from "./recording.ts";

export function isPreflight(exchange: RecordedExchange): boolean {
  return (
    exchange.method === "OPTIONS" &&
    getHeader(exchange.requestHeaders, "access-control-request-method") !== null
  );
}

/** The preflight for an exchange: same URL and method, the nearest before it, or otherwise after it. */
export function preflightOf(
  exchanges: readonly RecordedExchange[],
  exchange: RecordedExchange,
): RecordedExchange | undefined {
  const own = (preflightsOf(exchanges).get(exchange.url) ?? []).filter(
    (other) => getHeader(other.requestHeaders, "access-control-request-method") === exchange.method,
  );
  return own.findLast((other) => other.index < exchange.index) ?? own[0];
}

const known = new WeakMap<readonly RecordedExchange[], Map<string, RecordedExchange[]>>();

/** By URL, indexed once: a recording may have tens of thousands of exchanges, each of which needs this. */
function preflightsOf(exchanges: readonly RecordedExchange[]): Map<string, RecordedExchange[]> {
  const before = known.get(exchanges);
  if (before !== undefined) return before;
  const byUrl = new Map<string, RecordedExchange[]>();
  for (const exchange of exchanges) {
    if (!isPreflight(exchange)) continue;
    const same = byUrl.get(exchange.url);
    if (same === undefined) byUrl.set(exchange.url, [exchange]);
    else same.push(exchange);
  }
  known.set(exchanges, byUrl);
  return byUrl;
}
