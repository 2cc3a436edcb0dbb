// WebKit on libsoup reads header bytes as UTF-8: invalid ones become U+FFFD, and the page reads (and
// the server gets) the bytes of the result.

/** Bytes in, bytes out; both as isomorphic strings. */
export function asUtf8(value: string): string {
  if (isAscii(value)) return value;
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) bytes[i] = value.charCodeAt(i);
  return utf8Bytes(new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes));
}

/** The bytes of a text in UTF-8, as an isomorphic string. */
export function utf8Bytes(text: string): string {
  let encoded = "";
  for (const byte of new TextEncoder().encode(text)) encoded += String.fromCharCode(byte);
  return encoded;
}

function isAscii(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 0x7f) return false;
  return true;
}
