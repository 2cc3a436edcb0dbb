// Signs that a response came from a cache, not from the server behind it.

import { getHeader } from "../../standard/header-list.ts";
import type { HeaderList } from "../../standard/message.ts";

const hits: readonly { readonly name: string; readonly isHit: RegExp }[] = [
  { name: "cf-cache-status", isHit: /^(?:HIT|STALE|UPDATING|REVALIDATED)$/i },
  { name: "x-cache", isHit: /\bhit\b/i },
  { name: "x-cache-status", isHit: /\b(?:hit|stale|updating)\b/i },
  { name: "x-proxy-cache", isHit: /\bhit\b/i },
  { name: "x-vercel-cache", isHit: /^(?:HIT|STALE|PRERENDER)$/i },
  { name: "x-nextjs-cache", isHit: /^(?:HIT|STALE)$/i },
  { name: "x-litespeed-cache", isHit: /\bhit\b/i },
  { name: "x-drupal-cache", isHit: /\bhit\b/i },
  { name: "x-cache-hits", isHit: /[1-9]/ },
  { name: "cdn-cache", isHit: /\bhit\b/i },
  // RFC 9211
  { name: "cache-status", isHit: /;\s*hit\b/i },
  // Varnish: two numbers are this request's and the one that was stored.
  { name: "x-varnish", isHit: /^\d+ \d+$/ },
  { name: "age", isHit: /^[1-9]\d*$/ },
];

/** `` `Age: 583098` `` and the first other sign; empty if there is none. */
export function cacheSigns(headers: HeaderList): readonly string[] {
  return hits.flatMap(({ name, isHit }) => {
    const value = getHeader(headers, name);
    return value !== null && isHit.test(value) ? [`${nameIn(headers, name)}: ${value}`] : [];
  });
}

/** May a cache store the response at all? */
export function isStorable(headers: HeaderList): boolean {
  return !/\b(?:no-store|private)\b/i.test(getHeader(headers, "cache-control") ?? "");
}

function nameIn(headers: HeaderList, name: string): string {
  return headers.find(([each]) => each.toLowerCase() === name)?.[0] ?? name;
}
