// Writes the head of a request byte for byte, with nothing added. A head is text of code units 0x00 to 0xFF: one
// `write(text, "latin1")` is the cheapest for a socket, and a small body can be appended to it.

import { isToken } from "@corsway/cors/standard";
import { classes, target as targetByte } from "./byte-classes.ts";
import type { Lines } from "./lines.ts";

/**
 * `target` in origin form (`/path?query`), absolute form or `*`. Undefined if the request line cannot be written: a space or
 * a line break in it would be the beginning of something else.
 */
export function writeRequestHead(method: string, target: string, lines: Lines): string | undefined {
  if (!isToken(method) || !isTarget(target)) return undefined;
  return `${method} ${target} HTTP/1.1\r\n${lines}\r\n`;
}

function isTarget(target: string): boolean {
  if (target.length === 0) return false;
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code > 0xff || (classes[code]! & targetByte) === 0) return false;
  }
  return true;
}
