// check --fix: applies the edits of diagnostics to the text. Every other byte stays: line ends, comments,
// a byte-order mark. An edit that would make the TOML invalid is not applied.

import { parse } from "smol-toml";
import type { Diagnostic, Edit } from "@corsway/cors/diagnostics";

export interface Fixed {
  readonly text: string;
  /** The diagnostics whose edits were applied. */
  readonly mended: readonly Diagnostic[];
}

/** Applies the edits for one file; of edits that overlap, the first. */
export function fixText(text: string, file: string, diagnostics: readonly Diagnostic[]): Fixed {
  const starts = lineStarts(text);
  const wanted = diagnostics
    .flatMap((diagnostic): Wanted[] => {
      const edit = diagnostic.fix?.edit;
      const range = edit?.at.file === file ? rangeOf(edit, starts, text.length) : undefined;
      return range && edit ? [{ diagnostic, write: edit.text, ...range }] : [];
    })
    .toSorted((left, right) => left.from - right.from);
  // All at once if the result is valid TOML, because a file may have thousands; otherwise one by one.
  const apart = keep(wanted, () => true);
  const made =
    !isToml(text) || isToml(put(text, apart))
      ? apart
      : keep(wanted, (edits) => isToml(put(text, edits)));
  return { text: put(text, made), mended: made.map(({ diagnostic }) => diagnostic) };
}

interface Wanted {
  readonly diagnostic: Diagnostic;
  readonly write: string;
  readonly from: number;
  readonly to: number;
}

/** The edits that do not overlap an earlier one, and with which the text is valid. */
function keep(
  wanted: readonly Wanted[],
  isSound: (edits: readonly Wanted[]) => boolean,
): readonly Wanted[] {
  const kept: Wanted[] = [];
  for (const edit of wanted) {
    if (edit.from < (kept.at(-1)?.to ?? 0)) continue;
    kept.push(edit);
    if (!isSound(kept)) kept.pop();
  }
  return kept;
}

/** The text with the edits applied in order. */
function put(text: string, edits: readonly Wanted[]): string {
  let from = 0;
  const parts = edits.flatMap((edit) => {
    const before = text.slice(from, edit.from);
    from = edit.to;
    return [before, edit.write];
  });
  return [...parts, text.slice(from)].join("");
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
