// A source that uses another CORS middleware → the spans of it that change, and what there is to report.

import type { Diagnostic } from "@corsway/cors/diagnostics";
import { findCalls, findLoadings } from "./find-calls.ts";
import { entries, importEdits, type PolicyNames } from "./import-edits.ts";
import { meetingFaults } from "./meeting-calls.ts";
import { migrateCall, type CallMigration, type Source } from "./migrate-call.ts";
import { readNames } from "./names.ts";
import { eachOnce, inLineEndsOf, type SourceEdit } from "./source-edit.ts";
import { sourceNotes, useFaults } from "./source-notes.ts";
import { isTypeScript, parseSource } from "./source.ts";

export interface SourceMigration {
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the text; they do not overlap. */
  readonly edits: readonly SourceEdit[];
  readonly calls: number;
  /** How many of the calls a person has to decide about; none of their library is changed. */
  readonly decide: number;
}

/** Total: whatever the text, it returns. `fault` is present where it cannot be parsed. */
export function migrateSource(
  text: string,
  file: string,
): SourceMigration & { readonly fault?: Diagnostic } {
  const parsed = parseSource(text, file);
  if ("fault" in parsed) {
    const { message, line, column } = parsed.fault;
    const fault: Diagnostic = {
      code: "migrate/syntax",
      severity: "error",
      path: "",
      at: { file, line, column },
      message: `${file} cannot be parsed: ${message}`,
      why: "it is read as JavaScript, with TypeScript, JSX and decorators",
    };
    return { fault, diagnostics: [fault], edits: [], calls: 0, decide: 0 };
  }
  const { root, comments } = parsed;
  const names = readNames(root);
  const source: Source = { root, comments, text, file, names };
  const loadings = findLoadings(root);
  const calls = findCalls(root, loadings, names, text).map((call) => migrateCall(call, source));
  const meeting = meetingFaults(calls, source);
  const used = useFaults(calls, loadings, source);
  const isKept = ({ call, policy }: CallMigration): boolean =>
    policy === undefined ||
    meeting.get(call)?.severity === "error" ||
    used.some(({ library }) => library === call.library);
  // One name cannot be both middlewares: while one call must stay, all of its library do.
  const staying = new Set(calls.filter(isKept).map(({ call }) => call.library));
  const changing = calls.filter(({ call }) => !staying.has(call.library));
  const imports = importEdits(changing, loadings, source);
  const edits = eachOnce([
    ...changing.flatMap((one) => callEdits(one, source, imports.namesOf(one.call))),
    ...imports.edits,
  ]).toSorted((x, y) => x.start - y.start);
  return {
    diagnostics: [
      ...calls.flatMap(({ diagnostics, call }) => {
        const fault = meeting.get(call);
        return fault === undefined ? diagnostics : [...diagnostics, fault];
      }),
      ...used.map(({ diagnostic }) => diagnostic),
      ...sourceNotes(source, calls.length > 0),
    ],
    edits: inLineEndsOf(text, edits),
    calls: calls.length,
    decide: calls.filter(isKept).length,
  };
}

function callEdits(
  { call, policy, declared }: CallMigration,
  { text, file }: Source,
  { cors, definePolicy }: PolicyNames,
): SourceEdit[] {
  const { text: object, definesPolicy } = policy!;
  const value = definesPolicy ? `${definePolicy}(${object})` : object;
  const made = (argument: string): string => {
    if ("loader" in call.callee && call.callee.loader === "promise")
      return `import(${JSON.stringify(entries[call.library])}).then(async ({ cors }) => ({ default: cors(${argument}) }))`;
    const middleware = `${cors}(${argument})`;
    if (call.nestApplication === undefined) return middleware;
    return `${text.slice(call.nestApplication.start, call.nestApplication.end)}.use(${middleware})`;
  };
  const { start, end } = call;
  if (declared === undefined) return [{ start, end, text: made(value) }];
  // Without a type around it TypeScript would read the origins as any string, which `cors()` does not take.
  const isConst = !definesPolicy && isTypeScript(file);
  return [
    { start: declared.from, end: declared.end, text: ` = ${value}${isConst ? " as const" : ""}` },
    { start, end, text: made(declared.name) },
  ];
}
