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
  return (
    name === lowerName || (name.length === lowerName.length && name.toLowerCase() === lowerName)
  );
}
