// A fault as shown to a person: one value with several renderers (text, JSON, SARIF). Data from the wire
// never creates one: a request that is refused is a Decision.

/**
 * `error`: the input is rejected. `warning`: it loads, but probably means something different. `info`:
 * worth knowing.
 */
export type Severity = "error" | "warning" | "info";

/** A place in a file. Lines and columns count from 1; columns count UTF-16 code units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Where the faulty text ends (exclusive), for the caret and for an edit. */
  readonly endLine?: number;
  readonly endColumn?: number;
}

/** A text change that corrects the fault; `at` covers what `text` replaces. */
export interface Edit {
  readonly at: Place;
  readonly text: string;
}

/** What corrects a fault. */
export interface Fix {
  /** What to write instead, in words or as the line to write. */
  readonly say: string;
  /** Present if there is exactly one safe change. */
  readonly edit?: Edit;
}

/**
 * One fault, as data: what it is, where, why it matters and what to write instead. renderText turns it
 * into text.
 */
export interface Diagnostic {
  /** Stable, public, and never reused for anything different; registered in codes.ts. */
  readonly code: string;
  readonly severity: Severity;
  /** The place in the value: `policies.webapp.allow_origins[2]`, or `` for the whole value. */
  readonly path: string;
  readonly at?: Place;
  /** What is wrong: one line, lower case, no full stop, the person's own input in back-ticks. */
  readonly message: string;
  /** Why it matters: what a browser would do with it. */
  readonly why: string;
  readonly fix?: Fix;
  /** Other places that are part of the fault. */
  readonly also?: readonly { readonly path?: string; readonly at?: Place; readonly say: string }[];
}

/** A path through a value: keys and indexes. */
export type ValuePath = readonly (string | number)[];

/** `policies.webapp.allow_origins[2]`; a key that is not bare is quoted. */
export function printPath(path: ValuePath): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else {
      const key = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
      text += text === "" ? key : `.${key}`;
    }
  }
  return text;
}

/** Whether one of them is an error, so that the result cannot be used. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
