// What is certain about a request head that is broken, too large or incomplete: the parts of a request line that is well formed,
// and the well-formed fields before the first bare CR or LF (after it, it is unclear what a line is). With this, the rejection
// can reach the page that sent the request, and the log can say who asked for what. None of it is ever forwarded.

import { classes, strictValue, token } from "./byte-classes.ts";
import { isomorphicDecode } from "./isomorphic.ts";
import { noLines, type Lines } from "./lines.ts";

export interface SalvagedHead {
  /** Empty if it is not certain; so is `target`. */
  readonly method: string;
  readonly target: string;
  /** Flat: `name, value, name, value…`. */
  readonly fields: readonly string[];
  /** None. */
  readonly lines: Lines;
}

/** `bytes`: what arrived. No more than `limit` of them are examined. */
export function salvageHead(bytes: Uint8Array, limit: number): SalvagedHead {
  const text = isomorphicDecode(bytes, 0, Math.min(bytes.length, limit));
  const lines = wholeLines(text);
  const start = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([!-~]+) HTTP\/\d\.\d$/.exec(lines[0] ?? "");
  const fields: string[] = [];
  for (const line of lines.slice(1)) {
    if (line === "") break;
    // A folded line: the value of the preceding field is not certain either.
    if (line.startsWith(" ") || line.startsWith("\t"))
      fields.length = Math.max(0, fields.length - 2);
    else addField(line, fields);
  }
  return { method: start?.[1] ?? "", target: start?.[2] ?? "", fields, lines: noLines };
}

/** The lines that end in CR LF, up to the first bare CR or LF. */
function wholeLines(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  for (let end = text.indexOf("\r\n"); end >= 0; end = text.indexOf("\r\n", from)) {
    const line = text.slice(from, end);
    if (line.includes("\r") || line.includes("\n")) break;
    lines.push(line);
    from = end + 2;
  }
  return lines;
}

function addField(line: string, fields: string[]): void {
  const colon = line.indexOf(":");
  if (colon <= 0 || !consistsOf(line, 0, colon, token)) return;
  if (!consistsOf(line, colon + 1, line.length, strictValue)) return;
  fields.push(line.slice(0, colon), line.slice(colon + 1).replace(/^[ \t]+|[ \t]+$/g, ""));
}

function consistsOf(line: string, from: number, to: number, kind: number): boolean {
  for (let i = from; i < to; i++) if ((classes[line.charCodeAt(i)]! & kind) === 0) return false;
  return true;
}
