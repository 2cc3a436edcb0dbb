// Why a request could not be forwarded, as the response that the client gets: status, code and sentence for the page, and the
// Proxy-Status that names the upstream's part in it. The cause is only for the log, because it names addresses and libraries that
// outsiders should not see.

import type { UpstreamFault, UpstreamFaultKind } from "./upstream-fault.ts";

/** Proxy-Status (RFC 9209 §2.3) error types for failures behind us. */
export type ProxyError =
  | "connection_refused"
  | "connection_terminated"
  | "connection_timeout"
  | "connection_limit_reached"
  | "destination_unavailable"
  | "dns_error"
  | "tls_protocol_error"
  | "tls_certificate_error"
  | "http_protocol_error"
  | "http_response_timeout"
  | "proxy_loop_detected";

export interface ForwardFailure {
  readonly status: 400 | 413 | 502 | 503 | 504;
  readonly error: string;
  readonly message: string;
  readonly proxyError?: ProxyError;
  /** For the log: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `chunk-malformed`. */
  readonly cause?: string;
}

export const unavailable: ForwardFailure = {
  status: 502,
  error: "upstream_unavailable",
  message: "The upstream has no address to connect to.",
  proxyError: "destination_unavailable",
};
export const busy: ForwardFailure = {
  status: 503,
  error: "upstream_busy",
  message: "The upstream accepts no more requests at the moment.",
  proxyError: "connection_limit_reached",
};
export const tooManyWebSockets: ForwardFailure = {
  status: 503,
  error: "too_many_websockets",
  message: "The upstream accepts no more WebSockets at the moment.",
  proxyError: "connection_limit_reached",
};
export const tooLarge: ForwardFailure = {
  status: 413,
  error: "payload_too_large",
  message: "Request size limit exceeded",
};
export const bodyNotTaken: ForwardFailure = {
  status: 504,
  error: "upstream_timeout",
  message: "The upstream did not accept the request body in time.",
  proxyError: "http_response_timeout",
};

const failures: Readonly<Record<UpstreamFaultKind, ForwardFailure>> = {
  "connect-timeout": {
    status: 504,
    error: "upstream_timeout",
    message: "The upstream did not accept a connection in time.",
    proxyError: "connection_timeout",
  },
  refused: {
    status: 502,
    error: "upstream_unreachable",
    message: "The upstream refused the connection.",
    proxyError: "connection_refused",
  },
  unresolved: {
    status: 502,
    error: "upstream_unreachable",
    message: "The upstream's name could not be resolved.",
    proxyError: "dns_error",
  },
  "not-tls": {
    status: 502,
    error: "upstream_unreachable",
    message: "The upstream does not use TLS on this port.",
    proxyError: "tls_protocol_error",
  },
  "tls-version": {
    status: 502,
    error: "upstream_unreachable",
    message: "The upstream supports no accepted version of TLS (1.2 or newer).",
    proxyError: "tls_protocol_error",
  },
  certificate: {
    status: 502,
    error: "upstream_unreachable",
    message: "The upstream's certificate was not accepted.",
    proxyError: "tls_certificate_error",
  },
  tls: {
    status: 502,
    error: "upstream_unreachable",
    message: "The TLS handshake with the upstream failed.",
    proxyError: "tls_protocol_error",
  },
  closed: {
    status: 502,
    error: "upstream_closed",
    message: "The upstream closed the connection before it responded.",
    proxyError: "connection_terminated",
  },
  "head-timeout": {
    status: 504,
    error: "upstream_timeout",
    message: "The upstream did not respond in time.",
    proxyError: "http_response_timeout",
  },
  "body-timeout": {
    status: 504,
    error: "upstream_timeout",
    message: "The upstream did not respond in time.",
    proxyError: "http_response_timeout",
  },
  request: {
    status: 400,
    error: "bad_request",
    message: "The request has a field that cannot be forwarded.",
  },
  "request-size": tooLarge,
  "request-length": {
    status: 400,
    error: "bad_request",
    message: "The length of the request body differs from its Content-Length.",
  },
  response: {
    status: 502,
    error: "bad_upstream_response",
    message: "The upstream did not send a valid HTTP response.",
    proxyError: "http_protocol_error",
  },
};

/** What a fault means for the client. */
export function failureOf({ kind, cause }: UpstreamFault): ForwardFailure {
  return { ...failures[kind], cause };
}
