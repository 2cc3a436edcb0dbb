// What became of a case, in one form for both sides: the engine's (what the page was given and what
// the servers recorded) and the model's. Comparing is then comparing text.

import { getHeader, type HeaderList, type RequestHead } from "@corsway/cors/standard";

export interface Outcome {
  readonly steps: readonly StepOutcome[];
  readonly wire: readonly WireLine[];
}

export interface StepOutcome {
  readonly verdict: "readable" | "opaque" | "blocked";
  /** `cors 200`, `opaqueredirect 0`; empty where blocked. */
  readonly response: string;
  /** As a page's `Headers` iterates: lower case, sorted, duplicates joined. */
  readonly headers: readonly string[];
  /** Where the side knows one. */
  readonly reason?: string;
}

/** A request on the wire, as far as it is compared. */
export interface WireLine {
  readonly request: string;
  readonly credentials: boolean;
}

/** Method, URL and the headers that CORS looks at. */
export function wireLine(request: RequestHead, credentials: boolean): WireLine {
  const shown = [
    "origin",
    "access-control-request-method",
    "access-control-request-headers",
    "authorization",
    "content-type",
  ].flatMap((name) => {
    const value = getHeader(request.headers, name);
    return value === null ? [] : [`${name}=${value.trim()}`];
  });
  return { request: [request.method, request.url, ...shown].join(" "), credentials };
}

/** The order and the joining of `Headers`' iterator. */
export function iteratedHeaders(headers: HeaderList): string[] {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const earlier = values.get(lower);
    values.set(lower, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return [...values].map(([name, value]) => `${name}: ${value}`).sort();
}
