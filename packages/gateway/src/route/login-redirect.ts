// `login_redirect = "401"`: a session has ended, and what guards the upstream answers an API call with a
// redirect to a login page on another origin. A page can do nothing with that: its browser follows, the
// login page has no CORS headers, and what is left is an opaque failure. A 401 can be read and acted on.

import { firstField } from "../head/flat-fields.ts";

/** Without the query, which holds states and codes. */
export interface Login {
  readonly origin: string;
  readonly path: string;
}

/**
 * `url` and `fields` (flat) of the request; `location`: the field of the answer. Undefined where the
 * redirect is passed on as it is.
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
  // Only to https, or to another port: the same resource, and no login.
  if (to.hostname === from.hostname && to.pathname === from.pathname) return undefined;
  return { origin: to.origin, path: to.pathname };
}

function isRedirect(status: number): boolean {
  return status === 301 || status === 302 || status === 303 || status === 307 || status === 308;
}

/** A script's request, and no navigation or image; where a browser does not say, one that wants no HTML. */
function isCall(fields: readonly string[]): boolean {
  const mode = firstField(fields, "sec-fetch-mode");
  if (mode !== undefined) return mode === "cors" || mode === "same-origin";
  if (firstField(fields, "origin") === undefined) return false;
  return !/\btext\/html\b/i.test(firstField(fields, "accept") ?? "");
}
