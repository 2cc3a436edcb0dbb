// Infra's isomorphic encode and decode: one code unit is one byte. Header values travel as such
// strings, so that no byte is lost or mended between the wire and the browser model.

/** Bytes → string of code units 0x00 to 0xFF. */
export function isomorphicDecode(bytes: Uint8Array, start = 0, end: number = bytes.length): string {
  let text = "";
  // fromCharCode takes its bytes as arguments: in slices, or a long head exceeds the stack.
  for (let i = start; i < end; i += 4096)
    text += String.fromCharCode(...bytes.subarray(i, Math.min(end, i + 4096)));
  return text;
}

/** String → bytes; undefined where a code unit is above 0xFF and hence no byte. */
export function isomorphicEncode(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) return undefined;
    bytes[i] = code;
  }
  return bytes;
}
