// What a person pastes, read as the request of a page. Runs anywhere: the command line and the
// playground use the same readers.

import type { CredentialsMode, RequestMode, RedirectMode } from "@corsway/cors/browser";
import type { HeaderList } from "@corsway/cors/standard";

/** A request of a page, as far as the pasted text says it. */
export interface PastedRequest {
  readonly url: string;
  readonly method: string;
  /** Without those that a browser sets by itself: `origin` and `credentials` say what they say. */
  readonly headers: HeaderList;
  readonly body?: string;
  /** The body is a stream, which forces a preflight. */
  readonly upload?: "stream";
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

/** What a reader found: one request as it was on the wire, or as a page wrote it. */
export interface RawRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: HeaderList;
  readonly body?: string;
  readonly upload?: "stream";
  readonly origin?: string;
  readonly hasCookies?: boolean;
  readonly credentials?: CredentialsMode;
  readonly mode?: RequestMode;
  readonly redirect?: RedirectMode;
}

/** The request of the page: without what the browser added, and for a preflight the request that it is for. */
export function pageRequestOf(raw: RawRequest, said: readonly string[]): PastedRequest {
  const notes = [...said];
  const { headers, origin = raw.origin, hasCookies } = ownHeaders(preflighted(raw), notes);
  const asked = valueOf(raw, "access-control-request-method");
  if (asked !== undefined)
    notes.push("this is a preflight: the request that a browser sends it for is explained");
  const credentials =
    raw.credentials ?? (hasCookies || raw.hasCookies === true ? "include" : undefined);
  return {
    url: raw.url,
    method: asked ?? raw.method,
    headers,
    ...(raw.body === undefined ? {} : { body: raw.body }),
    ...(raw.upload === undefined ? {} : { upload: raw.upload }),
    ...(origin === undefined ? {} : { origin }),
    ...(credentials === undefined ? {} : { credentials }),
    ...(raw.mode === undefined ? {} : { mode: raw.mode }),
    ...(raw.redirect === undefined ? {} : { redirect: raw.redirect }),
    notes,
  };
}

/** The headers of the request that a preflight is for: it names those, and has none of them itself. */
function preflighted(raw: RawRequest): HeaderList {
  if (valueOf(raw, "access-control-request-method") === undefined) return raw.headers;
  const kept = raw.headers.filter(([name]) => /^(?:origin|referer)$/i.test(name));
  const names = (valueOf(raw, "access-control-request-headers") ?? "").split(",");
  for (const name of names.map((each) => each.trim()))
    if (name !== "")
      kept.push([name, name.toLowerCase() === "content-type" ? "application/json" : "x"]);
  return kept;
}

function valueOf({ headers }: RawRequest, name: string): string | undefined {
  return headers.find(([each]) => each.toLowerCase() === name)?.[1];
}

/**
 * Separates what the page set from what the browser added when DevTools copied the request. `Accept` and
 * `Accept-Language` stay: a page may set them, and their usual values need no preflight.
 */
function ownHeaders(
  headers: HeaderList,
  notes: string[],
): Pick<PastedRequest, "headers" | "origin"> & { readonly hasCookies: boolean } {
  const kept: (readonly [string, string])[] = [];
  let origin: string | undefined;
  let referer: string | undefined;
  let hasCookies = false;
  const has = (wanted: string, value: string): boolean =>
    headers.some(([name, is]) => name.toLowerCase() === wanted && is === value);
  // What browsers add while `Disable cache` is ticked in the developer tools.
  const isUncached = has("pragma", "no-cache") && has("cache-control", "no-cache");
  if (isUncached)
    notes.push(
      "`Cache-Control` and `Pragma` are left out: browsers add both while `Disable cache` is on in DevTools",
    );
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower === "origin") origin = value;
    else if (lower === "referer") referer = originOf(value);
    else if (lower === "cookie") hasCookies = true;
    else if (isUncached && lower === "cache-control") continue;
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

/** Of several copied requests (`Copy all as …`) the first that a page of another origin made. */
export function firstOfOtherOrigin<T extends PastedRequest>(requests: readonly T[]): T | undefined {
  return requests.find(
    ({ origin, url }) =>
      origin !== undefined && URL.canParse(url) && new URL(url).origin !== origin,
  );
}
