// The form of every labelled line: two spaces, a label, the text, wrapped at words and indented under
// itself.
//   why   the comparison is byte for byte; an origin never ends in a
//         slash

import { escapeNonAscii } from "../diagnostics/quote.ts";
import type { Paint, Color } from "../diagnostics/paint.ts";

export interface Layout {
  readonly paint: Paint;
  /** Columns of the terminal; 80 without one. */
  readonly width: number;
  /** Whether to use arrows and box lines; otherwise only ASCII. */
  readonly unicode: boolean;
}

const labelWidth = 6;

export function labelled(
  layout: Layout,
  label: string,
  text: string,
  color: Color = "dim",
): string {
  const indent = 2 + Math.max(labelWidth, label.length + 2);
  const lines = wrap(text, Math.max(24, layout.width - indent));
  const head = `  ${layout.paint(color, label)}${" ".repeat(indent - 2 - label.length)}`;
  return lines.map((line, index) => `${index === 0 ? head : " ".repeat(indent)}${line}\n`).join("");
}

/** A sentence without a label: it begins at the margin, and its further lines are indented like the others. */
export function sentenceLine(layout: Layout, text: string): string {
  const lines = wrap(text, Math.max(24, layout.width - 2 - labelWidth));
  return lines.map((line, index) => `${index === 0 ? "  " : "        "}${line}\n`).join("");
}

/** Breaks only at spaces: a URL or a header longer than the line stays whole, so that it can be copied. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  // Text in back-ticks is one word as long as it fits on a line.
  for (const word of text.match(/`[^`]*`[^\s`]*|[^\s`]+(?:`[^`]*`[^\s`]*)*/g) ?? []) {
    for (const part of word.length > width ? word.split(" ") : [word]) {
      if (line !== "" && line.length + 1 + part.length > width) {
        lines.push(line);
        line = part;
      } else line = line === "" ? part : `${line} ${part}`;
    }
  }
  lines.push(line);
  return lines;
}

/** Unicode's sign, or ASCII's. */
export function sign(layout: Layout, unicode: string, ascii: string): string {
  return layout.unicode ? unicode : ascii;
}

const lookAlikes: Readonly<Record<string, string>> = {
  "\u2018": "'",
  "\u2019": "'",
  "\u201c": '"',
  "\u201d": '"',
  "\u2026": "...",
  "\u2192": "->",
};

/** For a terminal that cannot show more: look-alikes if there are any, otherwise escapes. */
export function asciiOnly(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    out += code < 0x7f ? char : (lookAlikes[char] ?? escapeNonAscii(char));
  }
  return out;
}
