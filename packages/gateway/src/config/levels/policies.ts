// The policies of a configuration: read once for each distinct result of the levels, after the merge, so
// that every check sees what will be enforced.

import { readPolicy } from "@corsway/cors";
import { fieldOfKey, policyFields } from "@corsway/cors/policy";
import type { Diagnostic, Place, Policy } from "@corsway/cors";
import { printPath, type ValuePath } from "@corsway/cors/diagnostics";
import type { Level, Source } from "../config.ts";
import { compileRegex } from "../forms/regex.ts";
import { Spot } from "../tree/spot.ts";
import { table, type Table, type Tree } from "../tree/tree.ts";

/** A policy as one level writes it. */
export interface WrittenPolicy {
  readonly name: string;
  /** The path of its table. */
  readonly path: ValuePath;
  readonly table: Table;
  /** The Pingap plugin that it was, as written: what is usual in Pingap gets a note, not a warning. */
  readonly plugin?: Table;
}

export interface LayerOfPolicy {
  readonly level: Level;
  readonly written: WrittenPolicy;
}

export interface ReadPolicyOutcome {
  readonly policy?: Policy;
  readonly path?: string;
  readonly diagnostics: readonly Diagnostic[];
}

interface Cell {
  readonly layer: LayerOfPolicy;
  readonly key: string;
}

/** Reads the levels as one policy: each field comes from the first level that has it. */
export function readLayers(layers: readonly LayerOfPolicy[], tree: Tree): ReadPolicyOutcome {
  const { fields, given } = chooseFields(layers);
  const input = table();
  for (const [key, { layer }] of given) if (key !== "path") input[key] = layer.written.table[key];
  const pathOf = (path: ValuePath): ValuePath => {
    const cell = path.length === 0 ? undefined : given.get(String(path[0]));
    return [...(cell?.layer ?? layers[0]!).written.path, ...path];
  };
  /** Places that are wider than what was asked for: no edit may be made there. */
  const wide = new Set<Place>();
  const read = readPolicy(input, (path, part) => {
    const found = tree.find(pathOf(path), part);
    if (found?.exact === false) wide.add(found.place);
    return found?.place;
  });
  const whole = layers.every(({ written }) => tree.isWhole(written.path));
  const diagnostics = read.diagnostics
    // If lines could not be read, the origins that seem to be missing may be in them.
    .filter(({ code }) => whole || code !== "policy/missing-origins")
    // A default that no one wrote needs no warning or note.
    .filter(({ severity, path }) => severity === "error" || !isPresumed(given.get(path)))
    .map((diagnostic) => placeInFile(diagnostic, pathOf, layers, wide));
  const path = readPath(fields.get("path"), tree, diagnostics);
  return {
    ...(read.policy && { policy: read.policy }),
    ...(path !== undefined && { path }),
    diagnostics,
  };
}

/** Where the value of each field was written, by its TOML name. */
export function sourcesOf(
  layers: readonly LayerOfPolicy[],
  tree: Tree,
): ReadonlyMap<string, Source> {
  const sources = new Map<string, Source>();
  for (const [field, cell] of chooseFields(layers).fields) {
    const { layer, key } = cell;
    if (isPresumed(cell)) continue;
    sources.set(field, new Written(layer.level, [...layer.written.path, key], tree));
  }
  return sources;
}

/** The level from which each field, and each key as written, is taken. */
function chooseFields(layers: readonly LayerOfPolicy[]): {
  readonly fields: ReadonlyMap<string, Cell>;
  readonly given: ReadonlyMap<string, Cell>;
} {
  const fields = new Map<string, Cell>();
  const given = new Map<string, Cell>();
  // What any level wrote takes precedence over a Pingap default that no one wrote.
  for (const presumed of [false, true]) {
    for (const layer of layers) {
      const own = new Set<string>();
      for (const key of Object.keys(layer.written.table)) {
        const cell = { layer, key };
        const field = fieldName(key);
        if (isPresumed(cell) !== presumed) continue;
        // Two spellings of one field in one table: both are kept, so that readPolicy rejects them.
        if (fields.has(field) && !own.has(field)) continue;
        own.add(field);
        fields.set(field, cell);
        given.set(key, cell);
      }
    }
  }
  return { fields, given };
}

/** Whether this is a Pingap default that no one wrote. */
function isPresumed(cell: Cell | undefined): boolean {
  const plugin = cell?.layer.written.plugin;
  return plugin !== undefined && !(cell!.key in plugin);
}

/** The TOML name of the field that a key stands for; the key itself if it is not a field. */
function fieldName(key: string): string {
  const field = fieldOfKey(key);
  return policyFields.find(({ camel }) => camel === field)?.snake ?? key;
}

function readPath(
  cell: Cell | undefined,
  tree: Tree,
  diagnostics: Diagnostic[],
): string | undefined {
  if (cell === undefined) return undefined;
  const spot = new Spot(tree, diagnostics, [...cell.layer.written.path, cell.key]);
  const value = cell.layer.written.table[cell.key];
  if (typeof value === "string") return compileRegex(value, spot) && value;
  return spot.fault("config/wrong-type", {
    message: "`path` is not a string",
    why: "it is a regular expression over the request's path",
    fix: 'write for example path = "^/api/"',
  });
}

/** Where a value was written; its place is looked up when it is needed. */
export class Written implements Source {
  readonly level: Level;
  readonly #steps: ValuePath;
  readonly #tree: Tree;

  constructor(level: Level, steps: ValuePath, tree: Tree) {
    this.level = level;
    this.#steps = steps;
    this.#tree = tree;
  }

  get path(): string {
    return printPath(this.#steps);
  }

  get steps(): ValuePath {
    return this.#steps;
  }

  get at(): Place | undefined {
    return this.#tree.where(this.#steps);
  }

  /** The document, and the path in that document. */
  get written(): ReturnType<Tree["written"]> {
    return this.#tree.written(this.#steps);
  }
}

/** readPolicy's diagnostic, with its path in the policy turned into the path in the file. */
function placeInFile(
  diagnostic: Diagnostic,
  pathOf: (path: ValuePath) => ValuePath,
  layers: readonly LayerOfPolicy[],
  wide: ReadonlySet<Place>,
): Diagnostic {
  const lead = (path: string): string => {
    const first = /^(?:"(?:[^"\\]|\\.)*"|[^.[]+)/.exec(path)?.[0];
    const key = first?.startsWith('"') ? (JSON.parse(first) as string) : first;
    const base = key === undefined ? pathOf([]) : pathOf([key]).slice(0, -1);
    return path === "" ? printPath(base) : `${printPath(base)}.${path}`;
  };
  const { fix, also, ...rest } = diagnostic;
  const safe = fix?.edit && wide.has(fix.edit.at) ? { say: fix.say } : fix;
  const usual =
    diagnostic.code === "policy/method-options" && layers[0]!.written.plugin !== undefined;
  return {
    ...rest,
    ...(usual && { severity: "info" as const }),
    path: lead(diagnostic.path),
    ...(safe && { fix: safe }),
    ...(also && { also: also.map((other) => leadOther(other, lead)) }),
  };
}

function leadOther(
  other: NonNullable<Diagnostic["also"]>[number],
  lead: (path: string) => string,
): NonNullable<Diagnostic["also"]>[number] {
  return other.path === undefined ? other : { ...other, path: lead(other.path) };
}
