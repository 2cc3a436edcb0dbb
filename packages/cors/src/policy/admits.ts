// The meaning of the second lock, on one page and written plainly: is this request carried out? What a
// page may read is decided by `permits`; but a POST that needs no preflight is carried out before a
// browser withholds the response from the page. Every proof of `on_mismatch` compares with this, so it
// shares no code with decide/.

import { getHeader } from "../standard/header-list.ts";
import type { RequestHead } from "../standard/message.ts";
import { originOfUrl, serializeOrigin } from "../standard/origin.ts";
import { permitsOrigin } from "./permits.ts";
import { rulesOf, type PolicyRules } from "./rules.ts";

/**
 * Is a request with this head passed on to be carried out? A preflight never is: it is answered.
 *
 * `Origin` says which page made the request. Without it, `Sec-Fetch-Site` does (Fetch Metadata §2.3),
 * which browsers send to https and to this machine. A request with neither is not from a browser, and
 * passes.
 * @throws TypeError if `policy` was not made by readPolicy, or the URL of the head is not valid
 */
export function admits(policy: PolicyRules, request: RequestHead): boolean {
  const rules = rulesOf(policy, "admits");
  const { method, headers } = request;
  const origin = getHeader(headers, "origin");
  const site = getHeader(headers, "sec-fetch-site");
  const mode = getHeader(headers, "sec-fetch-mode");
  const destination = getHeader(headers, "sec-fetch-dest");
  const asksAhead = getHeader(headers, "access-control-request-method") !== null;

  if (origin !== null) {
    // Whatever Sec-Fetch-Site says: browsers never send a wrong Origin.
    if (origin === serializeOrigin(originOfUrl(new URL(request.url)))) return true;
    if (method === "OPTIONS" && asksAhead) return false;
    if (permitsOrigin(rules, origin)) return true;
  } else {
    if (site === null || site === "" || site === "same-origin" || site === "none") return true;
    // If a rule allows every origin, no page is kept out.
    if (rules.some(({ allowOrigins }) => allowOrigins === "*")) return true;
  }

  const isRead = method === "GET" || method === "HEAD" || method === "OPTIONS";
  const isLinkFollowed =
    origin === null && method === "GET" && mode === "navigate" && destination === "document";
  // If no rule allows the page, the last rule refuses.
  switch (rules.at(-1)!.onMismatch) {
    case "omit":
      return true;
    case "reject-writes":
      return isRead;
    case "reject":
      return isLinkFollowed;
  }
}
