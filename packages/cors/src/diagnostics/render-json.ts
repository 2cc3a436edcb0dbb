// Diagnostics for a program: the contract of `check --format json`.

import type { Diagnostic } from "./diagnostic.ts";
import { hasErrors } from "./diagnostic.ts";

/** What `check --format json` prints. */
export interface DiagnosticsJson {
  /** Whether no diagnostic is an error. */
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Diagnostics as data for JSON.stringify. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): DiagnosticsJson {
  return { ok: !hasErrors(diagnostics), diagnostics };
}

/** As text, with a newline at its end. */
export function renderJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify(diagnosticsJson(diagnostics), null, 2)}\n`;
}
