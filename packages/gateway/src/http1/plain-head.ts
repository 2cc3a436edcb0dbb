// The fast path through a head: one pass over the bytes that accepts what is plainly valid and gives up on everything else.
// If it gives up, the full reader (`request-head.ts`, `response-head.ts`) reads the head; that reader accepts the same heads
// and names the fault of any other. A test checks that both read every head alike that this one accepts.

import { classes, target, token, valueClass, type ValueRule } from "./byte-classes.ts";
import { isomorphicDecode } from "./isomorphic.ts";
import { cutLines, printLines, type Lines } from "./lines.ts";
import type { WireLimits } from "./limits.ts";
import type { WireRequestHead } from "./request-head.ts";
import type { WireResponseHead } from "./response-head.ts";

/**
 * The positions of names and values, four offsets per field. Shared by all scans, because a scan ends before another begins.
 * Most heads have fewer fields than this; one that has more is left to the full reader.
 */
const mostFields = 128;
const places = new Int32Array(4 * mostFields);
let fieldCount = 0;
/** Each line is `name: value` with one space before the value and nothing after it. */
let verbatim = true;

/** The whole head at the start of `bytes`, or undefined: not plainly valid, or not complete. */
export function scanRequestHead(
  bytes: Uint8Array,
  limits: WireLimits,
): WireRequestHead | undefined {
  const limit = Math.min(bytes.length, limits.headSize);
  let at = 0;
  while (at < limit && (classes[bytes[at]!]! & token) !== 0) at++;
  const methodEnd = at;
  if (at === 0 || bytes[at] !== 0x20) return undefined;
  at++;
  while (at < limit && (classes[bytes[at]!]! & target) !== 0) at++;
  const targetEnd = at;
  const size = targetEnd - methodEnd - 1;
  if (size === 0 || size > limits.targetSize) return undefined;
  // ` HTTP/1.1` CR LF
  if (at + 11 > limit || bytes[at] !== 0x20 || !isVersion(bytes, at + 1)) return undefined;
  if (bytes[at + 9] !== 0x0d || bytes[at + 10] !== 0x0a) return undefined;
  const end = scanFields(bytes, at + 11, limit, limits.headerCount, "strict");
  if (end < 0) return undefined;
  const text = isomorphicDecode(bytes, 0, end);
  const fields = sliceFields(text);
  return {
    kind: "request",
    method: text.slice(0, methodEnd),
    target: text.slice(methodEnd + 1, targetEnd),
    version: bytes[at + 8] === 0x31 ? "1.1" : "1.0",
    fields,
    lines: linesOf(text, fields, at + 11),
    size: end,
  };
}

/** The same for a response. */
export function scanResponseHead(
  bytes: Uint8Array,
  limits: WireLimits,
  rule: ValueRule,
): WireResponseHead | undefined {
  const limit = Math.min(bytes.length, limits.headSize);
  // `HTTP/1.1 200`
  if (limit < 14 || !isVersion(bytes, 0) || bytes[8] !== 0x20) return undefined;
  let status = 0;
  for (let i = 9; i < 12; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return undefined;
    status = status * 10 + digit;
  }
  if (status < 100 || status > 599) return undefined;
  let at = 12;
  if (bytes[at] === 0x20) at++;
  const reasonStart = at;
  if (reasonStart === 13) {
    const reason = valueClass("strict");
    while (at < limit && (classes[bytes[at]!]! & reason) !== 0) at++;
  }
  const reasonEnd = at;
  if (at + 2 > limit || bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) return undefined;
  const end = scanFields(bytes, at + 2, limit, limits.headerCount, rule);
  if (end < 0) return undefined;
  const text = isomorphicDecode(bytes, 0, end);
  const fields = sliceFields(text);
  return {
    kind: "response",
    version: bytes[7] === 0x31 ? "1.1" : "1.0",
    status,
    reason: text.slice(reasonStart, reasonEnd),
    fields,
    lines: linesOf(text, fields, reasonEnd + 2),
    size: end,
  };
}

/** `HTTP/1.1` or `HTTP/1.0`. */
function isVersion(bytes: Uint8Array, at: number): boolean {
  return (
    bytes[at] === 0x48 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x54 &&
    bytes[at + 3] === 0x50 &&
    bytes[at + 4] === 0x2f &&
    bytes[at + 5] === 0x31 &&
    bytes[at + 6] === 0x2e &&
    (bytes[at + 7] === 0x31 || bytes[at + 7] === 0x30)
  );
}

/** The offset after the empty line, or -1. */
function scanFields(
  bytes: Uint8Array,
  from: number,
  limit: number,
  most: number,
  rule: ValueRule,
): number {
  const value = valueClass(rule);
  const room = Math.min(most, mostFields) * 4;
  let at = from;
  let place = 0;
  verbatim = true;
  while (at < limit && bytes[at] !== 0x0d) {
    if (place === room) return -1;
    const nameStart = at;
    while (at < limit && (classes[bytes[at]!]! & token) !== 0) at++;
    if (at === nameStart || at === limit || bytes[at] !== 0x3a) return -1;
    const nameEnd = at;
    at++;
    while (at < limit && isBlank(bytes[at]!)) at++;
    const valueStart = at;
    while (at < limit && (classes[bytes[at]!]! & value) !== 0) at++;
    // A line that ends at the limit is incomplete; one that ends in anything but CR LF is not valid.
    if (at + 2 > limit || bytes[at] !== 0x0d || bytes[at + 1] !== 0x0a) return -1;
    let valueEnd = at;
    while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1]!)) valueEnd--;
    if (valueStart !== nameEnd + 2 || valueEnd !== at || bytes[nameEnd + 1] !== 0x20)
      verbatim = false;
    places[place++] = nameStart;
    places[place++] = nameEnd;
    places[place++] = valueStart;
    places[place++] = valueEnd;
    at += 2;
  }
  if (at + 2 > limit || bytes[at + 1] !== 0x0a) return -1;
  fieldCount = place;
  return at + 2;
}

function sliceFields(text: string): string[] {
  // With its final length from the start: grown by push, it would be copied three times for a browser's head.
  const fields: string[] = [];
  fields.length = fieldCount / 2;
  for (let i = 0, place = 0; place < fieldCount; i++, place += 2)
    fields[i] = text.slice(places[place], places[place + 1]);
  return fields;
}

/** The field lines of the head `text`, which begin at `from`. */
function linesOf(text: string, fields: readonly string[], from: number): Lines {
  return verbatim ? cutLines(text as Lines, from, text.length - 2) : printLines(fields);
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09;
}
