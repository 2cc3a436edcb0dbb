// Bytes → Document. smol-toml reads the values. If the text is not TOML, the faulty line is blanked and
// reading continues, so that the faults after it are found in the same run.

import { parse, TomlError } from "smol-toml";
import type { Diagnostic, ValuePath } from "@corsway/cors/diagnostics";
import { diagnostic } from "../tree/spot.ts";
import { deepest, openedAbove, syntaxFault, tooDeep, unclosed } from "./toml-fault.ts";
import { Document, table, type Table } from "../tree/tree.ts";

export const fileLimit = 1024 * 1024;
const mostFaults = 20;

export interface ReadDocument {
  readonly document?: Document;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the bytes of one file; `file` is the name that a person sees. */
export function readDocument(bytes: Uint8Array, file: string, path: string): ReadDocument {
  const start = { file, line: 1, column: 1 };
  if (bytes.length > fileLimit) {
    const fault = diagnostic("toml/too-large", "", start, {
      message: `the file has ${bytes.length} bytes; the limit is 1 MiB`,
      why: "a configuration of that size is probably a different file",
      fix: "split it: a directory of *.toml files is read as one configuration",
    });
    return { diagnostics: [fault] };
  }
  const decoded = decode(bytes);
  if (typeof decoded !== "string") {
    const at = { file, ...decoded };
    const fault = diagnostic("toml/encoding", "", at, {
      message: "this line is not UTF-8",
      why: "TOML is UTF-8; the meaning of any other encoding would be a guess",
      fix: "save the file as UTF-8",
    });
    return { diagnostics: [fault] };
  }
  return readText(decoded, file, path);
}

function readText(text: string, file: string, path: string): ReadDocument {
  const diagnostics: Diagnostic[] = [];
  let rest = text;
  let lastLine = 0;
  let lost: "lines" | "tables" | undefined;
  const nothing = (): Document =>
    new Document({ file, path, text, value: table(), read: "", lost: "tables" });
  for (;;) {
    try {
      const value = parse(rest, { maxDepth: deepest }) as Table;
      const document = new Document({ file, path, text, value, read: rest, lost });
      const deep = tooDeepIn(value);
      if (deep === undefined) return { document, diagnostics };
      const { line, column } = document.place(deep, { key: true }) ?? { line: 1, column: 1 };
      diagnostics.push(tooDeep(file, line, column));
      return { document: nothing(), diagnostics };
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const opened = openedAbove(rest, error);
      diagnostics.push(opened ? unclosed(error, opened, file) : syntaxFault(error, rest, file));
      // The line was blanked and the fault is still there, so what follows cannot be trusted. An unclosed
      // bracket or string swallows everything after it.
      if (opened || error.message.includes("unfinished string"))
        return { document: nothing(), diagnostics };
      if (error.line <= lastLine || diagnostics.length >= mostFaults) {
        if (error.line <= lastLine) diagnostics.pop();
        return { document: nothing(), diagnostics };
      }
      lastLine = error.line;
      const header = isHeader(rest.split("\n")[error.line - 1] ?? "");
      if (lost !== "tables") lost = header ? "tables" : "lines";
      rest = blank(rest, error.line, header);
    }
  }
}

/** The text without its byte-order mark, or the first line that is not UTF-8. */
function decode(bytes: Uint8Array): string | { readonly line: number; readonly column: number } {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    let line = 1;
    let from = 0;
    for (;;) {
      const end = bytes.indexOf(10, from);
      const slice = bytes.subarray(from, end < 0 ? bytes.length : end);
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(slice);
      } catch {
        const good = new TextDecoder("utf-8").decode(slice).indexOf("\uFFFD");
        return { line, column: Math.max(good, 0) + 1 };
      }
      if (end < 0) return { line, column: 1 };
      from = end + 1;
      line += 1;
    }
  }
}

/** The text without what a faulty line began: the line, or for a header its whole table. */
function blank(text: string, line: number, header: boolean): string {
  const lines = text.split("\n");
  let end = line;
  if (header) while (end < lines.length && !/^\s*\[/.test(lines[end]!)) end += 1;
  for (let index = line - 1; index < end; index += 1) {
    lines[index] = lines[index]!.endsWith("\r") ? "\r" : "";
  }
  return lines.join("\n");
}

function isHeader(line: string): boolean {
  return /^\s*\[/.test(line) && !line.includes("=");
}

/** The path of a value that is nested too deeply, by the names of its tables. */
function tooDeepIn(value: Table): ValuePath | undefined {
  let level: { readonly path: ValuePath; readonly value: unknown }[] = [{ path: [], value }];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return level[0]!.path;
    const next: typeof level = [];
    for (const { path, value } of level)
      for (const [name, inner] of Array.isArray(value)
        ? value.entries()
        : Object.entries(value as object))
        if (typeof inner === "object" && inner !== null)
          next.push({ path: [...path, name], value: inner });
    level = next;
  }
  return undefined;
}
