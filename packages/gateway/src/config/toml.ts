// Bytes → Document. smol-toml reads the values; where the text is no TOML, the faulty line is
// blanked and reading goes on, so that the faults behind it are found in the same run.

import { parse, TomlError } from "smol-toml";
import type { Diagnostic } from "@corsway/cors/diagnostics";
import { indexPlaces } from "./places.ts";
import { diagnostic } from "./spot.ts";
import { Document, table, type Table } from "./tree.ts";

export const FILE_LIMIT = 1024 * 1024;
const DEEPEST = 64;
const MOST_FAULTS = 20;

export interface ReadDocument {
  readonly document?: Document;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads one file's bytes; `file` is the name a person sees. */
export function readDocument(bytes: Uint8Array, file: string, path: string): ReadDocument {
  const start = { file, line: 1, column: 1 };
  if (bytes.length > FILE_LIMIT) {
    const fault = diagnostic("toml/too-large", "", start, {
      message: `the file has ${bytes.length} bytes; 1 MiB is the most`,
      why: "a configuration of that size is more likely another file",
      fix: "split it: a directory of *.toml files is read as one configuration",
    });
    return { diagnostics: [fault] };
  }
  const decoded = decode(bytes);
  if (typeof decoded !== "string") {
    const at = { file, ...decoded };
    const fault = diagnostic("toml/encoding", "", at, {
      message: "this line is not UTF-8",
      why: "TOML is UTF-8; what other encodings mean would have to be guessed at",
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
      const value = parse(rest, { maxDepth: DEEPEST }) as Table;
      if (depthOf(value) > DEEPEST) {
        diagnostics.push(tooDeep(file, 1, 1));
        return { document: nothing(), diagnostics };
      }
      return { document: new Document({ file, path, text, value, read: rest, lost }), diagnostics };
    } catch (error) {
      if (!(error instanceof TomlError)) throw error;
      const opened = openedAbove(rest, error);
      diagnostics.push(opened ? unclosed(error, opened, file) : syntaxFault(error, rest, file));
      // A line that was blanked and a fault that stays on it: what follows cannot be trusted.
      // What is not closed takes all that follows with it.
      if (opened || error.message.includes("unfinished string"))
        return { document: nothing(), diagnostics };
      if (error.line <= lastLine || diagnostics.length >= MOST_FAULTS) {
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

function syntaxFault(error: TomlError, text: string, file: string): Diagnostic {
  const at = { file, line: error.line, column: error.column };
  const reason = error.message
    .replace(/^Invalid TOML document: /, "")
    .split("\n")[0]!
    .trim();
  if (reason.includes("excessively nested")) return tooDeep(file, at.line, at.column);
  const line = text.split("\n")[error.line - 1]?.trimEnd() ?? "";
  if (reason.startsWith("trying to redefine")) return duplicate(text, line, file, at);
  return diagnostic("toml/syntax", "", at, {
    message: `this is not TOML: ${reason}`,
    why: "nobody can say what it means; it is left out, and the rest is checked as far as that goes",
    fix: hint(line, error.column),
  });
}

function unclosed(error: TomlError, { line, column, bracket }: Opened, file: string): Diagnostic {
  const close = bracket === "[" ? "]" : "}";
  return {
    ...diagnostic(
      "toml/syntax",
      "",
      { file, line: error.line, column: error.column },
      {
        message: `the \`${bracket}\` that is opened on line ${line} is not closed before this`,
        why: "all that follows would be part of it, so nothing more of this file is checked",
        fix: `close it with \`${close}\`, or write the comma that is missing`,
      },
    ),
    also: [{ at: { file, line, column }, say: "opened here" }],
  };
}

/** What the line was probably meant to be. */
function hint(line: string, column: number): string {
  const rest = line.slice(column - 1).trim();
  const word = /^[A-Za-z_*/~.^][^\s,\]#"']*/.exec(rest)?.[0];
  const assigns = /^\s*[\w."-]+\s*=\s*/.exec(line);
  if (/("""|''')/.test(line)) return "close the string with the three quotes that open it";
  if (line.split('"').length % 2 === 0) return 'close the string with `"` on the same line';
  if (/^\s*[\w-]+\s*:\s/.test(line)) return "TOML writes `key = value`, with an equals sign";
  if (assigns && rest === "") return "write a value after the equals sign";
  if (assigns && word !== undefined && column - 1 >= assigns[0].length) {
    if (/^(?:yes|on)$/i.test(word)) return "write true";
    if (/^(?:no|off)$/i.test(word)) return "write false";
    if (/^(?:true|false)$/i.test(word)) return `write ${word.toLowerCase()}`;
    return `text stands in quotes: "${word}"`;
  }
  if (/^\s*\[[^\]]*$/.test(line)) return "close the table's name with `]`";
  return "TOML is `[table]` headers and `key = value` lines; strings in quotes, lists in `[ ]`";
}

interface Opened {
  readonly line: number;
  readonly column: number;
  readonly bracket: string;
}

/** The bracket that a line above the fault opens and that nothing up to the fault closes. */
function openedAbove(text: string, at: { line: number; column: number }): Opened | undefined {
  const lines = text.split("\n").slice(0, at.line);
  lines[at.line - 1] = (lines[at.line - 1] ?? "").slice(0, at.column - 1);
  for (let index = lines.length - 1; index >= 0; index -= 1) {
    const found = /^\s*[\w."'-]+\s*=\s*([[{])/.exec(lines[index]!);
    if (found === null) continue;
    const column = found[0].length;
    const inside = [lines[index]!.slice(column - 1), ...lines.slice(index + 1)].join("\n");
    const open = { line: index + 1, column, bracket: found[1]! };
    return index + 1 < at.line && isOpen(inside) ? open : undefined;
  }
  return undefined;
}

/** Does the text, brackets in strings and comments left out, open more than it closes? */
function isOpen(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*/g, "");
  let depth = 0;
  for (const sign of bare) {
    if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
  }
  return depth > 0;
}

function tooDeep(file: string, line: number, column: number): Diagnostic {
  return diagnostic(
    "toml/too-deep",
    "",
    { file, line, column },
    {
      message: `values nested more than ${DEEPEST} deep`,
      why: "nothing in a configuration needs a tenth of that",
      fix: "take the brackets apart",
    },
  );
}

function duplicate(
  text: string,
  line: string,
  file: string,
  at: { readonly file: string; readonly line: number; readonly column: number },
): Diagnostic {
  const before = text.split("\n").slice(0, at.line - 1);
  const header = /^\s*\[([^[\]]+)\]/.exec(line)?.[1];
  const above = before.findLast((line) => /^\s*\[[^[\]]+\]/.test(line));
  const parent = above === undefined ? [] : keysOf(/\[([^[\]]+)\]/.exec(above)![1]!);
  const path = header === undefined ? [...parent, ...keysOf(line.split("=")[0]!)] : keysOf(header);
  const first =
    path.length === 0 ? undefined : indexPlaces(before.join("\n"), file)(path, { key: true });
  const what = header === undefined ? "the key" : "the table";
  return {
    ...diagnostic("toml/duplicate-key", path.join("."), at, {
      message: `${what} \`${path.join(".")}\` stands here a second time`,
      why: "one of the two would win, and nobody could see which",
      fix: "keep one of them",
    }),
    ...(first && { also: [{ path: path.join("."), at: first, say: "first written here" }] }),
  };
}

/** `a."b c"` → ["a", "b c"]. */
function keysOf(text: string): string[] {
  try {
    const keys: string[] = [];
    let value: unknown = parse(`${text.trim()} = 0`);
    while (typeof value === "object" && value !== null) {
      const [key, inner] = Object.entries(value)[0]!;
      keys.push(key);
      value = inner;
    }
    return keys;
  } catch {
    return [];
  }
}

/** The text without what a faulty line began: the line, or with a header its whole table. */
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

function depthOf(value: unknown): number {
  let depth = 0;
  let level: unknown[] = [value];
  while (level.length > 0 && depth <= DEEPEST) {
    const next: unknown[] = [];
    for (const item of level) {
      if (typeof item !== "object" || item === null) continue;
      for (const inner of Object.values(item)) if (typeof inner === "object") next.push(inner);
    }
    level = next;
    depth += 1;
  }
  return depth;
}
