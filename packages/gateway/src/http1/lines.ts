// Field lines as HTTP/1.1 writes them: `name: value` CR LF each, one after the other. They come from a head that a reader
// accepted, or were checked field by field, and only this file makes them: so lines can be cut, joined and sent without
// another look at their bytes. A line that is sent on as it came is a slice of the head, not a name and a value put
// together again.

import { isToken } from "@corsway/cors/standard";
import { classes, valueClass, type ValueRule } from "./byte-classes.ts";

declare const checked: unique symbol;
/** Any number of whole lines; may be empty. */
export type Lines = string & { readonly [checked]: true };

export const noLines: Lines = "" as Lines;

/** What a line has in addition to its name and its value. */
export const lineExtra = ": \r\n".length;

/** `fields` is flat. Undefined if one of them cannot be written, because it could end its line early. */
export function writeLines(
  fields: readonly string[],
  rule: ValueRule = "strict",
): Lines | undefined {
  const allowed = valueClass(rule);
  for (let i = 0; i < fields.length; i += 2)
    if (!isToken(fields[i]!) || !consistsOf(fields[i + 1]!, allowed)) return undefined;
  return printLines(fields);
}

/** The lines of fields that a reader accepted. */
export function printLines(fields: readonly string[]): Lines {
  let text = "";
  for (let i = 0; i < fields.length; i += 2) text += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
  return text as Lines;
}

/** One line; the caller has checked every byte of the value, or made it. */
export function printLine(name: string, value: string): Lines {
  return `${name}: ${value}\r\n` as Lines;
}

/** `from` and `to` are where lines begin, or the end. */
export function cutLines(lines: Lines, from: number, to: number): Lines {
  return lines.slice(from, to) as Lines;
}

/** Flat. */
export function splitLines(lines: Lines): string[] {
  const fields: string[] = [];
  for (let at = 0; at < lines.length;) {
    const colon = lines.indexOf(":", at);
    const end = lines.indexOf("\r\n", colon);
    fields.push(lines.slice(at, colon), lines.slice(colon + 2, end));
    at = end + 2;
  }
  return fields;
}

export function joinLines(first: Lines, second: Lines): Lines {
  return (first + second) as Lines;
}

function consistsOf(value: string, allowed: number): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff || (classes[code]! & allowed) === 0) return false;
  }
  return true;
}
