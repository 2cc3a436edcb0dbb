// Infra's isomorphic encode and decode: one code unit is one byte. Header values are such strings, so that no byte is lost or
// repaired between the wire and the browser model.

/** Bytes → string of code units 0x00 to 0xFF. */
export function isomorphicDecode(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  const buffer =
    bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString("latin1", start, end);
}

/** String → bytes; undefined if a code unit is above 0xFF and so not a byte. */
export function isomorphicEncode(text: string): Uint8Array | undefined {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return undefined;
  return Buffer.from(text, "latin1");
}
