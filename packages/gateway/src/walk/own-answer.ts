// The answers that the gateway gives itself: one small JSON body for a page to read, since a
// status without a reason is what makes people blame CORS. Never stored by a cache.

import type { Login } from "../route/login-redirect.ts";
import type { Ambiguity } from "../route/path-guard.ts";
import type { ProxyError } from "../upstream/forward-failure.ts";

/** Of the server as a whole; a location may take fewer, or others. */
export const allowedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

export interface OwnAnswer {
  readonly status: number;
  readonly fields: string[];
  readonly body: string;
}

/** Where the other reading leads is for the log alone. */
export function ambiguousPath({ reading }: Ambiguity): string {
  return `The path can be read in another way (${reading}), and then another policy applies. Write it in its plain form.`;
}

/** What 421 says: who reads it is nearly always the one who set the server up. */
export function hostNotAllowed(name: string, server: string): string {
  return `The server "${server}" does not answer to the name "${name}". To let it in, add it to the key "hosts" of [servers.${server}].`;
}

/** What a page gets in place of a redirect that it could not follow. */
export const loginRequired =
  "The upstream redirects this request to a login page on another origin. Log in there, then ask again.";

/** `message` is a sentence in plain ASCII; `front` (CORS, Vary; flat) goes in front. */
export function ownAnswer(
  status: number,
  error: string,
  message: string,
  requestId: string,
  front: readonly string[] = [],
  proxyError?: ProxyError,
  login?: Login,
): OwnAnswer {
  const body = `${JSON.stringify({ error, message, ...(login && { login }), request_id: requestId })}\n`;
  const fields = [...front];
  fields.push(
    "Content-Type",
    "application/json",
    "Content-Length",
    String(body.length),
    "Cache-Control",
    "no-store",
    "X-Content-Type-Options",
    "nosniff",
  );
  if (requestId !== "") fields.push("X-Request-Id", requestId);
  // Required by RFC 9110 §15.5.2; browsers ask nobody for a scheme that they do not know.
  if (login !== undefined) fields.push("WWW-Authenticate", "Login");
  if (status === 503) fields.push("Retry-After", "1");
  if (status === 405) fields.push("Allow", allowedMethods);
  if (proxyError !== undefined) fields.push("Proxy-Status", `corsway; error=${proxyError}`);
  return { status, fields, body };
}
