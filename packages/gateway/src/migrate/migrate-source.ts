// A source that uses another CORS middleware → the lines to change, and what is to be said of each call.
// Nothing is changed that a person has to decide.

import type { Diagnostic, Place } from "@corsway/cors/diagnostics";
import { fromCorsOptions, type CorsLibrary } from "@corsway/cors/migrate";
import { findCalls, findLoadings, type CorsCall, type Loading } from "./find-calls.ts";
import { readLiteral } from "./literal.ts";
import { isNode, nodesOf, parseSource, type Node } from "./source.ts";
import { printPolicy, withStandIns, type StandIns } from "./write-policy.ts";

/** One span of the text and what stands there afterwards. */
export interface SourceEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface SourceMigration {
  readonly diagnostics: readonly Diagnostic[];
  /** In the order of the text; they do not overlap. */
  readonly edits: readonly SourceEdit[];
  readonly calls: number;
  /** How many of the calls a person has to decide about; none of their library is changed. */
  readonly decide: number;
}

const entries: Readonly<Record<CorsLibrary, string>> = {
  cors: "@corsway/cors/express",
  "@fastify/cors": "@corsway/cors/fastify",
  "@koa/cors": "@corsway/cors/koa",
  "hono/cors": "@corsway/cors/hono",
};

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
      why: "it is read as JavaScript, with TypeScript and JSX",
    };
    return { fault, diagnostics: [fault], edits: [], calls: 0, decide: 0 };
  }
  const { root } = parsed;
  const loadings = findLoadings(root);
  const calls = findCalls(root, loadings);
  const diagnostics: Diagnostic[] = [];
  const done = calls.map((call) => ({ ...call, ...migrateCall(call, root, text, file) }));
  for (const call of done) diagnostics.push(...call.diagnostics);
  // One name cannot be both middlewares: while one call must stay, all of its library do.
  const staying = new Set(
    done.filter(({ edits }) => edits === undefined).map(({ library }) => library),
  );
  const changing = done.filter(({ library }) => !staying.has(library));
  const definesPolicy = changing.some((call) => call.definesPolicy);
  const edits = [
    ...changing.flatMap((call) => call.edits ?? []),
    ...loadings
      .filter(({ library }) => changing.some((call) => call.library === library))
      .map((loading) => load(loading, definesPolicy, text)),
  ];
  return {
    diagnostics,
    edits: dedupe(edits).toSorted((x, y) => x.start - y.start),
    calls: calls.length,
    decide: done.filter(({ edits }) => edits === undefined).length,
  };
}

export function applyEdits(text: string, edits: readonly SourceEdit[]): string {
  let result = text;
  for (const { start, end, text: replacement } of edits.toReversed())
    result = result.slice(0, start) + replacement + result.slice(end);
  return result;
}

interface CallMigration {
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: a person has to decide first. */
  readonly edits?: readonly SourceEdit[];
  readonly definesPolicy: boolean;
}

function migrateCall(call: CorsCall, root: Node, text: string, file: string): CallMigration {
  const { library, options, callee } = call;
  const declared = options === undefined ? undefined : declarationOf(options, root);
  const written = declared?.init ?? options;
  const literal = written === undefined ? undefined : readLiteral(written);
  if (literal?.unclear !== undefined) {
    const unclear: Diagnostic = {
      code: "migrate/unusable-value",
      severity: "error",
      path: "",
      at: placeOf(literal.unclear, file),
      message: "the options are not written here as one object",
      why: "what they hold is only known when the program runs",
      fix: {
        say: "call `fromCorsOptions(options)` of @corsway/cors/migrate with them once, and write the policy that it gives",
      },
    };
    return { diagnostics: [unclear], definesPolicy: false };
  }
  const standIns: StandIns = new Map();
  const migration = fromCorsOptions(withStandIns(literal?.value, standIns), library);
  const at = (path: string): Place =>
    placeOf(
      literal?.places.get(path) ?? literal?.places.get(path.replace(/[[.].*$/, "")) ?? call.node,
      file,
    );
  // The fields of the policy have other names than the options: they are shown at the whole.
  const diagnostics = migration.diagnostics.map((one) => ({ ...one, at: at(one.path) }));
  const isAsked = library === "@koa/cors" && standIns.has("function");
  if (
    migration.policy === undefined ||
    isAsked ||
    diagnostics.some(({ severity }) => severity === "error")
  )
    return { diagnostics, definesPolicy: false };

  const definesPolicy = [...standIns.keys()].some((key) => key !== "function");
  const target = declared?.init ?? call.node;
  const indent = /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", target.start - 1) + 1))![0];
  const object = printPolicy(migration.policy, library, standIns, text, indent);
  const policy = definesPolicy ? `definePolicy(${object})` : object;
  const name =
    callee.type === "Identifier"
      ? text.slice(callee.start, callee.end)
      : `require(${JSON.stringify(entries[library])}).cors`;
  if (declared === undefined)
    return {
      diagnostics,
      definesPolicy,
      edits: [{ start: call.start, end: call.end, text: `${name}(${policy})` }],
    };
  return {
    diagnostics,
    definesPolicy,
    edits: [
      { start: declared.from, end: declared.init.end, text: ` = ${policy}` },
      {
        start: call.start,
        end: call.end,
        text: `${name}(${text.slice(options!.start, options!.end)})`,
      },
    ],
  };
}

/** `const options = { … }` in the same file, for a call that names it. */
function declarationOf(
  options: Node,
  root: Node,
): { readonly init: Node; readonly from: number } | undefined {
  if (options.type !== "Identifier") return undefined;
  for (const node of nodesOf(root)) {
    if (node.type !== "VariableDeclarator") continue;
    const id = node["id"] as Node;
    if (id["name"] !== options["name"] || !isNode(node["init"])) continue;
    // A type such as `CorsOptions` goes with its package.
    const annotation = id["typeAnnotation"] as Node | undefined;
    return { init: node["init"], from: annotation?.start ?? id.end };
  }
  return undefined;
}

function load(
  { node, local, library, isImport }: Loading,
  definesPolicy: boolean,
  text: string,
): SourceEdit {
  const entry = JSON.stringify(entries[library]);
  const as = isImport ? " as " : ": ";
  const names = local === "cors" ? "cors" : `cors${as}${local}`;
  const { start, end } = node;
  if (!isImport) {
    const policy = definesPolicy ? `, { definePolicy } = require("@corsway/cors")` : "";
    return { start, end, text: `{ ${names} } = require(${entry})${policy}` };
  }
  const semicolon = text[end - 1] === ";" ? ";" : "";
  const policy = definesPolicy ? `import { definePolicy } from "@corsway/cors"${semicolon}\n` : "";
  return { start, end, text: `${policy}import { ${names} } from ${entry}${semicolon}` };
}

function placeOf({ loc }: Node, file: string): Place {
  return {
    file,
    line: loc.start.line,
    column: loc.start.column + 1,
    endLine: loc.end.line,
    endColumn: loc.end.column + 1,
  };
}

/** Two calls with one object of options change it once. */
function dedupe(edits: readonly SourceEdit[]): SourceEdit[] {
  const seen = new Set<number>();
  return edits.filter(({ start }) => !seen.has(start) && seen.add(start).size > 0);
}
