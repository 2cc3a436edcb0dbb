// check --fix: the edits that diagnostics carry, put into the text. Every other byte stays: line
// ends, comments, a byte-order mark. An edit that would leave no TOML is not made.

import { parse } from "smol-toml";
import type { Diagnostic, Edit } from "@corsway/cors/diagnostics";

export interface Fixed {
  readonly text: string;
  /** The diagnostics whose edits were made. */
  readonly mended: readonly Diagnostic[];
}

/** Makes the edits of one file's diagnostics; of edits that overlap, the first. */
export function fixText(text: string, file: string, diagnostics: readonly Diagnostic[]): Fixed {
  const starts = lineStarts(text);
  const wanted = diagnostics
    .flatMap((diagnostic) => {
      const edit = diagnostic.fix?.edit;
      const range = edit?.at.file === file ? rangeOf(edit, starts, text.length) : undefined;
      return range && edit ? [{ diagnostic, edit, ...range }] : [];
    })
    .toSorted((left, right) => left.from - right.from);
  const mended: Diagnostic[] = [];
  let fixed = text;
  let moved = 0; // how far what follows has been pushed
  let done = -1;
  const wasToml = isToml(text);
  for (const { diagnostic, edit, from, to } of wanted) {
    if (from < done) continue;
    const next = fixed.slice(0, from + moved) + edit.text + fixed.slice(to + moved);
    if (wasToml && !isToml(next)) continue;
    fixed = next;
    moved += edit.text.length - (to - from);
    done = to;
    mended.push(diagnostic);
  }
  return { text: fixed, mended };
}

function rangeOf(
  { at }: Edit,
  starts: readonly number[],
  length: number,
): { readonly from: number; readonly to: number } | undefined {
  const start = starts[at.line - 1];
  const end = starts[(at.endLine ?? at.line) - 1];
  if (start === undefined || end === undefined || at.endColumn === undefined) return undefined;
  const from = start + at.column - 1;
  const to = end + at.endColumn - 1;
  return from <= to && to <= length ? { from, to } : undefined;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch {
    return false;
  }
}
