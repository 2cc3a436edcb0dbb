// The MIME Sniffing standard's "parse a MIME type", as far as a CORS decision needs it: the essence.
// Parameters cannot make parsing fail, so they are not read. (Its HTTP whitespace is the same that
// normalising a header value removes.)

import { normalizeHeaderValue } from "./header-list.ts";
import { asciiLowercase, isToken } from "./token.ts";

/**
 * The essence (`type/subtype`, lower case) of a MIME type, or undefined if parsing fails.
 * (mimesniff: parse-a-mime-type) `text/plain;` and `text/plain;garbage` parse; `text /plain` and
 * `text/plain,text/plain` do not.
 */
export function mimeTypeEssence(value: string): string | undefined {
  const input = normalizeHeaderValue(value);
  const slash = input.indexOf("/");
  if (slash < 0) return undefined;
  const type = input.slice(0, slash);
  const semicolon = input.indexOf(";", slash + 1);
  const rest = semicolon < 0 ? input.slice(slash + 1) : input.slice(slash + 1, semicolon);
  // Trailing space only: `text/ plain` has a space in its subtype, and fails.
  const subtype = rest.slice(0, normalizeHeaderValue(`x${rest}`).length - 1);
  if (!isToken(type) || !isToken(subtype)) return undefined;
  return `${asciiLowercase(type)}/${asciiLowercase(subtype)}`;
}
