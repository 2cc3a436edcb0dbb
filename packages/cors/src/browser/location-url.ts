// Fetch §2.2.6 location URL: where a redirect leads.

import type { HeaderList } from "../standard/message.ts";
import { failure, headerLines, type Failure } from "../standard/header-list.ts";
import type { Engine } from "./engine.ts";
import { asUtf8 } from "./header-bytes.ts";

/** Fetch: redirect-status, plus what some engines add. */
export function isRedirectStatus(status: number, { quirks }: Engine): boolean {
  return quirks.redirectStatuses.includes(status);
}

/**
 * Fetch: concept-response-location-url. null: there is no Location; failure: there are two, or it is not
 * a URL. A target without a fragment inherits the request's.
 */
export function locationUrl(headers: HeaderList, base: URL, engine: Engine): URL | null | Failure {
  const { emptyLocation, equalLocationsAreOne, headerBytes, locationBytesKept } = engine.quirks;
  const lines = headerLines(headers, "location");
  const [location] = lines;
  if (location === undefined) return null;
  if (lines.length > 1 && !(equalLocationsAreOne && new Set(lines).size === 1)) return failure;
  if (location === "" && emptyLocation !== "same-url")
    return emptyLocation === "none" ? null : failure;
  const received = headerBytes === "utf-8" ? asUtf8(location) : location;
  const written = locationBytesKept ? highBytesEncoded(received) : received;
  if (!URL.canParse(written, base)) return failure;
  const url = new URL(written, base);
  if (url.hash === "" && !url.href.endsWith("#")) url.hash = base.hash;
  return url;
}

/** A URL as an engine sees it: some take a space in a host, where the standard fails. */
export function isUrl(value: string, { quirks }: Engine, base?: URL): boolean {
  if (URL.canParse(value, base)) return true;
  if (!quirks.spacesInHosts) return false;
  const spaced = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*)/i.exec(value);
  if (spaced === null || !/ |%20/.test(spaced[2]!)) return false;
  const filled = `${spaced[1]!}${spaced[2]!.replace(/ |%20/g, "x")}${value.slice(spaced[0].length)}`;
  return URL.canParse(filled, base);
}

function highBytesEncoded(value: string): string {
  let encoded = "";
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    encoded += code > 0x7f ? `%${code.toString(16).toUpperCase()}` : value.charAt(i);
  }
  return encoded;
}
