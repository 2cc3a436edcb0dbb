// A list as people write it: an array, or one comma-separated string. Each entry keeps the place where
// it was written, so that a fault points at the entry and not at the whole line.

import type { ValuePath } from "../../diagnostics/diagnostic.ts";
import { isArray, quote, quoteValue } from "./faults.ts";
import type { Fault, Faults } from "./faults.ts";
import { setting } from "./spelling.ts";

export interface Entry {
  readonly text: string;
  readonly path: ValuePath;
  /** The position of the entry inside the string at `path`. */
  readonly part: { readonly span: readonly [start: number, end: number] };
}

/** A value and the key under which it was written. */
export interface Written {
  readonly key: string;
  readonly path: ValuePath;
  readonly value: unknown;
}

export interface List {
  readonly entries: readonly Entry[];
  /** Whether it was one string with a comma in it. */
  readonly commaString: boolean;
}

/** Longer lists are not policies: a hostile array may claim any length. */
const listLimit = 1_000_000;

/** The entries, or undefined (and a fault) if the value is not a list of strings. */
export function readList(written: Written, faults: Faults): List | undefined {
  const { value, path } = written;
  if (typeof value === "string") {
    const entries = splitEntries(value, path, faults);
    return { entries, commaString: entries.length > 1 };
  }
  if (!isArray(value)) {
    faults.add({
      code: "policy/wrong-type",
      path,
      message: `\`${written.key}\` is ${shown(value)}, not a list`,
      why: "a list is an array of strings, or one string with commas",
      say: isRegExp(value) ? patternInstead : `write \`${setting(written.key, '["…", "…"]')}\``,
    });
    return undefined;
  }
  return readArray(written, value, faults);
}

function readArray(
  { key, path }: Written,
  array: readonly unknown[],
  faults: Faults,
): List | undefined {
  const entries: Entry[] = [];
  let sound = true;
  try {
    const length = array.length;
    if (length > listLimit) {
      faults.add({
        code: "policy/list-too-long",
        path,
        message: `\`${key}\` has ${length} entries, more than ${listLimit}`,
        why: "no policy needs that many, so this is probably a mistake",
        say: "use a pattern such as `https://*.example.com`",
      });
      return undefined;
    }
    for (let i = 0; i < length; i++) {
      const item = array[i];
      if (typeof item === "string" && isOneEntry(item)) {
        entries.push(new ArrayEntry(item, path, i));
        continue;
      }
      const itemPath = [...path, i];
      if (typeof item === "string") {
        const found = splitEntries(item, itemPath, faults);
        if (found.length > 1)
          faults.add({
            code: "policy/list-in-entry",
            path: itemPath,
            message: `${quote(item)} is ${found.length} values in one entry`,
            why: "it is read as if each value had its own entry",
            say: `write ${found.map(({ text }) => `"${text}"`).join(", ")}`.slice(0, 400),
          });
        for (const entry of found) entries.push(entry);
        continue;
      }
      sound = false;
      faults.add({
        code: "policy/wrong-type",
        path: itemPath,
        message: `an entry of \`${key}\` is ${shown(item)}, not a string`,
        why: "each entry of a list is a string",
        say: isRegExp(item)
          ? patternInstead
          : typeof item === "number" || typeof item === "boolean"
            ? `write "${item}"`
            : undefined,
      });
    }
  } catch {
    faults.add(unreadable(key, path));
    return undefined;
  }
  return sound ? { entries, commaString: false } : undefined;
}

/** An array may have a hundred thousand entries, and the place of one is needed only for a fault. */
class ArrayEntry implements Entry {
  readonly text: string;
  readonly #array: ValuePath;
  readonly #index: number;

  constructor(text: string, array: ValuePath, index: number) {
    this.text = text;
    this.#array = array;
    this.#index = index;
  }

  get path(): ValuePath {
    return [...this.#array, this.#index];
  }

  get part(): Entry["part"] {
    return { span: [0, this.text.length] };
  }
}

/** Would splitEntries return exactly this text? */
function isOneEntry(text: string): boolean {
  return text !== "" && !/[\s,[\]]/.test(text);
}

function shown(value: unknown): string {
  return isRegExp(value) ? "a regular expression" : quoteValue(value);
}

const patternInstead =
  "write the origins, or a pattern such as `https://*.example.com`; `fromCorsOptions` of @corsway/cors/migrate suggests one";

/** `instanceof` asks a proxy for its prototype, and may throw. */
function isRegExp(value: unknown): boolean {
  try {
    return value instanceof RegExp;
  } catch {
    return false;
  }
}

export function unreadable(key: string, path: ValuePath): Fault {
  return {
    code: "policy/unreadable",
    path,
    message: `${quote(key)} cannot be read`,
    why: "reading the value threw an exception",
    say: "pass plain data",
  };
}

/** Splits at commas outside brackets and trims; an empty entry is reported and skipped. */
function splitEntries(text: string, path: ValuePath, faults: Faults): Entry[] {
  const entries: Entry[] = [];
  if (text.trim() === "") {
    // A value that is completely empty is an empty list; an entry that is empty is a slip.
    if (typeof path.at(-1) === "number") faults.add(emptyEntry(path, 0, text.length));
    return entries;
  }
  let start = 0;
  let depth = 0;
  let toldEmpty = false;
  // A bracket that is never closed is a fault of its own entry; it must not swallow the rest.
  const lastClose = text.lastIndexOf("]");
  for (let i = 0; i <= text.length; i++) {
    const char = text[i];
    if (char === "[" && i < lastClose) depth++;
    else if (char === "]" && depth > 0) depth--;
    else if (i === text.length || (char === "," && depth === 0)) {
      let from = start;
      let to = i;
      while (from < to && isSpace(text.charCodeAt(from))) from++;
      while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
      // Ten thousand commas are one mistake, reported once.
      if (from !== to)
        entries.push({ text: text.slice(from, to), path, part: { span: [from, to] } });
      else if (!toldEmpty) {
        toldEmpty = true;
        faults.add(emptyEntry(path, start, i));
      }
      start = i + 1;
    }
  }
  return entries;
}

function emptyEntry(path: ValuePath, start: number, end: number): Fault {
  return {
    code: "policy/empty-entry",
    path,
    part: { span: [start, end] },
    message: "an entry of the list is empty",
    why: "it allows nothing; usually there is a comma too many",
    say: "remove it",
  };
}

function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

/** The entry allows nothing that another entry does not already allow. */
export function shadowedEntry(entry: Entry, by: Entry): Fault {
  return {
    code: "policy/shadowed",
    path: entry.path,
    part: entry.part,
    message: `${quote(entry.text)} is covered by ${quote(by.text)}`,
    why: "removing it would change nothing, and keeping it suggests that it limits something",
    say: "keep the one you mean",
    also: [{ path: by.path, part: by.part, say: `${quote(by.text)} is here` }],
  };
}

/** The entry is already listed. */
export function duplicateEntry(entry: Entry, first: Entry): Fault {
  return {
    code: "policy/duplicate-entry",
    path: entry.path,
    part: entry.part,
    message: `${quote(entry.text)} is listed twice`,
    why: "the second one changes nothing",
    say: "remove one",
    also: [{ path: first.path, part: first.part, say: "first listed here" }],
  };
}
