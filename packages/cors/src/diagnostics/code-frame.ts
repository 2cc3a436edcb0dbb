// One line of a file with carets under the faulty part, fit for a terminal: tabs are expanded, wide
// letters count as two columns, control characters are made harmless, and only the part of a long line
// around the fault is shown.

import type { Place } from "./diagnostic.ts";
import { printable, width } from "./printable.ts";

export interface CodeFrame {
  /** The line's number. */
  readonly gutter: string;
  readonly line: string;
  /** As wide as the text before the fault. */
  readonly indent: string;
  readonly caret: string;
}

/** Columns of a line that are shown. */
const frameWidth = 100;

/** `lines`: those of the file, without newlines. undefined if the file has no such line. */
export function codeFrame(lines: readonly string[], at: Place): CodeFrame | undefined {
  const line = lines[at.line - 1];
  if (line === undefined) return undefined;
  const text = line.endsWith("\r") ? line.slice(0, -1) : line;
  const from = Math.min(at.column - 1, text.length);
  // A fault over several lines is marked to the end of its first line.
  const sameLine = at.endLine === undefined || at.endLine === at.line;
  const to = sameLine ? Math.min((at.endColumn ?? at.column + 1) - 1, text.length) : text.length;
  const [start, end] = window(text, from, to);
  const cutLeft = start > 0 ? "…" : "";
  const cutRight = end < text.length ? "…" : "";
  const before = cutLeft + printable(text.slice(start, from));
  const marked = printable(text.slice(from, Math.min(to, end)));
  const after = printable(text.slice(Math.max(from, Math.min(to, end)), end)) + cutRight;
  return {
    gutter: String(at.line),
    line: before + marked + after,
    indent: " ".repeat(width(before)),
    caret: "^".repeat(Math.max(1, width(marked))),
  };
}

/** Which part of a long line to show: from a little before the fault onwards. */
function window(text: string, from: number, to: number): [number, number] {
  if (text.length <= frameWidth) return [0, text.length];
  const length = Math.min(to - from, frameWidth / 2);
  const start = Math.max(0, Math.min(from - (frameWidth - length) / 2, text.length - frameWidth));
  const first = Math.floor(start);
  return [
    notInsidePair(text, first),
    notInsidePair(text, Math.min(text.length, first + frameWidth)),
  ];
}

/** A cut between the two halves of a surrogate pair would show neither. */
function notInsidePair(text: string, index: number): number {
  const code = text.charCodeAt(index);
  return code >= 0xdc00 && code <= 0xdfff ? index + 1 : index;
}
