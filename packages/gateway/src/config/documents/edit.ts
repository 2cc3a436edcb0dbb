// Values of a TOML text, changed in place: every byte that is not part of a change stays, comments, order,
// spaces and line ends alike. A value keeps what is around it, and a list the comments in it. The result is
// read again and compared, so that an edit that did more than it should is refused, not saved.

import { createRequire } from "node:module";
import { isDeepStrictEqual } from "node:util";
import { parse } from "smol-toml";
import type { AST } from "toml-eslint-parser";
import { tomlKey, tomlString } from "../tree/show.ts";

// Both are loaded with the first edit: a gateway that only serves needs neither.
const require = createRequire(import.meta.url);
type Parser = typeof import("toml-eslint-parser");
type Patcher = typeof import("@decimalturn/toml-patch");

type Path = readonly (string | number)[];

/** `value` absent: the key is removed. */
export interface Edit {
  readonly path: Path;
  readonly value?: unknown;
}

/** The edited text. Throws an Error with a sentence for a person if it cannot be edited. */
export function editToml(text: string, edits: readonly Edit[]): string {
  const wanted = edits.reduce<unknown>(changed, parse(text));
  const edited = edits.reduce(editOne, text);
  let result: unknown;
  try {
    result = parse(edited);
  } catch {
    throw new Error(unfit);
  }
  if (!isDeepStrictEqual(plain(result), plain(wanted))) throw new Error(unfit);
  return edited;
}

const unfit = "this change cannot be made in place: edit the file as text";

/** A copy of the value with one edit made. */
function changed(value: unknown, { path, value: set }: Edit): unknown {
  const [key, ...rest] = path;
  if (key === undefined) throw new Error("an edit needs a path");
  if (typeof value !== "object" || value === null || value instanceof Date)
    throw new Error(`\`${String(key)}\` passes through a value that is not a table`);
  const copy = (Array.isArray(value) ? [...value] : table(value)) as Record<string, unknown>;
  const next =
    rest.length === 0
      ? set
      : changed(Object.hasOwn(value, key) ? copy[key] : table({}), { path: rest, value: set });
  if (next !== undefined) copy[key] = next;
  else if (Array.isArray(copy)) copy.splice(Number(key), 1);
  else delete copy[key];
  return copy;
}

/** Without a prototype: `__proto__` is a key like any other. */
function table(from: object): Record<string, unknown> {
  return Object.assign(Object.create(null) as Record<string, unknown>, from);
}

function editOne(text: string, edit: Edit): string {
  const { path, value } = edit;
  const { parseTOML } = require("toml-eslint-parser") as Parser;
  const top = parseTOML(text, { tomlVersion: "1.1" }).body[0];
  const tables = top.body.filter((node) => node.type === "TOMLTable");
  const pairs = [top, ...tables].flatMap((node) => {
    const above = node.type === "TOMLTable" ? node.resolvedKey : [];
    return node.body.flatMap((pair) =>
      pair.type === "TOMLKeyValue" ? [{ pair, path: [...above, ...keysOf(pair)] }] : [],
    );
  });

  const holder = pairs.find((one) => isBelow(path, one.path));
  if (holder !== undefined) {
    const { pair } = holder;
    const inner = path.slice(holder.path.length);
    if (inner.length === 0 && value === undefined) return withoutLines(text, pair.range);
    const [start, end] = pair.value.range;
    return text.slice(0, start) + newValue(text.slice(start, end), inner, value) + text.slice(end);
  }

  const gone = tables.filter((node) => isBelow(node.resolvedKey, path));
  if (gone.length > 0) {
    if (value !== undefined) throw new Error(unfit);
    return gone.reduceRight((rest, node) => withoutLines(rest, wholeOf(node)), text);
  }
  if (value === undefined) return text;

  const end = text.includes("\r\n") ? "\r\n" : "\n";
  const line = `${tomlKey(String(path.at(-1)))} = ${printed(value)}`;
  const above = path.slice(0, -1);
  const sibling = pairs.findLast((one) => isIn(one.path.slice(0, -1), above))?.pair;
  if (sibling !== undefined) {
    // What is before the last part of its key: `limits.` where that is written `limits.header_size = …`.
    const dotted = text.slice(sibling.key.range[0], sibling.key.keys.at(-1)!.range[0]);
    const indent = indentOf(text, sibling.range[0]);
    return withLine(text, sibling.range[1], `${indent}${dotted}${line}`, end);
  }
  const home = tables.find((node) => isIn(node.resolvedKey, above));
  if (home !== undefined) return withLine(text, wholeOf(home)[1], line, end);
  if (above.length === 0) return `${line}${end}${text}`;
  const before = text === "" || text.endsWith("\n") ? text : text + end;
  const header = above.map((key) => tomlKey(String(key))).join(".");
  return `${before}${before === "" ? "" : end}[${header}]${end}${line}${end}`;
}

function keysOf({ key }: AST.TOMLKeyValue): readonly string[] {
  return key.keys.map((one) => (one.type === "TOMLBare" ? one.name : one.value));
}

function isBelow(path: Path, above: Path): boolean {
  return above.every((key, index) => String(path[index]) === String(key));
}

function isIn(table: Path, above: Path): boolean {
  return table.length === above.length && isBelow(table, above);
}

/** Only this value is given to the patcher, so it has no other byte to change. */
function newValue(old: string, inner: Path, value: unknown): string {
  const edit = value === undefined ? { path: inner } : { path: inner, value };
  const next = inner.length === 0 ? value : changed(parse(`v = ${old}`)["v"], edit);
  const isLong = old.includes("\n") || old.includes("#") || inner.length > 0;
  if (!isLong || !/^[[{]/.test(old)) return printed(next);
  const { patch } = require("@decimalturn/toml-patch") as Patcher;
  try {
    const end = old.includes("\r\n") ? "\r\n" : "\n";
    const patched = patch(`v = ${old}${end}`, { v: next }).replace(/\r?\n$/, "");
    const is = parse(patched);
    if (patched.startsWith("v = ") && isDeepStrictEqual(plain(is["v"]), plain(next)))
      return patched.slice("v = ".length);
  } catch {
    // Written anew below: what is lost is inside of the value that changes.
  }
  return printed(next);
}

function printed(value: unknown): string {
  if (typeof value === "string") return tomlString(value);
  if (Array.isArray(value)) return `[${value.map(printed).join(", ")}]`;
  if (["boolean", "number", "bigint"].includes(typeof value)) return String(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== "object" || value === null) throw new Error(unfit);
  const pairs = Object.entries(value).map(([key, item]) => `${tomlKey(key)} = ${printed(item)}`);
  return pairs.length === 0 ? "{}" : `{ ${pairs.join(", ")} }`;
}

/** From its header to its last value. */
function wholeOf(node: AST.TOMLTable): readonly [number, number] {
  return [node.range[0], node.body.at(-1)?.range[1] ?? headerEnd(node)];
}

function headerEnd(node: AST.TOMLTable): number {
  return node.key.range[1];
}

/** With one more line below the one in which a range ends. */
function withLine(text: string, rangeEnd: number, line: string, end: string): string {
  const at = lineEnd(text, rangeEnd);
  const isOpen = at === text.length && !text.endsWith("\n");
  return `${text.slice(0, at)}${isOpen ? end : ""}${line}${isOpen ? "" : end}${text.slice(at)}`;
}

/** Without the lines of a range, and the comments behind it. */
function withoutLines(text: string, [start, end]: readonly [number, number]): string {
  return text.slice(0, text.lastIndexOf("\n", start - 1) + 1) + text.slice(lineEnd(text, end));
}

function lineEnd(text: string, from: number): number {
  const at = text.indexOf("\n", from);
  return at < 0 ? text.length : at + 1;
}

function indentOf(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1, at))![0];
}

/**
 * Without prototypes and library classes, for the comparison, and without empty tables: with its last key
 * `a.b`, the table `a` is gone.
 */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, item]) => [key, plain(item)] as const)
    .filter(([, item]) => !isEmptyTable(item));
  return new Map(kept);
}

function isEmptyTable(value: unknown): boolean {
  return value instanceof Map && value.size === 0;
}
