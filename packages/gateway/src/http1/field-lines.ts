// The field lines of a head or of trailers (RFC 9112 §5), without repairs: order, case, duplicates and bytes from 0x80 are
// kept, and only space and tab around a value are removed.

import { classes, token, valueClass, type ValueRule } from "./byte-classes.ts";
import { fault, type WireFault } from "./fault.ts";
import { isomorphicDecode } from "./isomorphic.ts";

export type FieldLines =
  /** Flat: `name, value, name, value…`. */
  { readonly kind: "fields"; readonly fields: string[] } | WireFault;

/** `bytes` from `start` are lines that each end in CR LF; the last one is empty. */
export function parseFieldLines(
  bytes: Uint8Array,
  start: number,
  count: number,
  rule: ValueRule,
): FieldLines {
  const value = valueClass(rule);
  const fields: string[] = [];
  let at = start;
  while (bytes[at] !== 0x0d) {
    if (fields.length === 2 * count) return fault("too-many-headers", at);
    if (isBlank(bytes[at]!)) return fault("header-folded", at);
    const end = bytes.indexOf(0x0d, at);
    let colon = at;
    while ((classes[bytes[colon]!]! & token) !== 0) colon++;
    if (colon === at || bytes[colon] !== 0x3a) return fault("header-name-malformed", at);
    let first = colon + 1;
    let last = end;
    while (first < last && isBlank(bytes[first]!)) first++;
    while (last > first && isBlank(bytes[last - 1]!)) last--;
    for (let i = first; i < last; i++)
      if ((classes[bytes[i]!]! & value) === 0) return fault("header-value-malformed", i);
    fields.push(isomorphicDecode(bytes, at, colon), isomorphicDecode(bytes, first, last));
    at = end + 2;
  }
  return { kind: "fields", fields };
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
