// One call of another middleware → the same call with a policy, or why a person has to decide first.

import type { Diagnostic, Place } from "@corsway/cors/diagnostics";
import { fromCorsOptions, migrationCodes } from "@corsway/cors/migrate";
import type { CorsLibrary, MigrationCode } from "@corsway/cors/migrate";
import type { CorsCall } from "./find-calls.ts";
import { commentsOf, optionsOfField, type OptionComment } from "./option-comments.ts";
import {
  functionOf,
  isChanged,
  isUnknown,
  leavesOf,
  readExpression,
  readLiteral,
} from "./literal.ts";
import type { Literal } from "./literal.ts";
import { declarationOf, type Names } from "./names.ts";
import { openTestOf } from "./open-test.ts";
import { listOf, refusesWithError, whyNotAsked } from "./origin-function.ts";
import {
  bare,
  isFunction,
  isNode,
  isTypeScript,
  isWrapper,
  nodesOf,
  stringOf,
  type Node,
} from "./source.ts";
import {
  printPolicy,
  withStandIns,
  type StandIns,
  type Target,
  type WrittenPolicy,
} from "./write-policy.ts";

/** The file that is migrated. */
export interface Source {
  readonly root: Node;
  readonly comments: readonly Node[];
  readonly text: string;
  readonly file: string;
  readonly names: Names;
}

export interface CallMigration {
  readonly call: CorsCall;
  readonly diagnostics: readonly Diagnostic[];
  /** Absent: a person has to decide first. */
  readonly policy?: WrittenPolicy;
  /** The declaration of the options, if they are written there and used nowhere else. */
  readonly declared?: { readonly from: number; readonly end: number; readonly name: string };
}

/** A diagnostic at a node of the source. */
export function noteAt(
  code: MigrationCode,
  node: Node,
  file: string,
  [message, why, say]: readonly [message: string, why: string, say: string],
): Diagnostic {
  const { severity } = migrationCodes[code];
  return { code, severity, path: "", at: placeOf(node, file), message, why, fix: { say } };
}

export function migrateCall(call: CorsCall, source: Source): CallMigration {
  const { names } = source;
  const { options, library } = call;
  if (call.nestApplication !== undefined && usesFastify(source)) return onNestFastify(call, source);
  const declared = options === undefined ? undefined : optionsVariable(options, source);
  if (declared !== undefined && "fault" in declared) return { call, diagnostics: [declared.fault] };
  const written = declared?.init ?? options;
  const literal = written === undefined ? undefined : readLiteral(written, names);
  if (literal?.unclear !== undefined)
    return { call, diagnostics: [unclear(literal.unclear, source)] };

  const place = declared?.isOwn === true ? declared.init : call.node;
  const isReplaced = written !== undefined && (declared === undefined || declared.isOwn);
  const comments = isReplaced ? commentsOf(bare(written), place, source) : [];
  return {
    call,
    ...migrateOptions(literal, library, { node: call.node, place, comments }, source),
    ...(declared?.isOwn === true && {
      declared: { from: declared.from, end: declared.init.end, name: declared.name },
    }),
  };
}

/**
 * The options as a policy, or why there is none.
 * @param literal absent: no options were given
 * @param at `node` has what stands nowhere in the options; `place` is where the policy is written;
 *   `comments` are those that the policy replaces
 */
export function migrateOptions(
  literal: Literal | undefined,
  library: CorsLibrary,
  at: {
    readonly node: Node;
    readonly place: Node;
    readonly comments?: readonly OptionComment[];
  },
  source: Source,
): Pick<CallMigration, "diagnostics" | "policy"> {
  const { text, file, names } = source;
  const target: Target = { text, names, library, isTypeScript: isTypeScript(file) };
  const notes: Diagnostic[] = [];
  const refusing = literal === undefined ? undefined : readOrigin(literal, library, source, notes);
  const standIns: StandIns = { expressions: new Map(), constants: literal?.constants ?? [] };
  const migration = fromCorsOptions(withStandIns(literal?.value, standIns, target), library);
  const placeAt = (path: string): Place => {
    const key = path.replace(/[[.].*$/, "");
    const places = [path, key, ...(optionsOfField[key] ?? [])].map((one) =>
      literal?.places.get(one),
    );
    return placeOf(places.find((one) => one !== undefined) ?? at.node, file);
  };
  for (const one of migration.diagnostics) notes.push({ ...one, at: placeAt(one.path) });
  if (migration.policy === undefined || notes.some(({ severity }) => severity === "error"))
    return { diagnostics: notes };

  const policy = refusing
    ? { ...migration.policy, onMismatch: "reject" as const }
    : migration.policy;
  const line = text.slice(text.lastIndexOf("\n", at.place.start - 1) + 1);
  const printed = printPolicy(policy, standIns, target, {
    indent: /^[ \t]*/.exec(line)![0],
    comments: at.comments ?? [],
  });
  if (printed.runTime !== undefined)
    notes.push(
      noteAt("migrate/run-time-value", printed.runTime, file, [
        `${quoteText(printed.runTime, text)} is known only when the program runs`,
        "an environment variable that is not set allowed every origin, or none, without a report",
        "nothing to do: the policy is checked when the program starts, and every fault is reported then",
      ]),
    );
  return { diagnostics: notes, policy: printed };
}

function usesFastify({ names }: Source): boolean {
  return ["FastifyAdapter", "NestFastifyApplication"].some(
    (name) => names.bindings(name).length > 0,
  );
}

/** There the policy belongs on the adapter, before the application is created: not where the call is. */
function onNestFastify(call: CorsCall, { file, text }: Source): CallMigration {
  const diagnostic = noteAt("migrate/unusable-value", call.node, file, [
    `${quoteText(call.node, text)} is NestJS on Fastify`,
    "a policy that is registered after the application was created would see preflights too late",
    "register it on the adapter first, as docs/adapters/nestjs.md shows",
  ]);
  return { call, diagnostics: [diagnostic] };
}

/** What is known of the origin beyond its literal value. True: foreign origins got an error response. */
function readOrigin(
  literal: Literal,
  library: CorsLibrary,
  source: Source,
  notes: Diagnostic[],
): boolean {
  const { file, names, text } = source;
  const options = literal.value as Record<string, unknown>;
  const { origin } = options;
  if (!isUnknown(origin)) return false;
  const asked = functionOf(origin.unknown, names);
  if (asked === undefined) {
    for (const leaf of leavesOf(origin.unknown)) {
      const problem = problemOf(leaf);
      if (problem === undefined) continue;
      notes.push(
        noteAt("migrate/unusable-value", leaf, file, [
          `\`origin\` is ${quoteText(leaf, text)} in one of its cases, ${problem}`,
          "which case applies is known only when the program runs",
          "write the origins of each case; or give each case a policy, and choose between them",
        ]),
      );
    }
    return false;
  }
  const why = whyNotAsked(asked, library);
  if (why !== undefined)
    notes.push(
      noteAt("migrate/unusable-value", origin.unknown, file, [
        "the function for the origin cannot be asked in the same way",
        why,
        "write `allowOrigins: (origin) => …` that gives a boolean or a promise of one",
      ]),
    );
  const list = listInScope(asked, library, names);
  if (list !== undefined) {
    const constants = list.isInside ? [] : literal.constants;
    options["origin"] = readExpression(list.node, ["origin"], names, { ...literal, constants });
    notes.push(
      noteAt("migrate/origin-function", origin.unknown, file, [
        `a function looks the origin up in ${quoteText(list.node, text)}`,
        "that is what a list of origins does",
        "nothing to do: the list is the policy",
      ]),
    );
  }
  const open = list === undefined ? openTestOf(asked) : undefined;
  if (open !== undefined)
    notes.push(
      noteAt("migrate/origin-function-open", open.node, file, [
        `${quoteText(open.node, text)} also allows ${open.counterExample}`,
        "whoever owns that name could read the answers; an origin is compared whole, or by a pattern",
        "list the origins, or write patterns such as `https://*.example.com`",
      ]),
    );
  if (!refusesWithError(asked)) return false;
  notes.push(
    noteAt("migrate/refused-with-error", origin.unknown, file, [
      "an origin that is not allowed got an error response",
      "so its requests did not reach the application; without `onMismatch` they would, although no page could read the answer",
      'keep `onMismatch: "reject"`, which answers them with 403',
    ]),
  );
  return true;
}

/** The list that the function looks the origin up in, if it can be named or written where the options are. */
function listInScope(
  asked: Node,
  library: CorsLibrary,
  names: Names,
): { readonly node: Node; readonly isInside: boolean } | undefined {
  const node = listOf(asked, library);
  const [bound, ...others] = node === undefined ? [] : names.bindings(node["name"] as string);
  if (node === undefined || others.length > 0) return undefined;
  const isInside = bound !== undefined && asked.start <= bound.start && bound.end <= asked.end;
  const into = { places: new Map<string, Node>(), constants: [] };
  const isKnown = !isUnknown(readExpression(node, ["origin"], names, into));
  return isInside && !isKnown ? undefined : { node, isInside };
}

function problemOf(leaf: Node): string | undefined {
  if (leaf.type === "BooleanLiteral")
    return leaf["value"] === true ? "which reflects every origin" : "which switches CORS off";
  if (leaf.type === "RegExpLiteral") return "a regular expression, which has to become patterns";
  if (isFunction(leaf)) return "a function";
  return undefined;
}

interface OptionsVariable {
  readonly init: Node;
  /** Where the name of the declaration ends, before its type. */
  readonly from: number;
  readonly name: string;
  /** Whether it is used for nothing else, so that it can be rewritten where it stands. */
  readonly isOwn: boolean;
}

/** `const options = { … }` in the same file, for a call that names it; or a property of the class around it. */
function optionsVariable(
  options: Node,
  source: Source,
): OptionsVariable | { readonly fault: Diagnostic } | undefined {
  const { names, file, text } = source;
  const inner = bare(options);
  if (inner.type === "MemberExpression") return optionsProperty(inner, source);
  if (inner.type !== "Identifier") return undefined;
  const name = inner["name"] as string;
  const declaration = declarationOf(name, names);
  const init = declaration?.["init"];
  if (declaration === undefined || !isNode(init)) return undefined;
  if (isChanged(name, names))
    return {
      fault: noteAt("migrate/unusable-value", inner, file, [
        `${quoteText(inner, text)} is changed after it was written`,
        "what it holds at the call is known only when the program runs",
        "write the whole policy in one place",
      ]),
    };
  const id = declaration["id"] as Node;
  const annotation = id["typeAnnotation"] as Node | undefined;
  return {
    init,
    from: annotation?.start ?? id.end,
    name,
    isOwn:
      !isExported(declaration, names) &&
      names.uses(name).every(({ node, role }) => role === "value" && isOption(node, names)),
  };
}

/** `this.options`, where the class has `options = { … }` and nothing changes it. The policy goes into the call. */
function optionsProperty(member: Node, { root, names }: Source): OptionsVariable | undefined {
  if ((member["object"] as Node).type !== "ThisExpression") return undefined;
  const name = String((member["property"] as Node)["name"]);
  let found: Node | undefined;
  for (const node of nodesOf(root)) {
    const isProperty = node.type === "ClassProperty" && (node["key"] as Node)["name"] === name;
    if (isProperty && found !== undefined) return undefined;
    if (isProperty) found = node;
    if (node.type !== "MemberExpression" || (node["property"] as Node)["name"] !== name) continue;
    const parent = names.parentOf.get(node);
    if (parent === undefined || !/^(?:CallExpression|TS\w+Expression)$/.test(parent.type))
      return undefined;
  }
  const init = found?.["value"];
  return isNode(init) ? { init, from: init.start, name, isOwn: false } : undefined;
}

/** `export const options`: other files read its fields by their old names. */
function isExported(declaration: Node, { parentOf }: Names): boolean {
  const statement = parentOf.get(declaration);
  return statement !== undefined && parentOf.get(statement)?.type === "ExportNamedDeclaration";
}

/** Whether the name is the argument of a call that makes the middleware: `cors(options as CorsOptions)`. */
function isOption(node: Node, { parentOf }: Names): boolean {
  let child = node;
  let parent = parentOf.get(child);
  while (parent !== undefined && isWrapper(parent)) {
    child = parent;
    parent = parentOf.get(child);
  }
  if (parent?.type !== "CallExpression" || parent["callee"] === child) return false;
  const callee = bare(parent["callee"] as Node);
  const name = String(callee["name"] ?? (callee["property"] as Node | undefined)?.["name"] ?? "");
  return (
    /cors|register/i.test(name) || callee.type === "CallExpression" || callee.type === "Import"
  );
}

function unclear(node: Node, { names, file, text }: Source): Diagnostic {
  const inner = bare(node);
  if (functionOf(inner, names) !== undefined)
    return noteAt("migrate/unusable-value", inner, file, [
      "a function gives the options of each request",
      "what it gives is only known at a request",
      "write `allowOrigins: (origin) => …` if it chooses by the origin; or mount a policy for each path",
    ]);
  const from = moduleOf(inner, names);
  if (from !== undefined)
    return noteAt("migrate/unusable-value", inner, file, [
      `the options come from ${from}`,
      "only this file was read",
      `run \`corsway migrate\` on that file, which says what they mean, and write the policy there`,
    ]);
  return noteAt("migrate/unusable-value", inner, file, [
    inner.type === "SpreadElement"
      ? `the options are not written here as one object: ${quoteText(inner, text)}`
      : "the options are not written here as one object",
    "what they hold is only known when the program runs",
    "call `fromCorsOptions(options)` of @corsway/cors/migrate with them once, and write the policy that it gives",
  ]);
}

/** The module that the options are imported or required from. */
function moduleOf(options: Node, names: Names): string | undefined {
  const required = requiredBy(options);
  if (required !== undefined || options.type !== "Identifier") return required;
  const [bound] = names.bindings(options["name"] as string);
  let node = bound && names.parentOf.get(bound);
  while (
    node !== undefined &&
    node.type !== "ImportDeclaration" &&
    node.type !== "VariableDeclarator"
  )
    node = names.parentOf.get(node);
  if (node === undefined) return undefined;
  const init = node["init"];
  if (isNode(init)) return requiredBy(init);
  const name = stringOf(node["source"] as Node | undefined);
  return name === undefined ? undefined : `\`${name}\``;
}

function requiredBy(node: Node): string | undefined {
  if (node.type !== "CallExpression" || (node["callee"] as Node)["name"] !== "require")
    return undefined;
  const name = stringOf((node["arguments"] as Node[])[0]);
  return name === undefined ? undefined : `\`${name}\``;
}

/** The expression as a message quotes it: on one line, and short. */
export function quoteText({ start, end }: Node, text: string): string {
  const written = text.slice(start, end).replaceAll(/\s+/g, " ");
  return `\`${written.length > 60 ? `${written.slice(0, 59)}…` : written}\``;
}

export function placeOf({ loc }: Node, file: string): Place {
  return {
    file,
    line: loc.start.line,
    column: loc.start.column + 1,
    endLine: loc.end.line,
    endColumn: loc.end.column + 1,
  };
}
