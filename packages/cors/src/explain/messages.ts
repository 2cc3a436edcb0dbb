// A browser's console message, decoded: which rule, which side, what to change. Tables of the
// wordings that Chromium, Firefox and WebKit use or used; curly quotes, line breaks and the file
// name that a console puts around the line do not matter. What no row knows is undefined, no guess.

import { chromiumMessages, chromiumWrappers } from "./messages-chromium.ts";
import { firefoxMessages, firefoxWrappers } from "./messages-firefox.ts";
import { webkitMessages, webkitWrappers } from "./messages-webkit.ts";
import type { BlockFacts, Sentence } from "./sentence.ts";
import { sentenceOf } from "./sentence.ts";
import { advice, type Advice } from "./advice.ts";
import { ruleOf } from "./rule.ts";

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

/** What a browser's console message says, and what could be changed. */
export interface DecodedMessage {
  readonly engine: "chromium" | "firefox" | "webkit";
  readonly reason: MessageReason;
  readonly facts: BlockFacts;
  /** `fetch`, `XMLHttpRequest`, `font`… where the message says so. */
  readonly api?: string;
  /** Before a redirect. */
  readonly initialUrl?: string;
  readonly sentence: Sentence;
  readonly advice: readonly Advice[];
  readonly link: string;
}

const longest = 16 * 1024;

const engines = [
  { engine: "chromium", wordings: chromiumMessages, wrappers: chromiumWrappers },
  { engine: "firefox", wordings: firefoxMessages, wrappers: firefoxWrappers },
  { engine: "webkit", wordings: webkitMessages, wrappers: webkitWrappers },
] as const;

/** Undefined where no wording of any engine is in the text. Total, and linear in the text. */
export function decodeMessage(text: string): DecodedMessage | undefined {
  const line = normalise(text.slice(0, longest));
  for (const { engine, wordings, wrappers } of engines) {
    for (const wording of wordings) {
      const match = wording.pattern.exec(line);
      if (match === null) continue;
      const holes: Partial<Record<Hole | WrapperHole, string>> = { ...wording.fixed };
      let preflight = wording.at === "preflight";
      for (const wrapper of wrappers) {
        const framed = wrapper.pattern.exec(line);
        if (framed === null) continue;
        if (wrapper.at === "preflight") preflight = true;
        for (const [index, hole] of wrapper.holes.entries())
          if (hole !== undefined && framed[index + 1] !== undefined)
            holes[hole] ??= framed[index + 1]!;
      }
      for (const [index, hole] of (wording.holes ?? []).entries())
        if (match[index + 1] !== undefined) holes[hole] = match[index + 1]!;
      return decoded(engine, wording, holes, preflight);
    }
  }
  return undefined;
}

function decoded(
  engine: DecodedMessage["engine"],
  wording: Wording,
  holes: Partial<Record<Hole | WrapperHole, string>>,
  preflight: boolean,
): DecodedMessage {
  const { api, initialUrl, status, ...rest } = holes;
  const facts: BlockFacts = {
    reason: wording.reason,
    ...(preflight
      ? { at: "preflight" as const }
      : wording.at === undefined
        ? {}
        : { at: wording.at }),
    ...rest,
    ...(status === undefined ? {} : { status: Number(status) }),
  };
  return {
    engine,
    reason: wording.reason,
    facts,
    ...(api === undefined ? {} : { api }),
    ...(initialUrl === undefined ? {} : { initialUrl }),
    sentence: sentenceOf(engine === "webkit" ? { ...facts, missingOrOther: true } : facts),
    advice: advice(facts),
    link: ruleOf(wording.reason).link,
  };
}

/** Straight quotes, single spaces: consoles wrap lines, and people paste from chat and mail. */
function normalise(text: string): string {
  return text
    .replace(/[\u2018\u2019\u201a\u201b\u2032\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\s\u00a0\u200b]+/g, " ")
    .trim();
}
