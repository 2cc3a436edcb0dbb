// Does a list of names contain every name that Access-Control-Request-Headers asks for? This reads
// request bytes, so it uses no regular expression, limits bytes and names, and stops at the first name
// that is not in the list.

import { asciiLowercase, endOfToken } from "../../standard/token.ts";
import { emptyElementsLimit, requestedBytesLimit, requestedNamesLimit } from "../request-limits.ts";

/** The result of walking the names of a comma-separated list. `stopped`: `onName` returned false. */
export type NameWalk = "done" | "stopped" | "malformed" | "beyond";

/**
 * Calls `onName` with each name, in lower case, of the field's value (all lines joined with ", ").
 * Returns `malformed` if an element is not a token, `beyond` if a limit is exceeded. Empty elements are
 * skipped, as in `#token`.
 */
export function walkRequestedNames(
  value: string,
  onName: (lowerName: string) => boolean,
  bytesLimit: number = requestedBytesLimit,
  namesLimit: number = requestedNamesLimit,
): NameWalk {
  const end = value.length;
  // Not a byte of it is read: a value too long to be read completely is refused as a whole.
  if (end > bytesLimit) return "beyond";
  let names = 0;
  let empty = 0;
  let i = 0;
  while (i < end) {
    const start = skipWhitespace(value, i, end);
    const nameEnd = endOfToken(value, start);
    i = skipWhitespace(value, nameEnd, end);
    if (i < end && value.charCodeAt(i) !== 0x2c) return "malformed";
    i++;
    if (nameEnd === start) {
      if (++empty > emptyElementsLimit) return "beyond";
      continue;
    }
    if (++names > namesLimit) return "beyond";
    // A token is ASCII, so there is no letter that toLowerCase treats differently.
    if (!onName(value.slice(start, nameEnd).toLowerCase())) return "stopped";
  }
  return "done";
}

function skipWhitespace(line: string, from: number, limit: number): number {
  let i = from;
  while (i < limit) {
    const code = line.charCodeAt(i);
    if (code !== 0x20 && code !== 0x09) break;
    i++;
  }
  return i;
}

/** A list of names in lower case, and the limits for reading a request's list of them. */
export interface NameSet {
  has(lowerName: string): boolean;
  readonly bytesLimit: number;
  readonly namesLimit: number;
}

/**
 * A page may ask for every name of a longer list, so the size of the list is also a limit: a browser
 * asks for each name once.
 */
export function compileNameSet(names: readonly string[]): NameSet {
  const set = new Set(names.map(asciiLowercase));
  let bytes = 0;
  let longest = 0;
  for (const name of set) {
    bytes += name.length + 2;
    longest = Math.max(longest, name.length);
  }
  return {
    // A look-up reads every byte of a name once more.
    has: (lowerName) => lowerName.length <= longest && set.has(lowerName),
    bytesLimit: Math.max(requestedBytesLimit, bytes),
    namesLimit: Math.max(requestedNamesLimit, set.size),
  };
}

/**
 * Whether a name belongs to one of the families (`X-Amz-*`). The beginning of the name is looked up, so
 * a long list of families costs only as many look-ups as it has different lengths.
 */
export function compileFamilySet(families: readonly string[]): (lowerName: string) => boolean {
  const beginnings = new Set(families.map((family) => asciiLowercase(family.slice(0, -1))));
  const lengths = [...new Set([...beginnings].map(({ length }) => length))];
  return (lowerName) =>
    lengths.some(
      (length) => length < lowerName.length && beginnings.has(lowerName.slice(0, length)),
    );
}
