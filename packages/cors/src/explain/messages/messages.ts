// Decodes a browser's console message: which rule, which side, what to change. Tables of the wordings that Chromium,
// Firefox and WebKit use or used, each tied to the frame in which its engine writes it; curly quotes, line breaks, markup
// and the file name that a console adds do not matter. An unknown message is undefined, never a guess.

import { advice } from "../advice.ts";
import type { BlockFacts } from "../block-facts.ts";
import type { Advice } from "../recommendation.ts";
import { ruleOf } from "../rule.ts";
import { sentenceOf, type Sentence } from "../sentence.ts";
import { findMessages } from "./find-messages.ts";
import type { Found } from "./found.ts";
import { longestPaste, readings } from "./paste.ts";
import type { MessageEngine, MessageReason } from "./wording.ts";

/** The meaning of a browser's console message, and what could be changed. */
export interface DecodedMessage {
  readonly engine: MessageEngine;
  readonly reason: MessageReason;
  readonly facts: BlockFacts;
  /** A warning: today the request passes. */
  readonly passes?: true;
  /** From a row of a Network panel, not from the console. */
  readonly panel?: true;
  /** `fetch`, `XMLHttpRequest`, `font`… if the message says so. */
  readonly api?: string;
  /** The URL before a redirect. */
  readonly initialUrl?: string;
  /** Words of the message that match no known wording: cut off, or newer than this table. */
  readonly unread?: string;
  readonly sentence: Sentence;
  readonly advice: readonly Advice[];
  readonly link: string;
}

/** What the person knows in addition to the text. */
export interface MessageContext {
  /** The page's origin. */
  readonly origin?: string;
  /** The requested URL. */
  readonly url?: string;
}

/** The first message in the text; undefined if there is none. */
export function decodeMessage(text: string, context?: MessageContext): DecodedMessage | undefined {
  return decodeMessages(text, context)[0];
}

/**
 * Every message in the text, each once, in order; empty if it has no wording of any engine. The first 256 KiB are read.
 * Never throws, and takes linear time.
 */
export function decodeMessages(
  text: string,
  context: MessageContext = {},
): readonly DecodedMessage[] {
  let best: readonly Found[] = [];
  for (const reading of readings(text)) {
    const found = findMessages(reading);
    if (worth(found) > worth(best)) best = found;
    // A text that makes sense as it stands is not undressed any further.
    if (best.length > 0 && best.every((found) => isWhole(found) && hasUrl(found))) break;
  }
  return best.map((found) => decoded(found, context));
}

/** Whether there is more text than is read. */
export function isLongerThanRead(text: string): boolean {
  return text.length > longestPaste;
}

function isWhole({ reason, unread }: Found): boolean {
  return reason !== "unspecified" && unread === undefined;
}

function worth(found: readonly Found[]): number {
  let sum = 0;
  for (const message of found) sum += !isWhole(message) ? 1 : hasUrl(message) ? 6 : 4;
  return sum;
}

/** And one that is not in the marks of a link. */
function hasUrl({ holes: { url } }: Found): boolean {
  return url !== undefined && !/^[<[(]/.test(url);
}

function decoded(found: Found, context: MessageContext): DecodedMessage {
  const { engine, at, passes, panel, unread } = found;
  const reason = reasonOf(found);
  const { api, initialUrl, status, ...rest } = { ...found.holes };
  const policy = reason === "csp-blocked" ? directives(rest) : {};
  if (reason === "csp-blocked") delete rest.value;
  // Firefox's word for a value that it does not have.
  if (rest.value === "(null)") delete rest.value;
  // Some messages name the page by its URL.
  if (rest.origin !== undefined && /^https?:/.test(rest.origin) && URL.canParse(rest.origin))
    rest.origin = new URL(rest.origin).origin;
  const facts: BlockFacts = {
    reason,
    ...(at === undefined ? {} : { at }),
    ...context,
    ...rest,
    ...policy,
    ...(status === undefined ? {} : { status: Number(status) }),
  };
  const told: BlockFacts = {
    ...(initialUrl === undefined ? facts : afterRedirect(facts, initialUrl)),
    engine,
    ...(api === undefined ? {} : { api }),
    ...(initialUrl === undefined ? {} : { redirectedFrom: initialUrl }),
    ...(passes === undefined ? {} : { passes }),
    ...(unread === undefined ? {} : { unread }),
    ...(engine === "webkit" || engine === "edgehtml" ? { missingOrOther: true } : {}),
    // What the warning is about: the list is a `*`, and one header is not under it.
    ...(passes && reason === "header-not-allowed" ? { allowed: ["*"] } : {}),
  };
  return {
    engine,
    reason,
    facts,
    ...(passes === undefined ? {} : { passes }),
    ...(panel === undefined ? {} : { panel }),
    ...(api === undefined ? {} : { api }),
    ...(initialUrl === undefined ? {} : { initialUrl }),
    ...(unread === undefined ? {} : { unread }),
    sentence: sentenceOf(told),
    advice: advice(told),
    link: ruleOf(facts).link,
  };
}

/** The directive that applies, and the policy's own where it is another one. */
function directives({ directive, value }: Found["holes"]): Partial<BlockFacts> {
  const applies = (directive ?? value)?.replace(/-(?:elem|attr)$/, "");
  return {
    ...(applies === undefined ? {} : { directive: applies }),
    ...(value === undefined || value === applies ? {} : { standIn: value }),
  };
}

/** Firefox tells two lines from one only where they are spelled alike, so over HTTP/2 never. */
function reasonOf({ engine, reason, holes }: Found): MessageReason {
  // All that a browser can mean by it: a file is never loaded across origins.
  if (reason === "unspecified" && /^file:/i.test(holes.url ?? "")) return "scheme-not-cors";
  if (engine !== "firefox" || reason !== "acao-mismatch") return reason;
  const values = holes.value?.split(",").map((value) => value.trim()) ?? [];
  const isDoubled = new Set(values).size < values.length;
  return values.length > 1 && (isDoubled || values.includes("*")) ? "acao-multiple" : reason;
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
