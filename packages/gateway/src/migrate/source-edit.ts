// What a migration changes in a source.

/** One span of the text and what stands there afterwards. */
export interface SourceEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function applyEdits(text: string, edits: readonly SourceEdit[]): string {
  let result = text;
  for (const { start, end, text: replacement } of edits.toReversed())
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

/** Two calls with one object of options change it once. */
export function eachOnce(edits: readonly SourceEdit[]): SourceEdit[] {
  const seen = new Set<string>();
  return edits.filter(({ start, end }) => {
    const key = `${start} ${end}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The edits with the line ends of the text around them. */
export function inLineEndsOf(text: string, edits: readonly SourceEdit[]): readonly SourceEdit[] {
  if (!text.includes("\r\n")) return edits;
  return edits.map(({ start, end, text: written }) => ({
    start,
    end,
    text: written.replaceAll(/\r?\n/g, "\r\n"),
  }));
}
