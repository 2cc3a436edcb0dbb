// What is reported about text that is not TOML: where, what was probably meant, and how it affects the
// rest of the file.

import { parse, type TomlError } from "smol-toml";
import type { Diagnostic } from "@corsway/cors/diagnostics";
import { indexPlaces } from "../tree/places.ts";
import { diagnostic } from "../tree/spot.ts";

export const deepest = 64;

export interface Opened {
  readonly line: number;
  readonly column: number;
  readonly bracket: string;
}

export function syntaxFault(error: TomlError, text: string, file: string): Diagnostic {
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
    why: "it has no defined meaning; it is skipped, and the rest is checked as far as possible",
    fix: hint(line, error.column, reason),
  });
}

export function unclosed(
  error: TomlError,
  { line, column, bracket }: Opened,
  file: string,
): Diagnostic {
  const close = bracket === "[" ? "]" : "}";
  return {
    ...diagnostic(
      "toml/syntax",
      "",
      { file, line: error.line, column: error.column },
      {
        message: `the \`${bracket}\` opened on line ${line} is not closed before this`,
        why: "everything that follows would be part of it, so the rest of this file is not checked",
        fix: `close it with \`${close}\`, or write the missing comma`,
      },
    ),
    also: [{ at: { file, line, column }, say: "opened here" }],
  };
}

export function tooDeep(file: string, line: number, column: number): Diagnostic {
  return diagnostic(
    "toml/too-deep",
    "",
    { file, line, column },
    {
      message: `values nested more than ${deepest} deep`,
      why: "no configuration needs a tenth of that",
      fix: "look for an extra bracket: no key of a configuration nests more than four deep",
    },
  );
}

/** The bracket that a line above the fault opens and that nothing before the fault closes. */
export function openedAbove(
  text: string,
  at: { line: number; column: number },
): Opened | undefined {
  const lines = text.split("\n").slice(0, at.line);
  // A header's own bracket says nothing about the lines above it.
  const last = lines[at.line - 1] ?? "";
  lines[at.line - 1] = /^\s*\[/.test(last) ? "" : last.slice(0, at.column - 1);
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

/** Does the text open more brackets than it closes, ignoring strings and comments? */
function isOpen(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*/g, "");
  let depth = 0;
  for (const sign of bare) {
    if (sign === "[" || sign === "{") depth += 1;
    else if (sign === "]" || sign === "}") depth -= 1;
  }
  return depth > 0;
}

/** What the line was probably meant to be. */
function hint(line: string, column: number, reason: string): string {
  const rest = line.slice(column - 1).trim();
  const word = /^[A-Za-z_*/~.^][^\s,\]#"']*/.exec(rest)?.[0];
  const assigns = /^\s*[\w."-]+\s*=\s*/.exec(line);
  if (/("""|''')/.test(line)) return "close the string with the three quotes that open it";
  if (line.split('"').length % 2 === 0) return 'close the string with `"` on the same line';
  if (reason.startsWith("expected comma"))
    return "write a comma between the values, or the bracket that closes them";
  if (/^\s*[\w-]+\s*:\s/.test(line)) return "TOML writes `key = value`, with an equals sign";
  if (assigns && rest === "") return "write a value after the equals sign";
  if (assigns && word !== undefined && column - 1 >= assigns[0].length) {
    if (/^(?:yes|on)$/i.test(word)) return "write true";
    if (/^(?:no|off)$/i.test(word)) return "write false";
    if (/^(?:true|false)$/i.test(word)) return `write ${word.toLowerCase()}`;
    return `put text in quotes: "${word}"`;
  }
  if (/^\s*\[[^\]]*$/.test(line)) return "close the table's name with `]`";
  return "TOML is `[table]` headers and `key = value` lines; strings in quotes, lists in `[ ]`";
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
    path.length === 0
      ? undefined
      : indexPlaces(before.join("\n"), file)(path, { key: true })?.place;
  const what = header === undefined ? "the key" : "the table";
  return {
    ...diagnostic("toml/duplicate-key", path.join("."), at, {
      message: `${what} \`${path.join(".")}\` is defined here a second time`,
      why: "one of the two would win, with no way to see which",
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
