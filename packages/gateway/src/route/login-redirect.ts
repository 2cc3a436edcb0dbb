// `login_redirect = "401"`: a session has expired, and whatever guards the upstream answers an API call with a
// redirect to a login page on another origin. A page cannot use that: its browser follows, the login page has
// no CORS headers, and the result is an opaque failure. A page can read a 401 and act on it.

import { firstField } from "../head/flat-fields.ts";

/** Without the query, which contains states and codes. */
export interface Login {
  readonly origin: string;
  readonly path: string;
}

/**
 * `url` and `fields` (flat) of the request; `location`: the field of the response. Undefined if the redirect is
 * passed on unchanged.
 */
export function loginOf(
  url: string,
  fields: readonly string[],
  status: number,
  location: string | undefined,
): Login | undefined {
  if (location === undefined || !isRedirect(status) || !isCall(fields)) return undefined;
  if (!URL.canParse(location, url)) return undefined;
  const from = new URL(url);
  const to = new URL(location, from);
  if (to.protocol !== "http:" && to.protocol !== "https:") return undefined;
  if (to.origin === from.origin) return undefined;
  // Only to https, or to another port: the same resource, so this is not a login.
  if (to.hostname === from.hostname && to.pathname === from.pathname) return undefined;
  return { origin: to.origin, path: to.pathname };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** A script's request, not a navigation or an image; if a browser does not say, one that does not want HTML. */
function isCall(fields: readonly string[]): boolean {
  const mode = firstField(fields, "sec-fetch-mode");
  if (mode !== undefined) return mode === "cors" || mode === "same-origin";
  if (firstField(fields, "origin") === undefined) return false;
  return !/\btext\/html\b/i.test(firstField(fields, "accept") ?? "");
}
