// HTML's "same site" and "schemelessly same site": two hosts under one registrable domain.

import { getDomain } from "tldts";
import type { Origin } from "../standard/origin.ts";

const publicSuffixes = { allowPrivateDomains: true } as const;

/** HTML: schemelessly-same-site. An opaque origin is not same site with anything else. */
export function isSchemelesslySameSite(a: Origin, b: Origin): boolean {
  if (a.kind === "opaque" || b.kind === "opaque") return false;
  if (a.host === b.host) return true;
  const domain = getDomain(a.host, publicSuffixes);
  return domain !== null && domain === getDomain(b.host, publicSuffixes);
}

/** HTML: same-site. */
export function isSameSite(a: Origin, b: Origin): boolean {
  return (
    a.kind === "tuple" &&
    b.kind === "tuple" &&
    a.scheme === b.scheme &&
    isSchemelesslySameSite(a, b)
  );
}
