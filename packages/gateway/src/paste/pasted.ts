// What a person pastes, read as the request of a page. Runs anywhere: the command line and the
// playground use the same readers.

import type { CredentialsMode, RequestMode, RedirectMode } from "@corsway/cors/browser";
import type { HeaderList } from "@corsway/cors/standard";

/** A request of a page, as far as the pasted text says it. */
export interface PastedRequest {
  readonly url: string;
  readonly method: string;
  /** Without those that a browser sets by itself: `origin` and `dropped` hold them. */
  readonly headers: HeaderList;
  readonly body?: string;
  /** The page's origin, where an `Origin` or `Referer` says it. */
  readonly origin?: string;
  readonly credentials?: CredentialsMode;
  readonly mode?: RequestMode;
  readonly redirect?: RedirectMode;
  /** What could not be read, or does not matter to a browser: one line each. */
  readonly notes: readonly string[];
}

/** Why a text could not be read. */
export interface PasteFault {
  readonly say: string;
  readonly fix: string;
}

/** Request headers that a browser sets by itself, whatever the page asks for. */
const browserOwn: ReadonlySet<string> = new Set([
  "accept-encoding",
  "connection",
  "content-length",
  "cookie",
  "dnt",
  "host",
  "origin",
  "pragma",
  "priority",
  "referer",
  "te",
  "upgrade-insecure-requests",
  "user-agent",
]);

/**
 * Separates what the page set from what the browser added when DevTools copied the request. `Accept`,
 * `Accept-Language` and `Cache-Control` stay: a page may set them, and they need no preflight or are
 * told by their value.
 */
export function ownHeaders(
  headers: HeaderList,
): Pick<PastedRequest, "headers" | "origin"> & { readonly hasCookies: boolean } {
  const kept: (readonly [string, string])[] = [];
  let origin: string | undefined;
  let referer: string | undefined;
  let hasCookies = false;
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === "origin") origin = value;
    else if (lower === "referer") referer = originOf(value);
    else if (lower === "cookie") hasCookies = true;
    else if (!browserOwn.has(lower) && !lower.startsWith("sec-") && !lower.startsWith("proxy-"))
      kept.push([name, value]);
  }
  const page = origin ?? referer;
  return { headers: kept, hasCookies, ...(page === undefined ? {} : { origin: page }) };
}

/** The origin of an http or https URL; undefined for anything else. */
function originOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined;
  const { protocol, origin } = new URL(url);
  return protocol === "http:" || protocol === "https:" ? origin : undefined;
}
