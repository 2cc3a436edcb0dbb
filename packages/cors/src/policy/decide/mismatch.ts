// What pages that the policy does not allow may do: `on_mismatch`. A page is known by `Origin`; where
// there is none, by Fetch Metadata, which no page can forge and only browsers send. Who sends neither
// is not a browser, and nobody's cookies are lent to it.

import type { OnMismatch } from "../policy.ts";
import type { RequestReader } from "./request-kind.ts";

/** May a page of an origin that is not allowed send a request with this method? */
export function mayMismatched(onMismatch: OnMismatch, method: string): boolean {
  switch (onMismatch) {
    case "omit":
      return true;
    case "reject-writes":
      return isRead(method);
    case "reject":
      return false;
  }
}

/** A request without `Origin`: may it go on, and which further fields did that depend on? */
export interface Unnamed {
  readonly admitted: boolean;
  readonly vary: readonly string[];
}

/** Goes on, whoever sent it. */
export const unasked: Unnamed = { admitted: true, vary: [] };
const bySite = ["Sec-Fetch-Site"] as const;
const byNavigation = ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"] as const;
const admittedBySite: Unnamed = { admitted: true, vary: bySite };
const refusedBySite: Unnamed = { admitted: false, vary: bySite };
const admittedNavigation: Unnamed = { admitted: true, vary: byNavigation };
const refusedNavigation: Unnamed = { admitted: false, vary: byNavigation };

/**
 * Judges a request without `Origin` (a `no-cors` image, a navigation, curl). Which page sent it cannot
 * be known, so every page of another origin counts as one that is not allowed.
 */
export function judgeUnnamed<Request>(
  onMismatch: OnMismatch,
  request: Request,
  reader: RequestReader<Request>,
): Unnamed {
  const method = reader.method(request);
  if (mayMismatched(onMismatch, method)) return unasked;
  if (!isForeignSite(reader.field(request, "sec-fetch-site"))) return admittedBySite;
  // A link to here is followed, as everywhere on the web; what it must not do it would do by GET.
  if (method !== "GET") return refusedBySite;
  const isTopLevel =
    reader.field(request, "sec-fetch-mode") === "navigate" &&
    reader.field(request, "sec-fetch-dest") === "document";
  return isTopLevel ? admittedNavigation : refusedNavigation;
}

/** Every outcome, for answers that are built beforehand. */
export const everyUnnamed: readonly Unnamed[] = [
  unasked,
  admittedBySite,
  refusedBySite,
  admittedNavigation,
  refusedNavigation,
];

/** `none` is the person at the browser. An unknown value is a browser's, and nothing that we trust. */
function isForeignSite(site: string | undefined): boolean {
  return site !== undefined && site !== "" && site !== "same-origin" && site !== "none";
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
