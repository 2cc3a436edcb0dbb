// One row of the tables of console messages: a wording, and the frame that a console puts around it.

import type { BlockFacts } from "../sentence.ts";

/** What a console message can tell: a reason of the model's, or one that only the message knows. */
export type MessageReason = BlockFacts["reason"];

/** One wording. `holes` name the pattern's groups in order. */
export interface Wording {
  readonly reason: MessageReason;
  readonly pattern: RegExp;
  readonly holes?: readonly Hole[];
  /** Which answer it speaks of, where the wording tells. */
  readonly at?: "preflight" | "actual";
  readonly fixed?: Partial<Record<Hole, string>>;
}
export type Hole =
  | "value"
  | "method"
  | "name"
  | "status"
  | "location"
  | "offending"
  | "scheme"
  | "origin"
  | "url";

/** The frame around a wording: URL, page and so on. */
export interface Wrapper {
  readonly pattern: RegExp;
  readonly holes: readonly (WrapperHole | undefined)[];
  readonly at?: "preflight";
}
export type WrapperHole = "api" | "url" | "initialUrl" | "origin" | "status";
