// PATH → the documents of a configuration: one file, or every *.toml of a directory (in the order of
// their names) except the overlays of environments, `corsway.NAME.toml`.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import type { Diagnostic } from "@corsway/cors/diagnostics";
import { diagnostic } from "../tree/spot.ts";
import { fileLimit, readDocument } from "./toml.ts";
import type { Document, Lost } from "../tree/tree.ts";

export interface ReadFiles {
  readonly documents: readonly Document[];
  readonly overlay?: Document;
  readonly diagnostics: readonly Diagnostic[];
  /** Environments that have a file, if none was requested. */
  readonly environments?: readonly string[];
  /** Why the path itself cannot be read. */
  readonly unreadable?: string;
  /** Text that could not be read: lines of tables, or tables and whole files. */
  readonly lost: Lost;
}

/** Folders of Pingap's separate layout: `servers/NAME.toml` and so on. */
const folders = new Set([
  "servers",
  "locations",
  "upstreams",
  "plugins",
  "storages",
  "certificates",
]);

/** `texts`: by absolute path, what is to be read in place of the file's own text. */
export function readFiles(
  path: string,
  base: string,
  env: string | undefined,
  texts: ReadonlyMap<string, string> = new Map(),
): ReadFiles {
  const diagnostics: Diagnostic[] = [];
  const documents: Document[] = [];
  let lost: Lost = "nothing";
  const read = (file: string): Document | undefined => {
    const name = displayName(file, base);
    try {
      const text = texts.get(file);
      const bytes = text === undefined ? readBounded(file) : Buffer.from(text);
      const { document, diagnostics: faults } = readDocument(bytes, name, file);
      diagnostics.push(...faults);
      if (document === undefined || document.lost === "tables") lost = "tables";
      else if (document.lost === "lines" && lost === "nothing") lost = "lines";
      return document;
    } catch (error) {
      lost = "tables";
      diagnostics.push(unreadable(name, reasonOf(error)));
      return undefined;
    }
  };

  let files: readonly string[];
  try {
    files = statSync(path).isDirectory() ? tomlFiles(path) : [path];
    if (files.length === 0) throw new Error("the directory has no *.toml file");
    if (files[0] === path) readBounded(path);
  } catch (error) {
    const reason = reasonOf(error);
    const fault = unreadable(displayName(path, base), reason);
    return { documents, diagnostics: [fault], unreadable: fault.message, lost: "tables" };
  }
  for (const file of files) {
    const document = read(file);
    if (document) documents.push(document);
  }
  if (env === undefined) {
    const isFile = files[0] === path;
    return { documents, diagnostics, lost, environments: environmentsOf(path, isFile) };
  }
  const place = overlayPath(path, files[0] === path, env);
  try {
    statSync(place);
  } catch {
    diagnostics.push(unknownEnv(env, displayName(place, base), dirname(place)));
    return { documents, diagnostics, lost: "tables" };
  }
  const overlay = read(place);
  return { documents, diagnostics, lost, ...(overlay && { overlay }) };
}

function tomlFiles(directory: string): string[] {
  const files: string[] = [];
  const take = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const name = entry.name;
      if (!name.endsWith(".toml") || name.startsWith(".") || entry.isDirectory()) continue;
      if (folder === directory && /^corsway\.[^.]+\.toml$/.test(name)) continue;
      files.push(join(folder, name));
    }
  };
  take(directory);
  for (const name of readdirSync(directory)) {
    const folder = join(directory, name);
    // A link to a folder counts as one: mounted configurations consist of links.
    if (folders.has(name) && statSync(folder, { throwIfNoEntry: false })?.isDirectory())
      take(folder);
  }
  return files.sort();
}

/** A file that is too long is read only as far as needed to reject it. */
function readBounded(file: string): Uint8Array {
  const { size } = statSync(file);
  if (!statSync(file).isFile()) throw new Error("it is not a file");
  if (size > fileLimit) return new Uint8Array(size > 2 ** 30 ? 2 ** 30 : size);
  return readFileSync(file);
}

/** `corsway.NAME.toml` in the directory; for the file `gateway.toml`, `gateway.NAME.toml`. */
function overlayPath(path: string, isFile: boolean, env: string): string {
  if (!isFile) return join(path, `corsway.${env}.toml`);
  return join(dirname(path), `${basename(path, ".toml")}.${env}.toml`);
}

/** The names of the overlays that exist. */
function environmentsOf(path: string, isFile: boolean): string[] {
  const before = `${isFile ? basename(path, ".toml") : "corsway"}.`;
  try {
    return readdirSync(isFile ? dirname(path) : path)
      .filter((file) => file.startsWith(before) && file.endsWith(".toml"))
      .map((file) => file.slice(before.length, -".toml".length))
      .filter((env) => env !== "" && !env.includes("."))
      .sort();
  } catch {
    return []; // a directory that can be entered but not listed: there is nothing to suggest
  }
}

/** The file's name as a person at `base` would write it. */
function displayName(path: string, base: string): string {
  const name = relative(base, path);
  return name === "" ? basename(path) : name.startsWith("..") || isAbsolute(name) ? path : name;
}

function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file or directory";
  if (code === "EACCES" || code === "EPERM") return "permission is denied";
  if (code === "ENOTDIR") return "a part of its path is a file, not a directory";
  if (code === "ELOOP") return "its symbolic links form a loop";
  return code ?? (error instanceof Error ? error.message : String(error));
}

function unreadable(name: string, reason: string): Diagnostic {
  return diagnostic("toml/unreadable", "", undefined, {
    message: `\`${name}\` cannot be read: ${reason}`,
    why: "without it there is nothing to check",
    fix: "name a file or a directory of *.toml files; `corsway init` writes a first one",
  });
}

function unknownEnv(env: string, name: string, directory: string): Diagnostic {
  let known: string[] = [];
  try {
    known = readdirSync(directory).flatMap(
      (file) => /^[^.]+\.([^.]+)\.toml$/.exec(file)?.[1] ?? [],
    );
  } catch {
    // The directory was readable a moment ago; a missing list is not a fault of its own.
  }
  return diagnostic("config/unknown-env", "", undefined, {
    message: `the environment \`${env}\` has no file: \`${name}\` does not exist`,
    why: "starting without it would serve another environment's policy",
    fix:
      known.length > 0
        ? `known environments: ${known.join(", ")}`
        : `write \`${name}\` with what differs`,
  });
}
