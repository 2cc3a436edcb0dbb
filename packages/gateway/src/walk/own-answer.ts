// The gateway's own responses: one small JSON body that a page can read, because a status without a reason makes people blame CORS.
// Caches never store them.

import { noLines, printLine, printLines, type Lines } from "../http1/lines.ts";
import type { Login } from "../route/login-redirect.ts";
import type { Ambiguity } from "../route/path-guard.ts";
import type { ProxyError } from "../upstream/forward-failure.ts";

/** For the server as a whole; a location may accept fewer, or others. */
export const allowLine = printLine("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
const uncached = printLines(["Cache-Control", "no-store", "X-Content-Type-Options", "nosniff"]);

export interface OwnAnswer {
  readonly lines: Lines;
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

/** `message` is a sentence in plain ASCII; `front` (CORS, Vary) comes first. */
export function ownAnswer(
  status: number,
  error: string,
  message: string,
  requestId: string,
  front: Lines = noLines,
  proxyError?: ProxyError,
  login?: Login,
): OwnAnswer {
  const body = `${JSON.stringify({ error, message, ...(login && { login }), request_id: requestId })}\n`;
  let lines =
    front +
    printLine("Content-Type", "application/json") +
    printLine("Content-Length", String(body.length)) +
    uncached;
  if (requestId !== "") lines += printLine("X-Request-Id", requestId);
  // Required by RFC 9110 §15.5.2; browsers do not prompt for a scheme that they do not know.
  if (login !== undefined) lines += printLine("WWW-Authenticate", "Login");
  if (status === 503) lines += printLine("Retry-After", "1");
  if (status === 405) lines += allowLine;
  if (proxyError !== undefined) lines += printLine("Proxy-Status", `corsway; error=${proxyError}`);
  return { lines: lines as Lines, body };
}
