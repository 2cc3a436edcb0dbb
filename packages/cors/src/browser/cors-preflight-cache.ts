// Fetch §4.8 CORS-preflight cache: what a server has already allowed, per method and per header name. An
// entry with credentials serves both kinds of request; one without serves only its own kind. The caller
// supplies the clock. Entries are in maps, because a server may list thousands of names, and limited:
// the oldest are evicted first (the standard permits eviction at any time).

import { isCorsNonWildcardRequestHeaderName } from "../standard/header-name.ts";
import { asciiLowercase } from "../standard/token.ts";
import type { Engine } from "./engine.ts";

/** Fetch: cache-entry, of one (partition key, origin, URL). */
export interface CacheEntry {
  readonly credentials: boolean;
  readonly kind: "method" | "header-name";
  /** `*`, a method, or a header name in lower case. */
  readonly name: string;
  /** Milliseconds. */
  readonly storedAt: number;
  /** Seconds since `storedAt`. */
  maxAge: number;
}

/** Which entries: key, byte-serialised origin and URL (complete, with query and fragment). */
export interface CacheLookup {
  readonly key: string;
  readonly origin: string;
  readonly url: string;
  readonly credentials: boolean;
  /** Milliseconds. */
  readonly now: number;
}

const placeLimit = 10_000;
const entryLimit = 4_096;

/** What the servers have allowed so far. There is one cache per browser; `run` accepts it. */
export class CorsPreflightCache {
  readonly #places: Map<string, Map<string, CacheEntry>> = new Map();

  clear(): void {
    this.#places.clear();
  }

  /** Every entry stored for this lookup, expired or not. */
  entries(lookup: CacheLookup): CacheEntry[] {
    return [...(this.#places.get(placeKey(lookup))?.values() ?? [])];
  }

  /** Fetch: concept-cache-create-entry. */
  create(lookup: CacheLookup, kind: CacheEntry["kind"], name: string, maxAge: number): void {
    const key = placeKey(lookup);
    let place = this.#places.get(key);
    if (place === undefined) {
      place = new Map();
      this.#places.set(key, place);
      if (this.#places.size > placeLimit) this.#places.delete(first(this.#places));
    }
    const { credentials, now } = lookup;
    place.set(entryKey(credentials, kind, name), {
      credentials,
      kind,
      name,
      storedAt: now,
      maxAge,
    });
    if (place.size > entryLimit) place.delete(first(place));
  }

  /** Fetch: concept-cache-clear. Credentialed or not. */
  remove(lookup: CacheLookup): void {
    this.#places.delete(placeKey(lookup));
  }

  /** Fetch: concept-cache-match-method. */
  matchMethod(lookup: CacheLookup, method: string, engine: Engine): CacheEntry[] {
    return this.#match(lookup, "method", [method, "*"], engine);
  }

  /** Fetch: concept-cache-match-header. */
  matchHeaderName(lookup: CacheLookup, name: string, engine: Engine): CacheEntry[] {
    const lower = asciiLowercase(name);
    const wildcard =
      engine.quirks.cacheWildcardCoversAuthorization || !isCorsNonWildcardRequestHeaderName(lower);
    return this.#match(lookup, "header-name", wildcard ? [lower, "*"] : [lower], engine);
  }

  /** Is there any entry for this request's credentials? The standard never asks this, but engines do. */
  matchAny(lookup: CacheLookup, engine: Engine): CacheEntry[] {
    return this.entries(lookup).filter(
      ({ credentials, storedAt, maxAge }) =>
        lookup.now - storedAt < maxAge * 1000 &&
        (credentials === lookup.credentials ||
          (credentials && engine.quirks.cacheCredentialedServesBoth)),
    );
  }

  #match(
    lookup: CacheLookup,
    kind: CacheEntry["kind"],
    names: readonly string[],
    engine: Engine,
  ): CacheEntry[] {
    const place = this.#places.get(placeKey(lookup));
    if (place === undefined) return [];
    const found = new Set<CacheEntry>();
    for (const credentials of [lookup.credentials, true]) {
      if (credentials !== lookup.credentials && !engine.quirks.cacheCredentialedServesBoth)
        continue;
      for (const name of names) {
        const entry = place.get(entryKey(credentials, kind, name));
        if (entry === undefined || !matchesAs(entry, names[0]!, lookup, engine)) continue;
        if (lookup.now - entry.storedAt < entry.maxAge * 1000) found.add(entry);
        else place.delete(entryKey(credentials, kind, name));
      }
    }
    return [...found];
  }
}

/** In the standard `*` is a wildcard here; in engines it is one only sometimes, and always also a plain name. */
function matchesAs(
  { name, credentials }: CacheEntry,
  asked: string,
  lookup: CacheLookup,
  { quirks }: Engine,
): boolean {
  if (name === asked) return true;
  if (!quirks.cacheMatchesWildcard) return false;
  if (!credentials || quirks.cacheCredentialedWildcard === "for-all") return true;
  return quirks.cacheCredentialedWildcard === "without-credentials" && !lookup.credentials;
}

// no origin, URL, method or header name contains a line feed, so the parts cannot run together
function placeKey({ key, origin, url }: CacheLookup): string {
  return `${origin}\n${url}\n${key}`;
}

function entryKey(credentials: boolean, kind: CacheEntry["kind"], name: string): string {
  return `${credentials ? "with" : "without"}\n${kind}\n${name}`;
}

function first(map: ReadonlyMap<string, unknown>): string {
  return map.keys().next().value!;
}
