// Writes heads byte for byte: the field lines as given, in their order and case, with nothing added. Anything that could end a
// line early (CR, LF, NUL, a name that is not a token) is rejected: a field value is the classic place from which a second
// request is smuggled.
// A head is returned as text of code units 0x00 to 0xFF: one `write(text, "latin1")` is the cheapest for a socket, and a small
// body can be appended to it.

import { isToken } from "@corsway/cors/standard";
import { classes, faithfulValue, target as targetByte } from "./byte-classes.ts";

export type WriteFaultCode =
  | "method-malformed"
  | "target-malformed"
  | "status-not-allowed"
  | "reason-malformed"
  | "header-name-malformed"
  | "header-value-malformed";

export type Written =
  | { readonly kind: "head"; readonly text: string }
  /** `index`: of the field, or -1 for the start line. */
  | { readonly kind: "fault"; readonly code: WriteFaultCode; readonly index: number };

/** `target` in origin form (`/path?query`), absolute form or `*`; `fields` flat. */
export function writeRequestHead(
  method: string,
  target: string,
  fields: readonly string[],
): Written {
  if (!isToken(method)) return wrong("method-malformed");
  if (!isTarget(target)) return wrong("target-malformed");
  return writeHead(`${method} ${target} HTTP/1.1\r\n`, fields);
}

/** `fields` flat. */
export function writeResponseHead(
  status: number,
  reason: string,
  fields: readonly string[],
): Written {
  if (!Number.isInteger(status) || status < 100 || status > 599) return wrong("status-not-allowed");
  if (!isFieldValue(reason)) return wrong("reason-malformed");
  return writeHead(`HTTP/1.1 ${status} ${reason}\r\n`, fields);
}

/** Can this be written as the value of a field: only bytes, without CR, LF and NUL? */
export function isFieldValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff || (classes[code]! & faithfulValue) === 0) return false;
  }
  return true;
}

function writeHead(startLine: string, fields: readonly string[]): Written {
  let text = startLine;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    const value = fields[i + 1]!;
    if (!isToken(name)) return { kind: "fault", code: "header-name-malformed", index: i / 2 };
    if (!isFieldValue(value))
      return { kind: "fault", code: "header-value-malformed", index: i / 2 };
    text += `${name}: ${value}\r\n`;
  }
  return { kind: "head", text: `${text}\r\n` };
}

function wrong(code: WriteFaultCode): Written {
  return { kind: "fault", code, index: -1 };
}

function isTarget(target: string): boolean {
  if (target.length === 0) return false;
  for (let i = 0; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code > 0xff || (classes[code]! & targetByte) === 0) return false;
  }
  return true;
}
