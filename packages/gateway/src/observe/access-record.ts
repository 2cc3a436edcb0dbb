// What is known about one request when it is over: one line of the access log, one count. The walk of a request is
// itself a record, read in place; an object of its own is made only for somebody who keeps it.

import type { Decision, Refusal } from "@corsway/cors";

/** One finished request: a line of the access log. Times in ms, sizes in bytes. */
export interface AccessRecord {
  /** ISO 8601, when the head had been read. */
  readonly time: string;
  readonly request_id: string;
  readonly client: string;
  readonly server: string;
  readonly method: string;
  readonly host: string;
  /** Canonical, without the query: that may hold secrets. */
  readonly path: string;
  readonly status: number;
  readonly duration_ms: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly location?: string | undefined;
  readonly upstream?: string | undefined;
  readonly origin?: string | undefined;
  /** The CORS decision: these four are absent if CORS is left to the upstream. */
  readonly policy?: string | undefined;
  readonly kind?: Decision["kind"] | undefined;
  readonly allowed?: boolean | undefined;
  readonly refusal?: Refusal | undefined;
  /** For a preflight: what the page wants to send. */
  readonly requested_method?: string | undefined;
  readonly requested_headers?: string | undefined;
  /** CORS header lines of the upstream that were removed. */
  readonly removed?: number | undefined;
  /** The error of our own response, or how the exchange was cut off. */
  readonly error?: string | undefined;
  /** Its cause, as the system, TLS or the codec calls it: `ECONNREFUSED`, `chunk-malformed`. */
  readonly cause?: string | undefined;
}

/** A record as an object of its own, which can be kept and sent: plain members, in the order of the log. */
export function copyRecord(record: AccessRecord): AccessRecord {
  return {
    time: record.time,
    request_id: record.request_id,
    client: record.client,
    server: record.server,
    method: record.method,
    host: record.host,
    path: record.path,
    status: record.status,
    duration_ms: record.duration_ms,
    bytes_in: record.bytes_in,
    bytes_out: record.bytes_out,
    location: record.location,
    upstream: record.upstream,
    origin: record.origin,
    policy: record.policy,
    kind: record.kind,
    allowed: record.allowed,
    refusal: record.refusal,
    requested_method: record.requested_method,
    requested_headers: record.requested_headers,
    removed: record.removed,
    error: record.error,
    cause: record.cause,
  };
}
