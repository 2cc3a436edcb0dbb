// Looks up fields in flat form (`name, value, name, value…`), as an engine provides them.

import { isNamed } from "@corsway/cors/standard";

/** The value of the first line with this name; undefined if there is none. `lowerName` in lower case. */
export function firstField(fields: readonly string[], lowerName: string): string | undefined {
  for (let i = 0; i < fields.length; i += 2)
    if (isNamed(fields[i]!, lowerName)) return fields[i + 1];
  return undefined;
}

/** Does the name begin like this, in any case? */
export function beginsWith(name: string, lowerStart: string): boolean {
  if (name.length < lowerStart.length) return false;
  for (let i = 0; i < lowerStart.length; i++) {
    const code = name.charCodeAt(i);
    const wanted = lowerStart.charCodeAt(i);
    if (code !== wanted && (code < 0x41 || code > 0x5a || code + 0x20 !== wanted)) return false;
  }
  return true;
}

/** The values of all its lines, joined (RFC 9110 §5.3); undefined if there is none. */
export function joinedField(fields: readonly string[], lowerName: string): string | undefined {
  let joined: string | undefined;
  for (let i = 0; i < fields.length; i += 2)
    if (isNamed(fields[i]!, lowerName))
      joined = joined === undefined ? fields[i + 1]! : `${joined}, ${fields[i + 1]!}`;
  return joined;
}
