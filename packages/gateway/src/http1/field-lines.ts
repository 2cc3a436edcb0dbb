// The field lines of a head or of trailers (RFC 9112 §5), unrepaired: order, case and duplicates
// stay, bytes from 0x80 stay, and around a value only space and tab are cut.

import { isToken, type Header } from "@corsway/cors/standard";
import { fault, type WireFault } from "./fault.ts";
import { isomorphicDecode } from "./isomorphic.ts";

/**
 * `strict` refuses every control byte in a value but tab: what a server should do with requests.
 * `faithful` refuses NUL alone, for browsers let the others through and a CORS check then sees
 * them (`\vhttps://a.example` is not `https://a.example`).
 */
export type ValueRule = "strict" | "faithful";

export type FieldLines =
  | { readonly kind: "headers"; readonly headers: readonly Header[] }
  | WireFault;

/** `bytes` from `start` are lines that each end in CR LF; the last one is empty. */
export function parseFieldLines(
  bytes: Uint8Array,
  start: number,
  count: number,
  rule: ValueRule,
): FieldLines {
  const headers: Header[] = [];
  let at = start;
  while (bytes[at] !== 0x0d) {
    if (headers.length === count) return fault("too-many-headers", at);
    if (bytes[at] === 0x20 || bytes[at] === 0x09) return fault("header-folded", at);
    const end = bytes.indexOf(0x0d, at);
    const colon = bytes.indexOf(0x3a, at);
    if (colon < 0 || colon > end) return fault("header-name-malformed", at);
    const name = isomorphicDecode(bytes, at, colon);
    if (!isToken(name)) return fault("header-name-malformed", at);
    let first = colon + 1;
    let last = end;
    while (first < last && isBlank(bytes[first]!)) first++;
    while (last > first && isBlank(bytes[last - 1]!)) last--;
    for (let i = first; i < last; i++)
      if (!isValueByte(bytes[i]!, rule)) return fault("header-value-malformed", i);
    headers.push([name, isomorphicDecode(bytes, first, last)]);
    at = end + 2;
  }
  return { kind: "headers", headers };
}

/** RFC 9110 §5.5 `field-value`: tab, visible bytes, space and obs-text. */
export function isValueByte(byte: number, rule: ValueRule): boolean {
  if (byte >= 0x20) return byte !== 0x7f || rule === "faithful";
  return byte === 0x09 || (rule === "faithful" && byte !== 0x00 && byte !== 0x0a && byte !== 0x0d);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
