// Firefox in its other languages. Its strings name the rule in words that nobody has to know: the
// table says for each what it means. Older versions word a reason a little differently, so where no
// string fits whole, the header that is named and the likeness of the words decide.

import { firefoxLocales } from "./firefox-locales.ts";
import { straighten } from "./paste.ts";
import type { Hole, MessageReason } from "./wording.ts";

/** A message found in the text. */
export interface Localised {
  readonly start: number;
  readonly end: number;
  readonly reason: MessageReason;
  readonly at?: "preflight";
  readonly passes?: true;
  readonly holes: Partial<Record<Hole, string>>;
  /** What no string of the table is like. */
  readonly unread?: string;
  /** It is a string of the table, from its beginning to its end. */
  readonly isWhole?: boolean;
  /** 0 to 1: how much it is like one. */
  readonly score?: number;
}

interface Meaning {
  readonly reason: MessageReason;
  readonly at?: "preflight";
  readonly passes?: true;
  /** What `%2$S` stands for. */
  readonly hole?: Hole;
  /** The header that the reason names. */
  readonly header?: string;
  readonly fixed?: Partial<Record<Hole, string>>;
}

/** In the order of the table's letters (scripts/firefox-locales.ts). */
const meanings: readonly Meaning[] = [
  {
    reason: "network-error",
    fixed: { why: "CORS is switched off in this browser (`content.cors.disable`)" },
  },
  { reason: "network-error", hole: "status" },
  { reason: "network-error", fixed: { why: "the browser could not add its `Origin` header" } },
  { reason: "preflight-redirect", at: "preflight" },
  { reason: "scheme-not-cors" },
  { reason: "acao-missing", hole: "status", header: "origin" },
  { reason: "acao-multiple", header: "origin" },
  { reason: "acao-mismatch", hole: "value", header: "origin" },
  { reason: "acao-wildcard-credentials", header: "origin", fixed: { value: "*" } },
  { reason: "method-not-allowed", at: "preflight", header: "methods" },
  { reason: "acac-not-true", header: "credentials" },
  { reason: "preflight-status", at: "preflight", hole: "status" },
  { reason: "acam-unparsable", at: "preflight", hole: "offending", header: "methods" },
  { reason: "acah-unparsable", at: "preflight", hole: "offending", header: "headers" },
  { reason: "header-not-allowed", at: "preflight", hole: "name", header: "headers" },
  {
    reason: "header-not-allowed",
    at: "preflight",
    header: "headers",
    fixed: { name: "authorization" },
    passes: true,
  },
];

interface Row {
  readonly meaning: Meaning;
  /** The URL, and the text after it. */
  readonly pattern: RegExp;
  readonly words: ReadonlySet<string>;
  /** The reason without what stands before it, where it is a text of some length. */
  readonly tail?: RegExp;
}
interface LocaleFrame {
  readonly before: RegExp;
  /** Its first word, lower case: without it there is nothing to search for. */
  readonly first: string;
  /** Those that begin like this; and all of the language, for a text that is only like one. */
  readonly rows: readonly Row[];
  readonly language: readonly Row[];
}

let frames: readonly LocaleFrame[] | undefined;

/** Made when the first text asks for it: 87 languages, of which most texts need none. */
function localeFrames(): readonly LocaleFrame[] {
  const byBefore = new Map<string, { readonly rows: Row[]; readonly language: Row[] }>();
  for (const line of firefoxLocales) {
    let frame: { readonly rows: Row[]; readonly language: Row[] } = { rows: [], language: [] };
    let between = "";
    const language: Row[] = [];
    for (const field of line.split("\t").slice(1)) {
      const text = field.slice(1);
      if (field.startsWith("<")) {
        const before = even(text);
        frame = byBefore.get(before) ?? { rows: [], language };
        byBefore.set(before, frame);
        between = "";
      } else if (field.startsWith(">")) between = text;
      else {
        const row = rowOf(meanings[field.charCodeAt(0) - 65]!, even(`${between}${text}`));
        frame.rows.push(row);
        language.push(row);
      }
    }
  }
  return [...byBefore].map(([before, { rows, language }]) => ({
    before: new RegExp(spaced(escaped(before)), "gi"),
    first: before.split(" ", 1)[0]!.toLowerCase(),
    rows,
    language,
  }));
}

/** Quotes and spaces as in a straightened paste; double quotes are single ones here. */
function even(text: string): string {
  const isOpen = text.startsWith(" ");
  const isLed = text.endsWith(" ");
  const straight = straighten(text).replaceAll('"', "'");
  return `${isOpen ? " " : ""}${straight}${isLed ? " " : ""}`;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function spaced(source: string): string {
  return source.replaceAll(" ", "\\s");
}

function rowOf(meaning: Meaning, after: string): Row {
  const hole =
    meaning.hole === "status"
      ? "(\\d{3}|\\(null\\))"
      : after.slice(-4) === "%2$S"
        ? "(.{0,4000}?)(?=\\n|$)"
        : "(.{0,4000}?)";
  const source = sourceOf(after, hole);
  // People put other letters into a URL, to keep it to themselves.
  const url = "'?(\\S{4,4096}?)";
  const reason = /[(（][^()（）]+(?=[)）])/.exec(after)?.[0] ?? "";
  return {
    meaning,
    pattern: new RegExp(`^${url}${spaced(source)}`, "is"),
    words: pairsOf(after),
    ...(reason.length < 14 ? {} : { tail: new RegExp(spaced(sourceOf(reason, hole)), "i") }),
  };
}

function sourceOf(text: string, hole: string): string {
  return (
    escaped(text)
      .replace("%2\\$S", hole)
      // French writes a space inside of its quotes, and not every console keeps it.
      .replaceAll("'", "\\s?'\\s?")
      .replaceAll(" \\s?", "\\s?")
      .replaceAll("\\s? ", "\\s?")
  );
}

/** Two letters each, of the words that are neither a header's name nor a value. */
function pairsOf(text: string): ReadonlySet<string> {
  const words = text
    .toLowerCase()
    .replace(/access-control-allow-\w+|%2\$s|(?<!\p{L})'[^']{0,200}'|\d/gu, " ")
    .replace(/[\s().:,;。、（）：]+/g, " ");
  const pairs = new Set<string>();
  for (let i = 0; i + 1 < words.length; i++) pairs.add(words.slice(i, i + 2));
  return pairs;
}

/**
 * Every message of a language in the table; `text` as a straightened paste. `withoutBeginning`:
 * also a reason alone.
 */
export function localisedMessages(text: string, withoutBeginning: boolean): readonly Localised[] {
  frames ??= localeFrames();
  const single = text.replaceAll('"', "'");
  const starts: Start[] = [];
  const lower = single.toLowerCase();
  for (const frame of frames)
    if (lower.includes(frame.first))
      for (const match of single.matchAll(frame.before))
        starts.push({ frame, start: match.index, end: match.index + match[0].length });
  starts.sort((a, b) => a.start - b.start || b.end - a.end);
  const found = new Map<number, Localised>();
  for (const [index, at] of starts.entries()) {
    // Several languages begin alike: one whose string fits whole is the one.
    const known = found.get(at.start);
    if (known !== undefined && known.isWhole) continue;
    const next = starts.slice(index, index + 8).find(({ start }) => start > at.end)?.start;
    const message = messageAt(single, at, Math.min(next ?? single.length, at.end + 6000));
    if (message !== undefined && (known === undefined || message.isWhole))
      found.set(at.start, message);
  }
  const known = [...found.values()];
  const others = unknownFrames(single, frames).filter(
    (other) => !known.some(({ start, end }) => start < other.end && other.start < end),
  );
  const all = [...known, ...others];
  return all.length > 0 || !withoutBeginning ? all : tails(single, frames);
}

interface Start {
  readonly frame: LocaleFrame;
  readonly start: number;
  readonly end: number;
}

function messageAt(
  text: string,
  { frame, start, end }: Start,
  limit: number,
): Localised | undefined {
  const after = text.slice(end, limit);
  for (const { pattern, meaning } of frame.rows) {
    const match = pattern.exec(after);
    if (match === null) continue;
    const length = match[0].length;
    const rest = after.slice(length);
    return { ...messageOf(meaning, start, end + length, match[1]!, match[2], rest), isWhole: true };
  }
  const url = /^'?([!-&(-~…█•●]{4,4096})/.exec(after);
  if (url === null) return undefined;
  const whole = url[1] === "file:" ? url[1] : url[1]!.replace(/[.,;:)]+$/, "");
  // Before version 37 there was no reason.
  if (!/^[^\n]{0,200}[:：(（]/.test(after.slice(url[0].length)))
    return { start, end: end + url[0].length, reason: "unspecified", holes: { url: whole } };
  return alike(frame.language, start, end + url[0].length, whole, after.slice(url[0].length));
}

/** Firefox's shape, in words of no language here: a URL, and soon after it `(Reason: … CORS …)`. */
const shape =
  /\b([a-z]{2,20}:\/\/[!-~…█•●]{3,4096})(?![!-~])[^\n]{0,120}?(?:[(（][^()（）\n]{1,40}|(?<=[.。])\s[^\s()]{3,20}\s?)[:：]\s?(?=[^\n]{0,200}(?:CORS|Access-Control-))/g;

const unreasoned =
  /\(Cross-Origin Request\)[^\n]{0,40}Same[- ]Origin[^\n]{0,120}?\b([a-z]{2,20}:\/\/[!-~…█•●]{3,4096})(?= [^\n]{0,200}CORS\.)/g;

function unknownFrames(text: string, known: readonly LocaleFrame[]): readonly Localised[] {
  const languages = new Set(known.map(({ language }) => language));
  // Versions before 37, in words that the table does not have: there was no reason.
  const old = [...text.matchAll(unreasoned)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    reason: "unspecified" as const,
    holes: { url: match[1]!.replace(/['.,;:)]+$/, "") },
  }));
  const reasoned = [...text.matchAll(shape)].flatMap((match) => {
    const start = match.index;
    const end = start + match[1]!.length;
    const url = match[1]!.replace(/['.,;:)]+$/, "");
    const rest = text.slice(end, end + 600);
    let best: Localised | undefined;
    for (const language of languages) {
      const message = alike(language, start, end, url, rest);
      if (message.unread === undefined && (best === undefined || message.score! > best.score!))
        best = message;
    }
    // Prose has this shape as well: a header in quotes and a language that is not English have to be there.
    const [line = ""] = rest.split("\n");
    const before = text.slice(text.lastIndexOf("\n", start) + 1, start);
    const isFirefoxes =
      /'\s?Access-Control-/i.test(line) || /Cross-Origin|Same Origin/.test(before);
    if (!isFirefoxes || !/(?![ -~])\p{L}/u.test(before + line)) return [];
    return best !== undefined && best.score! >= 0.35 ? [best] : [alike([], start, end, url, rest)];
  });
  return reasoned.length > 0 ? reasoned : old;
}

/** Characters in which a reason alone is searched for, in the words of all languages. */
const longestTail = 8192;

/** Messages whose beginning is not in the text. */
function tails(paste: string, known: readonly LocaleFrame[]): readonly Localised[] {
  const text = paste.slice(0, longestTail);
  if (!/CORS|Access-Control-/.test(text)) return [];
  for (const { rows } of known)
    for (const { tail, meaning } of rows) {
      if (tail === undefined) continue;
      const match = tail.exec(text);
      if (match === null) continue;
      const end = match.index + match[0].length;
      const { holes, ...message } = messageOf(
        meaning,
        match.index,
        end,
        "",
        match[1],
        text.slice(end),
      );
      const { url: _, ...rest } = holes;
      return [{ ...message, holes: rest }];
    }
  return [];
}

function messageOf(
  { reason, at, passes, hole, fixed }: Meaning,
  start: number,
  end: number,
  url: string,
  value: string | undefined,
  rest: string,
): Localised {
  const holes: Partial<Record<Hole, string>> = { ...fixed, url };
  if (hole !== undefined && value !== undefined && (hole !== "status" || /^\d{3}$/.test(value)))
    holes[hole] = value;
  // `CORS header … does not match '*'` is what older versions say of credentials.
  const isWildcard = reason === "acao-mismatch" && holes.value === "*";
  const status = holes.status ?? statusIn(rest);
  if (status !== undefined) holes.status = status;
  return {
    start,
    end,
    reason: isWildcard ? "acao-wildcard-credentials" : reason,
    ...(at === undefined ? {} : { at }),
    ...(passes === undefined ? {} : { passes }),
    holes,
  };
}

/** `Status code: 404`, in any language: what follows the bracket and ends in three digits. */
function statusIn(rest: string): string | undefined {
  return /^[)）.。'\s]{0,4}[^\n\d]{1,40}[:：]\s?([1-5]\d\d)(?!\d)/.exec(rest)?.[1];
}

/** The meaning whose words are most like these, among those that name the same header. */
function alike(
  rows: readonly Row[],
  start: number,
  end: number,
  url: string,
  text: string,
): Localised {
  const [line] = text.split("\n");
  // Without the quote mark that closes the URL.
  const rest = (line ?? "").replace(/^'/, "").slice(0, 600);
  const header = /access-control-allow-(origin|methods|headers|credentials)/i
    .exec(rest)?.[1]
    ?.toLowerCase();
  const pairs = pairsOf(rest);
  const quoted = [...rest.matchAll(/(?<!\p{L})'\s?([^']{1,400}?)\s?'/gu)]
    .map(([, value]) => value!)
    .find((value) => !/^access-control-/i.test(value));
  const scored = rows
    .filter(({ meaning }) => meaning.header === header)
    .map((row) => ({ row, score: likeness(row.words, pairs, rows) }))
    .sort((a, b) => b.score - a.score);
  const [best] = scored;
  const rival = scored.find(({ row }) => row.meaning.reason !== best?.row.meaning.reason);
  const isClear =
    best !== undefined &&
    best.score >= 0.2 &&
    (rival === undefined || best.score - rival.score > 0.01);
  const ofOrigin = header === "origin" ? originMeaning(rest, quoted) : undefined;
  // Without a likeness the header alone tells one of the rules.
  const likely =
    ofOrigin ??
    (isClear
      ? best.row.meaning
      : header === "credentials"
        ? meanings.find(({ reason }) => reason === "acac-not-true")
        : undefined);
  const meaning =
    likely?.reason === "acah-unparsable" && namesPreflight(rows, pairs)
      ? meanings.find(({ reason, passes }) => reason === "header-not-allowed" && !passes)
      : likely;
  const unread = rest.replace(/^[.'\s]+/, "").slice(0, 200);
  if (meaning === undefined)
    return {
      start,
      end,
      reason: "unspecified",
      holes: { url },
      ...(unread === "" ? {} : { unread }),
    };
  const value = meaning.hole === "status" ? undefined : quoted;
  const after = rest.slice(Math.max(rest.lastIndexOf(")"), rest.lastIndexOf("）"), 0));
  return {
    ...messageOf(meaning, start, end, url, value, after),
    score: ofOrigin === undefined ? (best?.score ?? 0) : 1,
  };
}

const several =
  /mehr|multi|plusieurs|m[uú]ltipl|vari[aoă]|v[aá]ri[ao]s|多|複数|여러|неск|множ|числен|několik|viac|viš|több|birden|nhiều|πολλ|flere?\b|meerdere|powt[oó]rz|wiel|หลาย|متعدد|banyak|beberapa|rohkem|usea/i;

/** Four strings name the origin's header. A value in quotes is in those that compare it; of the others one counts. */
function originMeaning(rest: string, quoted: string | undefined): Meaning | undefined {
  const wanted: MessageReason =
    quoted === "*"
      ? "acao-wildcard-credentials"
      : quoted !== undefined
        ? "acao-mismatch"
        : several.test(rest)
          ? "acao-multiple"
          : "acao-missing";
  return meanings.find(({ reason }) => reason === wanted);
}

/**
 * Older versions said of a header that is not allowed that its token is invalid, `from CORS preflight
 * channel`; of a list that does not parse they never said whose it is.
 */
function namesPreflight(rows: readonly Row[], pairs: ReadonlySet<string>): boolean {
  const wordsOf = (wanted: MessageReason): ReadonlySet<string> =>
    rows.find(({ meaning }) => meaning.reason === wanted)?.words ?? new Set();
  const unparsable = wordsOf("acah-unparsable");
  let count = 0;
  for (const pair of wordsOf("preflight-status"))
    if (pairs.has(pair) && !unparsable.has(pair) && !pair.includes(" ")) count++;
  return count >= 1;
}

/** 0 to 1. What all reasons of a language have in common tells nothing, so the rare weighs more. */
function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>, rows: readonly Row[]): number {
  const weigh = (pair: string): number => {
    let count = 1;
    for (const { words } of rows) if (words.has(pair)) count++;
    return 1 / count;
  };
  let both = 0;
  let one = 0;
  let other = 0;
  for (const pair of a) {
    const weight = weigh(pair);
    one += weight;
    if (b.has(pair)) both += weight;
  }
  for (const pair of b) other += weigh(pair);
  return one === 0 || other === 0 ? 0 : both / Math.sqrt(one * other);
}
