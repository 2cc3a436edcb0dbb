// A browser's console message, decoded: which rule, which side, what to change. Tables of the
// wordings that Chromium, Firefox and WebKit use or used; curly quotes, line breaks and the file
// name that a console puts around the line do not matter. What no row knows is undefined, no guess.

import { chromiumMessages, chromiumWrappers } from "./messages-chromium.ts";
import { messagesApart } from "./messages-apart.ts";
import { firefoxMessages, firefoxWrappers } from "./messages-firefox.ts";
import { webkitMessages, webkitWrappers } from "./messages-webkit.ts";
import type { Hole, MessageReason, Wording, WrapperHole } from "./wording.ts";
import type { BlockFacts, Sentence } from "../sentence.ts";
import { sentenceOf } from "../sentence.ts";
import { advice, type Advice } from "../advice.ts";
import { ruleOf } from "../rule.ts";

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
  { engine: "chromium", wordings: loose(chromiumMessages), wrappers: loose(chromiumWrappers) },
  { engine: "firefox", wordings: loose(firefoxMessages), wrappers: loose(firefoxWrappers) },
  { engine: "webkit", wordings: loose(webkitMessages), wrappers: loose(webkitWrappers) },
] as const;

/** Some versions begin a reason with a capital, and people type off a screen. */
function loose<T extends { readonly pattern: RegExp }>(rows: readonly T[]): readonly T[] {
  return rows.map((row) => ({ ...row, pattern: new RegExp(row.pattern.source, "i") }));
}

/** The first message in the text; undefined where there is none. */
export function decodeMessage(text: string): DecodedMessage | undefined {
  return decodeMessages(text)[0];
}

/**
 * Every message in the text, each once, in order; none where no wording of any engine is in it.
 * Total, and linear in the text.
 */
export function decodeMessages(text: string): readonly DecodedMessage[] {
  const line = normalise(text.slice(0, longest));
  const found = decodeAll(line);
  // Some wordings and values have double quotes, so these become single ones only where nothing else fits.
  return found.length > 0 ? found : decodeAll(line.replaceAll('"', "'"));
}

function decodeAll(line: string): readonly DecodedMessage[] {
  const found: DecodedMessage[] = [];
  for (const part of messagesApart(line)) {
    const message = decodeOne(part);
    if (message === undefined) continue;
    const { engine, reason, facts } = message;
    // Consoles say a thing again: for each attempt, or without its URL.
    const isKnown = found.some(
      (other) =>
        other.engine === engine &&
        other.reason === reason &&
        (facts.url === undefined || other.facts.url === facts.url),
    );
    if (!isKnown) found.push(message);
  }
  return found;
}

function decodeOne(line: string): DecodedMessage | undefined {
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
  const told = initialUrl === undefined ? facts : afterRedirect(facts, initialUrl);
  return {
    engine,
    reason: wording.reason,
    facts,
    ...(api === undefined ? {} : { api }),
    ...(initialUrl === undefined ? {} : { initialUrl }),
    sentence: sentenceOf(engine === "webkit" ? { ...told, missingOrOther: true } : told),
    advice: advice(told),
    link: ruleOf(facts).link,
  };
}

/** Chromium names the page's origin also where the request came as `null`: from one foreign origin to another. */
function afterRedirect(facts: BlockFacts, initialUrl: string): BlockFacts {
  const { origin, url } = facts;
  if (url === undefined || !URL.canParse(url) || !URL.canParse(initialUrl))
    return { ...facts, hop: 1 };
  const first = new URL(initialUrl).origin;
  const isTainted = first !== origin && first !== new URL(url).origin;
  return { ...facts, hop: 1, ...(isTainted ? { origin: "null" } : {}) };
}

/** Straight quotes, single spaces: consoles wrap lines, and people paste from chat, mail and web pages. */
function normalise(text: string): string {
  return text
    .replace(/^[ \t]*(?:>[ \t]?)+/gm, "")
    .replace(/&(?:#39|#x27|apos);/gi, "'")
    .replace(/&(?:quot|#34);/gi, '"')
    .replace(/[`\u2018\u2019\u201a\u201b\u2032\u00b4]/g, "'")
    .replace(/[\u201c\u201d\u201e\u2033]/g, '"')
    .replace(/[\s\u00a0\u200b]+/g, " ")
    .trim();
}
