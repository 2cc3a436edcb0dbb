// How text from an untrusted file appears on a terminal: made harmless, and measured.

import { isUnsafe } from "./quote.ts";

/**
 * Text that is safe to put on a terminal: tabs are widened, and what could move the cursor, change
 * colours or reorder the line is replaced.
 */
export function printable(text: string): string {
  let shown = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code === 0x09) shown += "    ";
    else if (isUnsafe(code)) shown += "\ufffd";
    else shown += char;
  }
  return shown;
}

/** Columns on a terminal: two for East Asian wide characters and emoji, none for combining marks. */
export function width(text: string): number {
  let columns = 0;
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (code < 0x300) columns += 1;
    else if (/\p{Mark}/u.test(char) || code === 0xfe0f) columns += 0;
    else columns += isWide(code) ? 2 : 1;
  }
  return columns;
}

function isWide(code: number): boolean {
  return (
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd)
  );
}
