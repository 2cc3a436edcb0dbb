// Chromium's network errors (net_error_list.h), as its console and its Network panel write them.

import type { MessageReason } from "./wording.ts";

/** What an error says by itself; `ERR_FAILED` and the like say nothing and are not listed. */
export interface NetError {
  readonly reason: MessageReason;
  readonly why?: string;
  readonly value?: string;
}

const network = (why: string): NetError => ({ reason: "network-error", why });
const coep = (value: string): NetError => ({ reason: "coep-blocked", value });

const errors: Readonly<Record<string, NetError>> = {
  BLOCKED_BY_CLIENT: { reason: "content-blocker" },
  BLOCKED_BY_ADMINISTRATOR: network("an administrator's policy blocks the URL"),
  BLOCKED_BY_CSP: { reason: "csp-blocked" },
  BLOCKED_BY_ORB: { reason: "orb-blocked" },
  "BLOCKED_BY_RESPONSE.NotSameSite": { reason: "corp-blocked", value: "same-site" },
  "BLOCKED_BY_RESPONSE.NotSameOrigin": { reason: "corp-blocked", value: "same-origin" },
  "BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoep": coep("coep"),
  "BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByDip": coep("dip"),
  "BLOCKED_BY_RESPONSE.NotSameOriginAfterDefaultedToSameOriginByCoepAndDip": coep("coep"),
  "BLOCKED_BY_RESPONSE.CoepFrameResourceNeedsCoepHeader": coep("frame"),
  // Of a frame today; versions before 86 wrote it of scripts and images, too.
  BLOCKED_BY_RESPONSE: { reason: "frame-refused", why: "either" },
  BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS: { reason: "local-network-access" },
  BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS: { reason: "local-network-access" },
  NETWORK_ACCESS_REVOKED: { reason: "connection-allowlist" },
  BLOCKED_BY_FINGERPRINTING_PROTECTION: { reason: "content-blocker" },
  INSECURE_RESPONSE: { reason: "certificate", value: "INSECURE_RESPONSE" },
  CLEARTEXT_NOT_PERMITTED: network("the app does not permit plain http (Android's network policy)"),
  UPLOAD_FILE_CHANGED: network("the file changed while it was being uploaded"),
  H2_OR_QUIC_REQUIRED: network("a streamed request body needs HTTP/2 or HTTP/3"),
  UNKNOWN_URL_SCHEME: { reason: "scheme-not-cors" },
  SOCKET_NOT_CONNECTED: network("the connection broke"),
  HTTP2_PING_FAILED: network("the connection broke"),
  NAME_RESOLUTION_FAILED: network("the host's name cannot be resolved"),
  TOO_MANY_REDIRECTS: { reason: "redirect-count" },
  // All there is of a redirect to `data:` or `file:`.
  UNSAFE_REDIRECT: { reason: "redirect-location" },
  INVALID_REDIRECT: { reason: "redirect-location" },
  UNSAFE_PORT: network("browsers do not connect to this port"),
  CONNECTION_REFUSED: network("nothing is listening on the server's port (connection refused)"),
  CONNECTION_RESET: network("the server broke the connection"),
  CONNECTION_CLOSED: network("the server closed the connection without a response"),
  CONNECTION_ABORTED: network("the connection broke"),
  CONNECTION_FAILED: network("the connection failed"),
  CONNECTION_TIMED_OUT: network("the server did not respond in time"),
  TIMED_OUT: network("the server did not respond in time"),
  EMPTY_RESPONSE: network("the server closed the connection without a response"),
  NAME_NOT_RESOLVED: network("the host's name cannot be resolved"),
  ADDRESS_UNREACHABLE: network("the server's address cannot be reached"),
  ADDRESS_INVALID: network("the server's address is not one that can be connected to"),
  INTERNET_DISCONNECTED: network("this machine has no network"),
  NETWORK_CHANGED: network("the network changed while the request was in progress"),
  NETWORK_IO_SUSPENDED: network("the machine went to sleep while the request was in progress"),
  PROXY_CONNECTION_FAILED: network("this browser's proxy cannot be reached"),
  TUNNEL_CONNECTION_FAILED: network("this browser's proxy refused the connection"),
  HTTP2_PROTOCOL_ERROR: network("the server violated the rules of HTTP/2"),
  QUIC_PROTOCOL_ERROR: network("the server violated the rules of QUIC"),
  INVALID_HTTP_RESPONSE: network("the server's response is not HTTP"),
  CONTENT_LENGTH_MISMATCH: network("the body is not as long as its Content-Length says"),
  INCOMPLETE_CHUNKED_ENCODING: network("the connection broke before the body's end"),
  RESPONSE_HEADERS_MULTIPLE_CONTENT_LENGTH: network("the response has two Content-Lengths"),
  RESPONSE_HEADERS_TOO_BIG: network("the response headers are too large"),
  INSUFFICIENT_RESOURCES: network("the browser has too many requests in progress"),
  FILE_NOT_FOUND: network("the file does not exist"),
  ABORTED: { reason: "request-aborted" },
};

/** `net::ERR_…` without its prefix; undefined if it says nothing. */
export function netError(full: string): NetError | undefined {
  // `.Inspector`: the tools themselves block it.
  const name = full.replace(/\.(?:Inspector|DevTools)$/, "");
  if (Object.hasOwn(errors, name)) return errors[name];
  if (/^(?:CERT_|SSL_|BAD_SSL|ECH_)/.test(name)) return { reason: "certificate", value: name };
  return undefined;
}
