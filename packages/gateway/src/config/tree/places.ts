// Path → place in the text. Built only when a place is needed: a valid file pays nothing. The parser
// counts columns from 0, a Place from 1.

import { createRequire } from "node:module";
import type { AST } from "toml-eslint-parser";
import type { Place, ValuePath } from "@corsway/cors/diagnostics";
import { shortenStrings, type Shortened } from "./long-strings.ts";

// Loaded only then, too: a valid file does not wait for a second parser.
const require = createRequire(import.meta.url);
type Parser = typeof import("toml-eslint-parser");

/** Which part of `key = value`: the value, or its key, or a span of its text. */
export interface Part {
  readonly key?: true;
  /** UTF-16 code units of the string's value. */
  readonly span?: readonly [start: number, end: number];
}

interface Mark {
  /** The key as written: for a table, its header's. */
  key?: AST.TOMLNode;
  /** The header that implies a table without one of its own: `[servers.public]` for `servers`. */
  implied?: AST.TOMLNode;
  value?: AST.TOMLContentNode;
  readonly children: Map<string | number, Mark>;
}

export interface Found {
  readonly place: Place;
  /**
   * Does the place cover exactly what was asked for? It is wider if the position inside a string is
   * unknown, or if the key is in the text of a storage. No edit may be made there.
   */
  readonly exact: boolean;
}

export type FindPlace = (path: ValuePath, part?: Part) => Found | undefined;

/**
 * The finder for one text. For a path that is not written, it returns the place of the nearest ancestor
 * that is: a missing key is shown at its table.
 */
export function indexPlaces(text: string, file: string): FindPlace {
  const root: Mark = { children: new Map() };
  const readable = shortenStrings(text);
  try {
    const { parseTOML } = require("toml-eslint-parser") as Parser;
    const top = parseTOML(readable.text, { tomlVersion: "1.1" }).body[0];
    for (const node of top.body) {
      if (node.type === "TOMLTable") {
        const mark = descend(root, node.resolvedKey, node.key);
        mark.key ??= node.key.keys.at(-1)!;
        for (const pair of node.body) addPair(mark, pair);
      } else addPair(root, node);
    }
  } catch {
    // The other parser read the values, so this one disagrees with it. A fault without a place is better
    // than no fault.
    return () => undefined;
  }
  /** Needed for each entry of a list in one string, so computed once per string. */
  const plainLengths = new WeakMap<AST.TOMLNode, number>();
  function plainLength(node: AST.TOMLNode): number {
    let length = plainLengths.get(node);
    if (length === undefined) {
      const [start, end] = node.range;
      const source = text.slice(readable.original(start), readable.original(end));
      const plain = /^(?:"[^"\\\n]*"|'[^'\n]*')$/.test(source) && !source.startsWith('""""');
      plainLengths.set(node, (length = plain ? source.length - 2 : -1));
    }
    return length;
  }
  return (path, part) => {
    let node: AST.TOMLNode | undefined;
    let mark: Mark | undefined = root;
    let value: AST.TOMLContentNode | undefined;
    let reached = true;
    for (const [index, step] of path.entries()) {
      const next: Mark | undefined = mark?.children.get(step) ?? inside(value, step);
      if (next === undefined) {
        reached = false;
        break;
      }
      mark = next;
      value = next.value;
      const wanted = part?.key && index === path.length - 1 ? next.key : next.value;
      node = wanted ?? next.key ?? next.value ?? next.implied ?? node;
    }
    if (node === undefined) {
      return path.length === 0 ? { place: { file, line: 1, column: 1 }, exact: true } : undefined;
    }
    const found = place(node, file, readable);
    if (!reached) return { place: found, exact: false };
    return part?.span ? narrow(found, part.span, plainLength(node)) : { place: found, exact: true };
  };
}

/** The place of a span inside a string. `plainLength`: -1 for a string with escapes or several lines. */
function narrow(whole: Place, [start, end]: readonly [number, number], plainLength: number): Found {
  if (end <= plainLength) {
    const column = whole.column + 1;
    const place = { ...whole, column: column + start, endColumn: column + end };
    return { place, exact: true };
  }
  return { place: whole, exact: false };
}

function descend(from: Mark, path: readonly (string | number)[], header?: AST.TOMLKey): Mark {
  let mark = from;
  for (const [index, step] of path.entries()) {
    let next = mark.children.get(step);
    if (next === undefined) mark.children.set(step, (next = { children: new Map() }));
    const key = header?.keys[path.length === header.keys.length ? index : header.keys.length - 1];
    if (key !== undefined) next.implied ??= key;
    mark = next;
  }
  return mark;
}

function addPair(mark: Mark, pair: AST.TOMLKeyValue): void {
  let target = mark;
  for (const key of pair.key.keys) {
    target = descend(target, [key.type === "TOMLBare" ? key.name : key.value]);
    target.key ??= key;
  }
  target.value = pair.value;
}

/** A step into an array or an inline table: looked up when needed, because a list may have 100,000 entries. */
function inside(value: AST.TOMLContentNode | undefined, step: string | number): Mark | undefined {
  if (value?.type === "TOMLArray" && typeof step === "number") {
    const element = value.elements[step];
    return element && { key: element, value: element, children: new Map() };
  }
  if (value?.type === "TOMLInlineTable") {
    const table: Mark = { children: new Map() };
    for (const pair of value.body) addPair(table, pair);
    return table.children.get(step);
  }
  return undefined;
}

function place({ loc, range }: AST.TOMLNode, file: string, { original }: Shortened): Place {
  /** Only text that was removed from the same line shifts a column. */
  const column = (offset: number, onLine: number): number =>
    original(offset) - original(offset - onLine) + 1;
  return {
    file,
    line: loc.start.line,
    column: column(range[0], loc.start.column),
    endLine: loc.end.line,
    endColumn: column(range[1], loc.end.column),
  };
}
