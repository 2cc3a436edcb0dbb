// PATH → Config. Total: never throws; every fault at once, with its place.

import { resolve } from "node:path";
import type { Diagnostic, Place } from "@corsway/cors";
import { hasErrors } from "@corsway/cors/diagnostics";
import { assemble } from "./assemble.ts";
import type { Config } from "./config.ts";
import { readFiles, type ReadFiles } from "./documents/files.ts";
import { layIncludes } from "./documents/includes.ts";
import { findVariables } from "./documents/interpolation.ts";
import { tellOnce } from "./tree/repeated.ts";
import { Spot } from "./tree/spot.ts";
import { readDocument } from "./documents/toml.ts";
import { lay, unite } from "./documents/unite.ts";

export interface Loaded {
  /** Present exactly if no diagnostic is an error. */
  readonly config?: Config;
  readonly diagnostics: readonly Diagnostic[];
  /** Text of each file read, by the name used in diagnostics, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** The path itself could not be read (missing, no permission): exit status 2, not 1. */
  readonly unreadable?: string;
}

export interface LoadOptions {
  /** `--env NAME`: overlays `corsway.NAME.toml`. */
  readonly env?: string;
  /** By absolute path: text that is to be read in place of a file's own, before it is saved. */
  readonly texts?: ReadonlyMap<string, string>;
  /** The directory to which file names in diagnostics are relative. Default: the process's. */
  readonly base?: string;
}

/** Reads a file or a directory of `*.toml` (absolute path). */
export function loadConfig(path: string, options: LoadOptions = {}): Loaded {
  const read = readFiles(path, options.base ?? process.cwd(), options.env, options.texts);
  const all = read.overlay ? [...read.documents, read.overlay] : read.documents;
  const sources = new Map(all.map((document) => [document.file, document.text]));
  const diagnostics = [...read.diagnostics];
  if (read.unreadable !== undefined) {
    return { diagnostics, sources, unreadable: read.unreadable };
  }
  return loadRead(read, diagnostics, sources);
}

/** Checks text that is not a file yet; `file` is its name in diagnostics. */
export function checkText(text: string, file: string): Loaded {
  const { document, diagnostics } = readDocument(Buffer.from(text), file, resolve(file));
  const documents = document ? [document] : [];
  const lost = document?.lost ?? "tables";
  return loadRead({ documents, diagnostics, lost }, [...diagnostics], new Map([[file, text]]));
}

/** Loads what was read, from files or from text. */
function loadRead(read: ReadFiles, diagnostics: Diagnostic[], sources: Loaded["sources"]): Loaded {
  const all = read.overlay ? [...read.documents, read.overlay] : read.documents;
  const tree = unite(read.documents, diagnostics);
  if (read.overlay) lay(tree, read.overlay);
  layIncludes(tree, diagnostics);
  const variables = findVariables(tree.value, new Spot(tree, diagnostics));
  const told = diagnostics.length;
  const config = assemble(
    tree,
    all.map(({ path }) => path),
    read.lost,
    diagnostics,
  );
  const files = all.map(({ file }) => file);
  const kept = diagnostics.filter(({ path }, index) => index < told || !variables.has(path));
  const sorted = kept
    .map((diagnostic) => withEnvironments(diagnostic, read.environments))
    .toSorted((left, right) => compare(left, right, files));
  return { ...(!hasErrors(sorted) && { config }), diagnostics: tellOnce(sorted), sources };
}

/** What seems to be missing may be in the file of an environment that was not requested. */
function withEnvironments(
  diagnostic: Diagnostic,
  environments: readonly string[] = [],
): Diagnostic {
  const missing =
    diagnostic.code === "config/unknown-name" || diagnostic.code === "policy/missing-origins";
  if (!missing || environments.length === 0 || diagnostic.fix?.edit) return diagnostic;
  const names = environments.slice(0, 4).map((env) => `--env ${env}`);
  const say = `${diagnostic.fix?.say ?? ""}; or is it in an environment's file? ${names.join(", ")}`;
  return { ...diagnostic, fix: { say } };
}

/** In the order in which one reads the files; diagnostics without a place come first. */
function compare(left: Diagnostic, right: Diagnostic, files: readonly string[]): number {
  const order = (at: Place | undefined): number => (at ? files.indexOf(at.file) : -1);
  return (
    order(left.at) - order(right.at) ||
    (left.at?.line ?? 0) - (right.at?.line ?? 0) ||
    (left.at?.column ?? 0) - (right.at?.column ?? 0)
  );
}
