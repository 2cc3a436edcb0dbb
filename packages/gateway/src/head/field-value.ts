// Reading a header list by name on the hot path: names are compared without making strings.

import type { HeaderList } from "@corsway/cors";

/** The value of the first field of this name. `lowerName` in lower case. */
export function fieldValue(headers: HeaderList, lowerName: string): string | undefined {
  for (const [name, value] of headers) if (isName(name, lowerName)) return value;
  return undefined;
}

/** The values of all fields of this name, joined (RFC 9110 §5.3). `lowerName` in lower case. */
export function fieldList(headers: HeaderList, lowerName: string): string | undefined {
  let list: string | undefined;
  for (const [name, value] of headers)
    if (isName(name, lowerName)) list = list === undefined ? value : `${list}, ${value}`;
  return list;
}

/** Case-insensitive equality of a token with a lower-case name. */
export function isName(name: string, lowerName: string): boolean {
  if (name.length !== lowerName.length) return false;
  // Bit 5 is what the cases of a letter differ in: most names of this length differ in the first one.
  if ((name.charCodeAt(0) | 0x20) !== (lowerName.charCodeAt(0) | 0x20)) return false;
  return name === lowerName || name.toLowerCase() === lowerName;
}
