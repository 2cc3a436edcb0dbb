// Header values between text and wire. On the wire a value is bytes, which Fetch writes as a string of
// one character a byte; a person types and pastes text.

/** A text as its UTF-8 bytes, one character a byte. */
export function toWire(text: string): string {
  let wire = "";
  for (const byte of new TextEncoder().encode(text)) wire += String.fromCharCode(byte);
  return wire;
}

/** Back to text. Total: bytes that are not UTF-8 become U+FFFD. */
export function fromWire(wire: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(
    Uint8Array.from(wire, (char) => char.charCodeAt(0)),
  );
}
