// One row of the tables of console messages: a wording, and the frame that a console puts around it.

import type { BlockFacts } from "../block-facts.ts";

/** What a console message can say: a reason of the model's, or one that only messages have. */
export type MessageReason = BlockFacts["reason"];

/** The source of a message: a browser's engine, or something that runs pages or their code without one. */
export type MessageEngine =
  | "chromium"
  | "firefox"
  | "webkit"
  | "edgehtml"
  | "jsdom"
  | "happy-dom"
  | "node"
  | "react-native";

/** One wording. `holes` name the pattern's groups in order; a space stands for any white space. */
export interface Wording {
  readonly reason: MessageReason;
  /** From its first word. */
  readonly pattern: RegExp;
  readonly holes?: readonly Hole[];
  /** Which response it is about, if the wording says so. */
  readonly at?: "preflight" | "actual";
  readonly fixed?: Partial<Record<Hole, string>>;
  /** Long and distinctive enough that no other program writes it: it is recognised without its frame. */
  readonly alone?: true;
  /** A warning: today the request passes. */
  readonly passes?: true;
}
/** What a Network panel shows of a request: a fixed text. */
export type PanelRow = Omit<Wording, "pattern"> & {
  readonly engine: MessageEngine;
  readonly label: string;
};

export type Hole =
  | "value"
  | "method"
  | "name"
  | "status"
  | "location"
  | "offending"
  | "scheme"
  | "origin"
  | "url"
  | "api"
  | "directive"
  | "why"
  | "initialUrl";

/** The frame before a wording: URL, page and so on. `holes` as in a wording. */
export interface Frame {
  readonly pattern: RegExp;
  readonly holes: readonly Hole[];
}

/** A pattern of the tables, ready to search with: a space is any white space, and case is ignored. */
export function searching(pattern: RegExp, how: "anywhere" | "at-start"): RegExp {
  const source = pattern.source
    // Quote marks get lost where a text was formatted as code.
    .replace(/'(Access-Control-[\w-]+)'/g, "'?$1'?")
    .replaceAll(" ", "\\s");
  return new RegExp(
    how === "anywhere" ? source : `^(?:${source})`,
    how === "anywhere" ? "gis" : "is",
  );
}

/** Rows of a table with their patterns ready to search with. */
export function searchable<Row extends { readonly pattern: RegExp }>(
  rows: readonly Row[],
  how: "anywhere" | "at-start",
): readonly (Row & { readonly regex: RegExp })[] {
  return rows.map((row) => Object.assign({ regex: searching(row.pattern, how) }, row));
}
