// Diagnostics for a person: what and where, the line with a caret under the fault, why, fix.

import { codeFrame } from "./code-frame.ts";
import type { Diagnostic, Place, Severity } from "./diagnostic.ts";
import { painter, type Color, type Paint } from "./paint.ts";
import { printable } from "./printable.ts";

/** How diagnostics are shown on a terminal. */
export interface TextOptions {
  /** The text of each file, by the name used in places. Without it there is no code frame. */
  readonly sources?: ReadonlyMap<string, string>;
  /** Use ANSI colours. The words are the same without. */
  readonly color?: boolean;
}

const severityColor: Readonly<Record<Severity, Color>> = {
  error: "red",
  warning: "yellow",
  info: "cyan",
};

/** All diagnostics, with a blank line between two and a newline at the end; "" for none. */
export function renderText(diagnostics: readonly Diagnostic[], options: TextOptions = {}): string {
  const { sources, color = false } = options;
  // Split only once: a file may have as many faults as lines.
  const split = new Map<string, readonly string[]>();
  const linesOf = (file: string): readonly string[] => {
    let lines = split.get(file);
    if (lines === undefined) split.set(file, (lines = sources?.get(file)?.split("\n") ?? []));
    return lines;
  };
  const paint = painter(color);
  return diagnostics.map((diagnostic) => renderOne(diagnostic, linesOf, paint)).join("\n");
}

type LinesOf = (file: string) => readonly string[];

/** `2 errors, 1 warning`; "" for none. Notes are diagnostics of severity `info`. */
export function renderCount(diagnostics: readonly Diagnostic[]): string {
  const counts: string[] = [];
  for (const [severity, one, many] of severities) {
    const count = diagnostics.filter((diagnostic) => diagnostic.severity === severity).length;
    if (count > 0) counts.push(`${count} ${count === 1 ? one : many}`);
  }
  return counts.join(", ");
}

const severities = [
  ["error", "error", "errors"],
  ["warning", "warning", "warnings"],
  ["info", "note", "notes"],
] as const;

function renderOne(diagnostic: Diagnostic, linesOf: LinesOf, paint: Paint): string {
  const { code, severity, at, path, why, fix, also } = diagnostic;
  const lines = [
    `${paint("bold", paint(severityColor[severity], `${severity}[${code}]`))} ${paint("bold", printable(diagnostic.message))}`,
  ];
  lines.push(...renderPlace(at, path, severity, linesOf, paint));
  lines.push(`  ${paint("dim", "why")}   ${printable(why)}`);
  if (fix !== undefined) lines.push(`  ${paint("dim", "fix")}   ${printable(fix.say)}`);
  for (const other of also ?? []) {
    lines.push(`  ${paint("dim", "also")}  ${printable(other.say)}`);
    lines.push(...renderPlace(other.at, other.path ?? "", "info", linesOf, paint));
  }
  return `${lines.join("\n")}\n`;
}

function renderPlace(
  at: Place | undefined,
  path: string,
  severity: Severity,
  linesOf: LinesOf,
  paint: Paint,
): string[] {
  const shownPath = printable(path);
  if (at === undefined) return path === "" ? [] : [`  ${paint("dim", "at")}    ${shownPath}`];
  const place = `${printable(at.file)}:${at.line}:${at.column}`;
  const lines = [`  ${paint("dim", "at")}    ${place}${path === "" ? "" : `  ${shownPath}`}`];
  const frame = codeFrame(linesOf(at.file), at);
  if (frame !== undefined)
    lines.push(
      `  ${paint("dim", `${frame.gutter} |`)} ${frame.line}`,
      `  ${paint("dim", `${" ".repeat(frame.gutter.length)} |`)} ${frame.indent}${paint("bold", paint(severityColor[severity], frame.caret))}`,
    );
  return lines;
}
