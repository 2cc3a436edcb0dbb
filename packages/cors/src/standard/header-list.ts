// Reads a header list as the Fetch standard does. It keeps apart three outcomes that most code treats as
// two: no such header (null), a value that does not match its grammar (failure), and a list.

import type { HeaderList } from "./message.ts";
import { isTokenCode } from "./token.ts";

/** Does the list contain the name? (Fetch: header-list-contains) `lowerName` in lower case. */
export function hasHeader(headers: HeaderList, lowerName: string): boolean {
  for (const [name] of headers) if (isNamed(name, lowerName)) return true;
  return false;
}

/**
 * Fetch: concept-header-list-get: all values of the name joined with `, `, or null if there are none.
 * So two Access-Control-Allow-Origin lines are one value that matches no origin.
 */
export function getHeader(headers: HeaderList, lowerName: string): string | null {
  let joined: string | null = null;
  for (const [name, value] of headers)
    if (isNamed(name, lowerName)) joined = joined === null ? value : `${joined}, ${value}`;
  return joined;
}

/** The value of the first line with this name; undefined if there is none. Not an algorithm of Fetch. */
export function firstHeader(headers: HeaderList, lowerName: string): string | undefined {
  for (const [name, value] of headers) if (isNamed(name, lowerName)) return value;
  return undefined;
}

/** The value of each line with this name, in order. */
export function headerLines(headers: HeaderList, lowerName: string): string[] {
  const lines: string[] = [];
  for (const [name, value] of headers) if (isNamed(name, lowerName)) lines.push(value);
  return lines;
}

/** Is this the name, in any case? `lowerName` in lower case. Makes no string: it is asked very often. */
export function isNamed(name: string, lowerName: string): boolean {
  if (name.length !== lowerName.length) return false;
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i);
    const wanted = lowerName.charCodeAt(i);
    if (code !== wanted && (code < 0x41 || code > 0x5a || code + 0x20 !== wanted)) return false;
  }
  return true;
}

/** A header value that does not fit its grammar. */
export const failure: unique symbol = Symbol("failure");
/** The type of `failure`, which is neither a list nor the absence of one. */
export type Failure = typeof failure;

/**
 * Fetch: extract-header-list-values, for the grammar `#token` (Access-Control-Allow-Methods,
 * -Allow-Headers, -Expose-Headers): null if the header is absent, failure if any line has an element
 * that is not a token. Empty elements are allowed (RFC 9110 §5.6.1.2).
 */
export function extractHeaderListValues(
  headers: HeaderList,
  lowerName: string,
): string[] | null | Failure {
  let values: string[] | null = null;
  for (const [name, value] of headers) {
    if (!isNamed(name, lowerName)) continue;
    values ??= [];
    if (!appendTokens(value, values)) return failure;
  }
  return values;
}

/** RFC 9110 §5.6.1.2 `#token` of one value: its elements, or failure. */
export function parseTokenList(value: string): string[] | Failure {
  const values: string[] = [];
  return appendTokens(value, values) ? values : failure;
}

function appendTokens(value: string, into: string[]): boolean {
  let i = 0;
  const end = value.length;
  for (;;) {
    while (i < end && isOptionalWhitespace(value.charCodeAt(i))) i++;
    const start = i;
    while (i < end && isTokenCode(value.charCodeAt(i))) i++;
    if (i > start) into.push(value.slice(start, i));
    while (i < end && isOptionalWhitespace(value.charCodeAt(i))) i++;
    if (i === end) return true;
    if (value.charCodeAt(i) !== 0x2c) return false;
    i++;
  }
}

/** Fetch: concept-header-value-normalize: removes leading and trailing tab, space, LF and CR, nothing more. */
export function normalizeHeaderValue(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isHttpWhitespace(value.charCodeAt(start))) start++;
  while (end > start && isHttpWhitespace(value.charCodeAt(end - 1))) end--;
  return start === 0 && end === value.length ? value : value.slice(start, end);
}

function isOptionalWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}

function isHttpWhitespace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}
