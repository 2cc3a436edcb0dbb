// Heads, written byte for byte: the header lines as given, in their order and case, nothing added.
// What could end a line early (CR, LF, NUL, a name that is no token) is refused: a header value is
// the classic place from which a second request is smuggled.

import { isToken, type HeaderList } from "@corsway/cors/standard";
import { isomorphicEncode } from "./isomorphic.ts";

export type WriteFaultCode =
  | "method-malformed"
  | "target-malformed"
  | "status-not-allowed"
  | "reason-malformed"
  | "header-name-malformed"
  | "header-value-malformed";

export type Written =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** `index`: of the header, or -1 for the start line. */
  | { readonly kind: "fault"; readonly code: WriteFaultCode; readonly index: number };

/** `target` in origin form (`/path?query`), absolute form or `*`. */
export function writeRequestHead(method: string, target: string, headers: HeaderList): Written {
  if (!isToken(method)) return wrong("method-malformed");
  if (!isTarget(target)) return wrong("target-malformed");
  return writeHead(`${method} ${target} HTTP/1.1\r\n`, headers);
}

export function writeResponseHead(status: number, reason: string, headers: HeaderList): Written {
  if (!Number.isInteger(status) || status < 100 || status > 599) return wrong("status-not-allowed");
  if (!isValue(reason)) return wrong("reason-malformed");
  return writeHead(`HTTP/1.1 ${status} ${reason}\r\n`, headers);
}

function writeHead(startLine: string, headers: HeaderList): Written {
  let text = startLine;
  for (let index = 0; index < headers.length; index++) {
    const [name, value] = headers[index]!;
    if (!isToken(name)) return { kind: "fault", code: "header-name-malformed", index };
    if (!isValue(value)) return { kind: "fault", code: "header-value-malformed", index };
    text += `${name}: ${value}\r\n`;
  }
  // Every part was checked to hold bytes alone.
  return { kind: "bytes", bytes: isomorphicEncode(`${text}\r\n`)! };
}

function wrong(code: WriteFaultCode): Written {
  return { kind: "fault", code, index: -1 };
}

function isTarget(target: string): boolean {
  if (target.length === 0) return false;
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code < 0x21 || code > 0x7e) return false;
  }
  return true;
}

function isValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code === 0x00 || code === 0x0a || code === 0x0d || code > 0xff) return false;
  }
  return true;
}
