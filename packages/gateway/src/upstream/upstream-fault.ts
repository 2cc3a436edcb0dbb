// What can go wrong between the gateway and an upstream. Values, each with the cause in the words of its source (the system, TLS, our
// own codec) for the access log.

import type { WireFault } from "../http1/fault.ts";

export type UpstreamFaultKind =
  | "connect-timeout"
  | "refused" // no connection: refused, unreachable
  | "unresolved" // no address for the name
  | "not-tls" // the answer to the TLS greeting was something else, plain HTTP mostly
  | "tls-version" // no TLS version that both sides take
  | "certificate"
  | "tls" // the handshake failed in another way
  | "closed" // the connection ended before the response did
  | "head-timeout"
  | "body-timeout"
  | "request" // it cannot be written as it is
  | "request-size" // its body is larger than its location takes
  | "request-length" // its body is not as long as its Content-Length
  | "response"; // not HTTP/1.1, or framed so that two readers could differ

export interface UpstreamFault {
  readonly kind: UpstreamFaultKind;
  /** For the log: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `chunk-malformed`. */
  readonly cause: string;
}

export function responseFault({ code }: WireFault): UpstreamFault {
  // The connection ended: that is what happened, not what was missing.
  if (code === "empty" || code === "truncated-head" || code === "truncated-body")
    return { kind: "closed", cause: code };
  return { kind: "response", cause: code };
}

type SystemError = (Error & { readonly code?: string }) | undefined;

function causeOf(error: SystemError): string {
  return error?.code ?? error?.message ?? "closed";
}

/** Why no connection could be opened. */
export function connectFault(error: SystemError): UpstreamFault {
  const cause = causeOf(error);
  switch (cause) {
    case "ETIMEDOUT":
      return { kind: "connect-timeout", cause };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return { kind: "unresolved", cause };
    default:
      return { kind: "refused", cause };
  }
}

/** Why a TLS handshake failed. `unverified`: the certificate was rejected. */
export function handshakeFault(error: SystemError, unverified: boolean): UpstreamFault {
  const cause = causeOf(error);
  if (unverified) return { kind: "certificate", cause };
  if (/WRONG_VERSION_NUMBER|PACKET_LENGTH|HTTP_REQUEST|BAD_RECORD_TYPE/.test(cause))
    return { kind: "not-tls", cause };
  if (/UNSUPPORTED_PROTOCOL|PROTOCOL_VERSION|VERSION_TOO_LOW/.test(cause))
    return { kind: "tls-version", cause };
  return { kind: "tls", cause };
}

/** Why an open connection broke. */
export function brokenFault(error: SystemError): UpstreamFault {
  return { kind: "closed", cause: causeOf(error) };
}
