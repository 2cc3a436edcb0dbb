// Untrusted text in our messages: a person's configuration, bytes from the wire. There is one set of
// escapes for all of it, so that nothing is hidden and nothing controls the reader's terminal.

/** The text in back-ticks, unsafe characters escaped, cut at its end after `limit` code units. */
export function quote(text: string, limit = 80): string {
  return `\`${cutEnd(escapeUnsafe(text), limit)}\``;
}

/** The text with `…` in place of everything beyond `limit` code units. */
export function cutEnd(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

/** Escapes what could move the cursor, change colours, reorder a line or be invisible. */
export function escapeUnsafe(text: string): string {
  return escapeWhere(text, isUnsafe);
}

/**
 * Also escapes every character beyond ASCII: in a header or an origin, a look-alike is a different
 * value. For text that was decoded byte by byte, `\xe9` is then the byte.
 */
export function escapeNonAscii(text: string): string {
  return escapeWhere(text, (code) => code < 0x20 || code > 0x7e);
}

/** Control characters, bidirectional controls, invisible characters and lone surrogates. */
export function isUnsafe(code: number): boolean {
  return (
    code < 0x20 ||
    (code >= 0x7f && code < 0xa0) ||
    code === 0x061c ||
    (code >= 0x200b && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069) ||
    (code >= 0xd800 && code <= 0xdfff) ||
    code === 0xfeff
  );
}

function escapeWhere(text: string, escaped: (code: number) => boolean): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    out += escaped(code) ? escapeOf(code) : char;
  }
  return out;
}

/** As JavaScript writes it: `\n`, `\x0b`, `\u0430`, `\u{1f600}`. */
function escapeOf(code: number): string {
  if (code === 0x09) return "\\t";
  if (code === 0x0a) return "\\n";
  if (code === 0x0d) return "\\r";
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, "0")}` : `\\u{${hex}}`;
}
