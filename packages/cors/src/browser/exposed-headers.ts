// Which response headers a page may read (Fetch: main fetch 14.1, CORS filtered response).

import { extractHeaderListValues, failure } from "../standard/header-list.ts";
import {
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
} from "../standard/header-name.ts";
import type { HeaderList } from "../standard/message.ts";
import { asciiLowercase } from "../standard/token.ts";

/**
 * Fetch: concept-response-cors-exposed-header-name-list. `*` means all headers only without credentials;
 * with them it is the name of a header called `*`. A single element that is not a token exposes nothing.
 */
export function corsExposedHeaderNames(
  headers: HeaderList,
  include: boolean,
): { readonly names: readonly string[]; readonly read: "absent" | "unparsable" | "any" | "list" } {
  const listed = extractHeaderListValues(headers, "access-control-expose-headers");
  if (listed === null) return { names: [], read: "absent" };
  if (listed === failure) return { names: [], read: "unparsable" };
  if (!include && listed.includes("*"))
    return { names: [...new Set(headers.map(([name]) => asciiLowercase(name)))], read: "any" };
  return { names: listed.map(asciiLowercase), read: "list" };
}

/** Fetch: cors-safelisted-response-header-name, given the exposed list. */
export function isReadableResponseHeader(name: string, exposed: ReadonlySet<string>): boolean {
  if (isForbiddenResponseHeaderName(name)) return false;
  return isCorsSafelistedResponseHeaderName(name) || exposed.has(asciiLowercase(name));
}
