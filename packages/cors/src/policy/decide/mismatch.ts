// What pages that the policy does not allow may do: `on_mismatch`. `Origin` identifies a page. Without
// it, Fetch Metadata does, which no page can forge and only browsers send. A client that sends neither
// is not a browser, so it does not act with a visitor's cookies.

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

/** For a request without `Origin`: whether it may proceed, and which other fields that depended on. */
export interface Unnamed {
  /** Its place in everyUnnamed. */
  readonly index: number;
  readonly admitted: boolean;
  readonly vary: readonly string[];
}

/** It proceeds, whoever sent it. */
export const unasked: Unnamed = { index: 0, admitted: true, vary: [] };
const bySite = ["Sec-Fetch-Site"] as const;
const byNavigation = ["Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"] as const;
const admittedBySite: Unnamed = { index: 1, admitted: true, vary: bySite };
const refusedBySite: Unnamed = { index: 2, admitted: false, vary: bySite };
const admittedNavigation: Unnamed = { index: 3, admitted: true, vary: byNavigation };
const refusedNavigation: Unnamed = { index: 4, admitted: false, vary: byNavigation };

/**
 * Judges a request without `Origin` (a `no-cors` image, a navigation, curl). The page that sent it is
 * unknown, so every page of another origin counts as one that is not allowed.
 */
export function judgeUnnamed<Request>(
  onMismatch: OnMismatch,
  request: Request,
  reader: RequestReader<Request>,
): Unnamed {
  const method = reader.method(request);
  if (mayMismatched(onMismatch, method)) return unasked;
  if (!isForeignSite(reader.field(request, "sec-fetch-site"))) return admittedBySite;
  // A link to here is followed, as everywhere on the web; whatever it must not do, it would do with GET.
  if (method !== "GET") return refusedBySite;
  const isTopLevel =
    reader.field(request, "sec-fetch-mode") === "navigate" &&
    reader.field(request, "sec-fetch-dest") === "document";
  return isTopLevel ? admittedNavigation : refusedNavigation;
}

/** Every outcome, for responses that are built in advance. */
export const everyUnnamed: readonly Unnamed[] = [
  unasked,
  admittedBySite,
  refusedBySite,
  admittedNavigation,
  refusedNavigation,
];

/** `none` means the user. An unknown value comes from a browser, and is nothing that we can trust. */
function isForeignSite(site: string | undefined): boolean {
  return site !== undefined && site !== "" && site !== "same-origin" && site !== "none";
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}
