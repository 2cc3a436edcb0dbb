// What an engine parsed, checked and brought into the one form that everything above uses. A head with a
// fault still provides its URL and headers as far as they can be read, so that the error response also
// carries the CORS headers of its location.

import type { RequestHead } from "@corsway/cors";
import type { Limits } from "../config/config.ts";
import { printAuthority, readAuthority } from "./authority.ts";
import type { Arrival } from "../engine/engine.ts";
import { faults, flaws, headFault, type HeadFault } from "./head-fault.ts";
import { readTarget } from "./request-target.ts";
import { seeFields } from "./seen-fields.ts";

export interface ReadHead {
  /** Its headers are those that a CORS decision can depend on. */
  readonly head: RequestHead;
  /** For routing: without port and trailing dot; empty if there is none. */
  readonly host: string;
  /**
   * The host name that the browser used, in the same form: a trusted proxy's X-Forwarded-Host, or `host`.
   * Empty if there is none (HTTP/1.0).
   */
  readonly name: string;
  /** Canonical. */
  readonly path: string;
  /** With its `?`, as received; may be empty. */
  readonly query: string;
  /** The first Origin. */
  readonly origin: string | undefined;
  /** OPTIONS with Origin and Access-Control-Request-Method: the method it asks for. */
  readonly preflightFor: string | undefined;
  /** For a preflight: the headers it asks for. */
  readonly requestedHeaders: string | undefined;
  /** The declared length of the body; absent if it is chunked or there is none. */
  readonly contentLength: number | undefined;
  readonly fault: HeadFault | undefined;
}

export interface Vantage {
  readonly scheme: "http" | "https";
  readonly port: number;
  readonly limits: Limits;
  /** Whether the X-Forwarded-* headers of this peer are trusted. */
  readonly trusts: (peer: string) => boolean;
}

/** Reads a head. Total: never throws, linear in the head's size. */
export function readRequestHead(arrival: Arrival, vantage: Vantage): ReadHead {
  const { method } = arrival;
  const seen = seeFields(arrival.fields);
  let fault =
    arrival.flaw === undefined ? headFault(seen, arrival, vantage.limits) : flaws[arrival.flaw];

  let authority = seen.host === undefined ? undefined : readAuthority(seen.host);
  if (seen.host !== undefined && authority === undefined) fault ??= faults.host;

  const target = readTarget(arrival.target, method);
  if (target === undefined) fault ??= faults.target;
  else if (target.authority !== undefined) {
    // Absolute-form: the authority must equal Host, or two hops see two hosts.
    const same =
      authority !== undefined &&
      target.scheme === vantage.scheme &&
      printAuthority(target.authority, vantage.scheme) ===
        printAuthority(authority, vantage.scheme);
    if (!same) fault ??= faults.absolute;
  }

  if (seen.hosts > 1) authority = undefined;
  const routed = authority === undefined ? "" : withoutTrailingDot(authority.host);
  const { forwardedProto, forwardedHost } = seen;
  let scheme = vantage.scheme;
  if (
    (forwardedProto !== undefined || forwardedHost !== undefined) &&
    vantage.trusts(arrival.peer)
  ) {
    // The trusted proxy in front saw the browser's URL, and only that URL shows what is same-origin.
    if (forwardedProto === "http" || forwardedProto === "https") scheme = forwardedProto;
    const outer = forwardedHost === undefined ? undefined : readAuthority(forwardedHost);
    if (outer !== undefined) authority = outer;
  }
  const path = target?.path ?? "/";
  const query = target?.query ?? "";
  const printed = printAuthority(authority ?? { host: "0.0.0.0", port: vantage.port }, scheme);
  const head: RequestHead = {
    method,
    url: `${scheme}://${printed}${path}${query}`,
    headers: seen.decisive,
  };
  const { length, requested, origin } = seen;
  const preflight = method === "OPTIONS" && origin !== undefined && requested !== undefined;
  return {
    head,
    host: routed,
    name: authority === undefined ? "" : withoutTrailingDot(authority.host),
    path,
    query,
    origin,
    preflightFor: preflight ? requested : undefined,
    requestedHeaders: preflight ? seen.requestedHeaders : undefined,
    contentLength: length !== undefined && fault === undefined ? Number(length) : undefined,
    fault,
  };
}

function withoutTrailingDot(host: string): string {
  return host.endsWith(".") ? host.slice(0, -1) : host;
}
