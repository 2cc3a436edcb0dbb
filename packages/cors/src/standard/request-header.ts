// Which request headers need a preflight, and which a page cannot set at all (Fetch §2.2.2).
// Safelisting looks at name *and* value: most libraries look at the name alone and get it wrong.

import { isForbiddenRequestHeaderName } from "./header-name.ts";
import type { Header, HeaderList } from "./message.ts";
import { isForbiddenMethod } from "./method.ts";
import { mimeTypeEssence } from "./mime-type.ts";
import { asciiLowercase } from "./token.ts";

/** Longest value of a CORS-safelisted request-header, in bytes. */
export const safelistedValueLimit = 128;
/** Longest sum of all safelisted values, in bytes; above it all of them are unsafe. */
export const safelistedSumLimit = 1024;

/** Fetch: forbidden-request-header. Silently dropped when a page sets it. */
export function isForbiddenRequestHeader(name: string, value: string): boolean {
  if (isForbiddenRequestHeaderName(name)) return true;
  const lower = asciiLowercase(name);
  if (
    lower === "x-http-method" ||
    lower === "x-http-method-override" ||
    lower === "x-method-override"
  ) {
    // Fetch: "get, decode, and split" the value, then look for a forbidden method. Quoted commas
    // do not separate.
    return splitOutsideQuotes(value).some(isForbiddenMethod);
  }
  return false;
}

/** Fetch: cors-unsafe-request-header-byte. */
export function isCorsUnsafeRequestHeaderByte(code: number): boolean {
  if (code < 0x20) return code !== 0x09;
  switch (code) {
    case 0x22: // "
    case 0x28: // (
    case 0x29: // )
    case 0x3a: // :
    case 0x3c: // <
    case 0x3e: // >
    case 0x3f: // ?
    case 0x40: // @
    case 0x5b: // [
    case 0x5c: // \
    case 0x5d: // ]
    case 0x7b: // {
    case 0x7d: // }
    case 0x7f:
      return true;
    default:
      return false;
  }
}

/** Fetch: cors-safelisted-request-header. */
export function isCorsSafelistedRequestHeader(name: string, value: string): boolean {
  if (value.length > safelistedValueLimit) return false;
  switch (asciiLowercase(name)) {
    case "accept":
      return !hasUnsafeByte(value);
    case "accept-language":
    case "content-language":
      return isLanguageValue(value);
    case "content-type": {
      if (hasUnsafeByte(value)) return false;
      const essence = mimeTypeEssence(value);
      return (
        essence === "application/x-www-form-urlencoded" ||
        essence === "multipart/form-data" ||
        essence === "text/plain"
      );
    }
    case "range":
      return isSimpleRange(value);
    default:
      return false;
  }
}

/**
 * Fetch: cors-unsafe-request-header-names: the names that Access-Control-Request-Headers will list, in
 * lower case, each once, sorted by byte. If the values of safelisted headers add up to more than 1024
 * bytes, all of them become unsafe.
 */
export function corsUnsafeRequestHeaderNames(headers: HeaderList): string[] {
  const unsafe: string[] = [];
  const potentiallyUnsafe: string[] = [];
  let safelistValueSize = 0;
  for (const [name, value] of headers) {
    if (!isCorsSafelistedRequestHeader(name, value)) unsafe.push(name);
    else {
      potentiallyUnsafe.push(name);
      safelistValueSize += value.length;
    }
  }
  if (safelistValueSize > safelistedSumLimit) unsafe.push(...potentiallyUnsafe);
  return sortedLowercaseSet(unsafe);
}

/** Fetch: no-cors-safelisted-request-header. */
export function isNoCorsSafelistedRequestHeader([name, value]: Header): boolean {
  const lower = asciiLowercase(name);
  return lower !== "range" && isCorsSafelistedRequestHeader(lower, value);
}

/** Fetch: convert-header-names-to-a-sorted-lowercase-set. */
export function sortedLowercaseSet(names: readonly string[]): string[] {
  return [...new Set(names.map(asciiLowercase))].sort(byCodeUnit);
}

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hasUnsafeByte(value: string): boolean {
  for (let i = 0; i < value.length; i++)
    if (isCorsUnsafeRequestHeaderByte(value.charCodeAt(i))) return true;
  return false;
}

function isLanguageValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    const alphanumeric =
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a);
    if (!alphanumeric && !" *,-.;=".includes(value.charAt(i))) return false;
  }
  return true;
}

/**
 * Fetch: simple-range-header-value: `bytes=` start `-` [end], without white space; the start is required
 * and not after the end. Digits are compared as digits, because they may exceed what a number can hold.
 */
function isSimpleRange(value: string): boolean {
  const match = /^bytes=(\d+)-(\d*)$/.exec(value);
  if (match === null) return false;
  const start = match[1]!.replace(/^0+/, "");
  const end = match[2]!;
  if (end === "") return true;
  const last = end.replace(/^0+/, "");
  return start.length < last.length || (start.length === last.length && start <= last);
}

/** The values of Fetch's "get, decode, and split", for one already decoded value. */
function splitOutsideQuotes(value: string): string[] {
  const values: string[] = [];
  let current = "";
  for (let i = 0; i < value.length; i++) {
    const char = value.charAt(i);
    if (char === ",") {
      values.push(trimTabOrSpace(current));
      current = "";
    } else if (char === '"') {
      const end = endOfQuotedString(value, i);
      current += value.slice(i, end);
      i = end - 1;
    } else current += char;
  }
  values.push(trimTabOrSpace(current));
  return values;
}

function endOfQuotedString(value: string, start: number): number {
  for (let i = start + 1; i < value.length; i++) {
    if (value[i] === "\\") i++;
    else if (value[i] === '"') return i + 1;
  }
  return value.length;
}

function trimTabOrSpace(value: string): string {
  return value.replace(/^[\t ]+|[\t ]+$/g, "");
}
