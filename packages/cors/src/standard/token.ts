// RFC 9110 §5.6.2 `token`. A table instead of a regular expression, because this runs on request bytes.

const tokenCodes: Uint8Array = new Uint8Array(256);
for (const char of "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
  tokenCodes[char.charCodeAt(0)] = 1;

/** Is this code unit a `tchar`? */
export function isTokenCode(code: number): boolean {
  return tokenCodes[code] === 1;
}

/**
 * Where the token that begins at `from` ends: `from` itself if there is none. A loop of its own, because an engine
 * that compiled its caller for short names would otherwise call isTokenCode for each of 4,096 bytes.
 */
export function endOfToken(value: string, from: number): number {
  let i = from;
  while (i < value.length && tokenCodes[value.charCodeAt(i)] === 1) i++;
  return i;
}

/** Is this a `token`, and so a valid method or header name? (Fetch: concept-method, header-name) */
export function isToken(value: string): boolean {
  if (value.length === 0) return false;
  for (let i = 0; i < value.length; i++) if (tokenCodes[value.charCodeAt(i)] !== 1) return false;
  return true;
}

/**
 * ASCII lower case (Infra: ascii-lowercase). `String.prototype.toLowerCase` maps U+212A KELVIN SIGN to
 * `k`, so a header name with it would equal a different name; hence the guard.
 */
export function asciiLowercase(value: string): string {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0x7f) return value.replace(/[A-Z]/g, (upper) => upper.toLowerCase());
  }
  return value.toLowerCase();
}
