// The gateway's own responses: one small JSON body that a page can read, because a status without a reason makes people blame CORS.
// Caches never store them.

import type { Login } from "../route/login-redirect.ts";
import type { Ambiguity } from "../route/path-guard.ts";
import type { ProxyError } from "../upstream/forward-failure.ts";

/** For the server as a whole; a location may accept fewer, or others. */
export const allowedMethods = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS";

export interface OwnAnswer {
  readonly status: number;
  readonly fields: string[];
  readonly body: string;
}

/** Where the other reading leads is only for the log. */
export function ambiguousPath({ reading }: Ambiguity): string {
  return `The path can be read differently (${reading}), and then another policy applies. Write it in its plain form.`;
}

/** The text of a 421: its reader is usually the one who set up the server. */
export function hostNotAllowed(name: string, server: string): string {
  return `The server "${server}" does not answer to the name "${name}". To allow it, add it to the key "hosts" of [servers.${server}].`;
}

/** What a page gets in place of a redirect that it could not follow. */
export const loginRequired =
  "The upstream redirects this request to a login page on another origin. Log in there, then send it again.";

/** `message` is a sentence in plain ASCII; `front` (CORS, Vary; flat) comes first. */
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
  // Required by RFC 9110 §15.5.2; browsers do not prompt for a scheme that they do not know.
  if (login !== undefined) fields.push("WWW-Authenticate", "Login");
  if (status === 503) fields.push("Retry-After", "1");
  if (status === 405) fields.push("Allow", allowedMethods);
  if (proxyError !== undefined) fields.push("Proxy-Status", `corsway; error=${proxyError}`);
  return { status, fields, body };
}
