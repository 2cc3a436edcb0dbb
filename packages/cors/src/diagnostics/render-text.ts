// Diagnostics for a person at a terminal.

import type { Diagnostic } from "./diagnostic.ts";

export interface TextOptions {
  /** The text of each file, by the name that places use, for code frames. */
  readonly sources?: ReadonlyMap<string, string>;
  readonly color?: boolean;
}

export function renderText(diagnostics: readonly Diagnostic[], _options: TextOptions = {}): string {
  return diagnostics
    .map(({ severity, code, message, why, fix, path, at }) => {
      const place = at === undefined ? path : `${at.file}:${at.line}:${at.column}`;
      return `${severity}[${code}] ${place}: ${message}\n  why  ${why}\n${fix === undefined ? "" : `  fix  ${fix.say}\n`}`;
    })
    .join("\n");
}
