// Fetch: cors-unsafe-request-header-names, as each engine reads it. The standard's own form is in
// standard/request-header.ts; engines differ in how they treat repeated headers, in limits, and in a few
// names.

import type { Header, HeaderList } from "../standard/message.ts";
import {
  isCorsSafelistedRequestHeader,
  safelistedValueLimit,
  sortedLowercaseSet,
} from "../standard/request-header.ts";
import { asciiLowercase } from "../standard/token.ts";
import type { Engine, HintValue } from "./engine.ts";

/** In lower case, sorted by byte, each once in the standard: what Access-Control-Request-Headers lists. */
export function unsafeRequestHeaderNames(headers: HeaderList, engine: Engine): string[] {
  const { repeatedHeaders, safelistedSumLimit } = engine.quirks;
  const unsafe: string[] = [];
  const safelisted: string[] = [];
  let size = 0;
  for (const [name, value] of repeatedHeaders === "joined" ? joinedByName(headers) : headers) {
    if (!isSafelistedRequestHeader(name, value, engine)) unsafe.push(name);
    else {
      safelisted.push(name);
      size += value.length;
    }
  }
  if (safelistedSumLimit !== undefined && size > safelistedSumLimit) unsafe.push(...safelisted);
  if (engine.quirks.asksPerLine) return unsafe.map(asciiLowercase).sort(byCodeUnit);
  return sortedLowercaseSet(unsafe);
}

/** Fetch: cors-safelisted-request-header, as the engine reads it. */
export function isSafelistedRequestHeader(
  name: string,
  value: string,
  { quirks }: Engine,
): boolean {
  const lower = asciiLowercase(name);
  if (Object.hasOwn(quirks.safelistedHints, lower)) {
    const values = hintValues[quirks.safelistedHints[lower]!];
    return value.length <= safelistedValueLimit && values.test(value);
  }
  if (lower === "range") {
    const range = quirks.rangeLoose
      ? asciiLowercase(value).replaceAll(/([=-])[\v\f]*\+?(?=\d)/g, "$1")
      : value;
    return isCorsSafelistedRequestHeader(lower, range) && isWithin(range, quirks.rangeLimit);
  }
  if (quirks.highBytesUnsafe && (lower === "accept" || lower === "content-type"))
    for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0x7f) return false;
  return isCorsSafelistedRequestHeader(lower, value);
}

const hintValues: Readonly<Record<HintValue, RegExp>> = {
  any: /^/,
  integer: /^\d+$/,
  decimal: /^\d+(?:\.\d+)?$/,
  on: /^on$/i,
  connection: /^(?:slow-2g|2g|3g|4g)$/,
};

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether neither number of an otherwise safelisted range exceeds the limit. */
function isWithin(range: string, limit: string | undefined): boolean {
  if (limit === undefined) return true;
  return range
    .slice("bytes=".length)
    .split("-")
    .every((digits) => {
      const number = digits.replace(/^0+/, "");
      return number.length < limit.length || (number.length === limit.length && number <= limit);
    });
}

function joinedByName(headers: HeaderList): Header[] {
  const joined = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = asciiLowercase(name);
    const before = joined.get(lower);
    joined.set(lower, before === undefined ? value : `${before}, ${value}`);
  }
  return [...joined];
}
