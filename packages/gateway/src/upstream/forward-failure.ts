// Why a request could not be forwarded, as the answer that the client gets: status, code and sentence
// for the page, and the Proxy-Status that names the upstream's part in it.

/** Proxy-Status (RFC 9209 §2.3) error types for what went wrong behind us. */
export type ProxyError =
  | "connection_refused"
  | "connection_terminated"
  | "connection_timeout"
  | "connection_limit_reached"
  | "destination_unavailable"
  | "dns_error"
  | "tls_protocol_error"
  | "http_protocol_error"
  | "http_response_timeout"
  | "proxy_loop_detected";

export interface ForwardFailure {
  readonly status: 400 | 413 | 502 | 503 | 504;
  readonly error: string;
  readonly message: string;
  readonly proxyError?: ProxyError;
}

export const badResponse: ForwardFailure = {
  status: 502,
  error: "bad_upstream_response",
  message: "The upstream sent something that is no proper HTTP response.",
  proxyError: "http_protocol_error",
};
export const unavailable: ForwardFailure = {
  status: 502,
  error: "upstream_unavailable",
  message: "The upstream has no address that can be asked.",
  proxyError: "destination_unavailable",
};
export const busy: ForwardFailure = {
  status: 503,
  error: "upstream_busy",
  message: "The upstream takes no more requests at the moment.",
  proxyError: "connection_limit_reached",
};
export const tooLarge: ForwardFailure = {
  status: 413,
  error: "payload_too_large",
  message: "Request size limit exceeded",
};

/** What an error of undici, of Node or of TLS means to the client. */
export function failureOf(error: Error & { code?: string }): ForwardFailure {
  const code = error.code ?? "";
  switch (code) {
    case "UND_ERR_CONNECT_TIMEOUT":
    case "ETIMEDOUT":
      return {
        status: 504,
        error: "upstream_timeout",
        message: "The upstream did not accept a connection in time.",
        proxyError: "connection_timeout",
      };
    case "UND_ERR_HEADERS_TIMEOUT":
    case "UND_ERR_BODY_TIMEOUT":
      return {
        status: 504,
        error: "upstream_timeout",
        message: "The upstream did not answer in time.",
        proxyError: "http_response_timeout",
      };
    case "ECONNREFUSED":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return {
        status: 502,
        error: "upstream_unreachable",
        message: "The upstream refused the connection.",
        proxyError: "connection_refused",
      };
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return {
        status: 502,
        error: "upstream_unreachable",
        message: "The upstream's name could not be resolved.",
        proxyError: "dns_error",
      };
    case "UND_ERR_SOCKET":
    case "ECONNRESET":
    case "EPIPE":
      // undici closed it, and not the upstream: a `100 Continue` or a 101 that nobody asked for.
      if (error.message.startsWith("bad ")) return badResponse;
      return {
        status: 502,
        error: "upstream_closed",
        message: "The upstream closed the connection before it answered.",
        proxyError: "connection_terminated",
      };
    case "UND_ERR_INVALID_ARG":
    case "UND_ERR_NOT_SUPPORTED":
      return {
        status: 400,
        error: "bad_request",
        message: "The request has a field that cannot be passed on.",
      };
    case "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH":
      return {
        status: 400,
        error: "bad_request",
        message: "The request's body is not as long as its Content-Length says.",
      };
    default:
      if (/^(ERR_TLS|ERR_SSL|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
        return {
          status: 502,
          error: "upstream_unreachable",
          message: "The upstream's certificate was not accepted.",
          proxyError: "tls_protocol_error",
        };
      return badResponse;
  }
}
