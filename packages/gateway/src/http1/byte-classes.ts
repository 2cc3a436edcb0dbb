// Which bytes are allowed where in a head: one table with a bit for each class, because the fast scan looks at every byte
// of every head once.

import { isTokenCode } from "@corsway/cors/standard";

/** RFC 9110 §5.6.2 `tchar`: methods and field names. */
export const token = 1;
/** RFC 9112 §3.2: the bytes of a request target, visible ASCII. */
export const target = 2;
/** RFC 9110 §5.5 `field-value`: tab, space, visible bytes and obs-text. */
export const strictValue = 4;
/** All except NUL, CR and LF: what browsers accept in the value of a response field. */
export const faithfulValue = 8;

/**
 * `strict` rejects every control byte in a value except tab, as a server should for requests and a gateway for responses.
 * `faithful` rejects only NUL, because browsers accept the others, and a CORS check then sees them (`\vhttps://a.example`
 * is not `https://a.example`).
 */
export type ValueRule = "strict" | "faithful";

export function valueClass(rule: ValueRule): number {
  return rule === "strict" ? strictValue : faithfulValue;
}

export const classes: Uint8Array = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if (isTokenCode(byte)) classes[byte]! |= token;
  if (byte > 0x20 && byte < 0x7f) classes[byte]! |= target;
  if (byte === 0x09 || (byte >= 0x20 && byte !== 0x7f)) classes[byte]! |= strictValue;
  if (byte !== 0x00 && byte !== 0x0a && byte !== 0x0d) classes[byte]! |= faithfulValue;
}
