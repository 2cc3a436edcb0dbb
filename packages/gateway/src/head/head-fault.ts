// Which heads are rejected before anything is decided: those that two servers could read differently,
// which allows a request to be smuggled past one of them (RFC 9112 §3, §6, §11.2), and those beyond the
// limits or outside what this gateway supports.

import type { Limits } from "../config/config.ts";
import type { Arrival, Flaw } from "../engine/engine.ts";
import type { SeenFields } from "./seen-fields.ts";

export interface HeadFault {
  readonly status: 400 | 405 | 408 | 414 | 417 | 431 | 501 | 505;
  readonly error: string;
  readonly message: string;
}

/** For heads that the engine could not read. */
export const flaws: Readonly<Record<Flaw, HeadFault>> = {
  malformed: bad("These bytes are not an HTTP request that this gateway accepts."),
  late: {
    status: 408,
    error: "request_timeout",
    message: "The request head did not arrive in time.",
  },
  "too-large": {
    status: 431,
    error: "request_header_fields_too_large",
    message: "The request head is larger than this gateway accepts.",
  },
  version: {
    status: 505,
    error: "http_version_not_supported",
    message: "This gateway supports HTTP/1.1 and HTTP/1.0.",
  },
};

/** What is wrong with the head, apart from the form of its Host and its target; the first fault counts. */
export function headFault(
  seen: SeenFields,
  { method, target, version, fields }: Arrival,
  { headerCount, urlSize }: Limits,
): HeadFault | undefined {
  const { hosts, host, lengths, length, codings, coding, expect } = seen;
  if (seen.lookalike !== undefined)
    return bad(`Some servers read the field ${seen.lookalike} as a framing field.`);
  if (version !== "1.1" && version !== "1.0") return faults.version;
  if (fields.length > 2 * headerCount) return faults.headerCount;
  if (hosts > 1) return faults.hosts;
  if (host === undefined && version === "1.1") return faults.noHost;
  if (lengths > 0 && codings > 0) return faults.framing;
  if (lengths > 1 || (length !== undefined && !isLength(length))) return faults.length;
  if (codings > 1 || (codings === 1 && coding.toLowerCase() !== "chunked")) return faults.coding;
  if (codings === 1 && version === "1.0") return faults.codingInOldVersion;
  if (expect !== undefined && expect.toLowerCase() !== "100-continue") return faults.expect;
  if (method === "CONNECT") return faults.connect;
  if (target.length > urlSize) return faults.url;
  return undefined;
}

function isLength(value: string): boolean {
  if (value.length === 0 || value.length > 15) return false;
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}

function bad(message: string): HeadFault {
  return { status: 400, error: "bad_request", message };
}

export const faults = {
  version: flaws.version,
  headerCount: {
    status: 431,
    error: "request_header_fields_too_large",
    message: "The request has more header fields than this gateway accepts.",
  },
  url: {
    status: 414,
    error: "uri_too_long",
    message: "The request URL is longer than this gateway accepts.",
  },
  hosts: bad("The request has more than one Host field."),
  noHost: bad("The request has no Host field."),
  host: bad("The Host field is not a host with an optional port."),
  framing: bad("The request has both Content-Length and Transfer-Encoding."),
  length: bad("The request's Content-Length is not a single number."),
  coding: {
    status: 501,
    error: "not_implemented",
    message: "The only supported transfer coding is chunked.",
  },
  codingInOldVersion: bad("HTTP/1.0 has no transfer codings."),
  target: bad("The request target is not a path that this gateway forwards."),
  absolute: bad("The absolute request target and the Host field name different hosts."),
  expect: {
    status: 417,
    error: "expectation_failed",
    message: "The only supported expectation is 100-continue.",
  },
  connect: {
    status: 405,
    error: "method_not_allowed",
    message: "This gateway is not a tunnel: CONNECT is refused.",
  },
} as const satisfies Record<string, HeadFault>;
