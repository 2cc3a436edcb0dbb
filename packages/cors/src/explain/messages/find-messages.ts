// Finds the messages of a text. Each frame and each sentence is searched for by itself, so that the
// reason of one message is never paired with the URL of another; what nothing claims is left over.

import {
  chromiumFrames,
  chromiumPreflight,
  chromiumSentences,
  chromiumWordings,
} from "./messages-chromium.ts";
import { edgehtmlSentences } from "./messages-edgehtml.ts";
import { firefoxFrames, firefoxSentences, firefoxWordings } from "./messages-firefox.ts";
import { chromiumNotCors } from "./not-cors-chromium.ts";
import { firefoxNotCors } from "./not-cors-firefox.ts";
import { webkitNotCors } from "./not-cors-webkit.ts";
import { withoutBrowser } from "./without-browser.ts";
import { localisedMessages, type Localised } from "./localised.ts";
import { panelRows } from "./panels.ts";
import { LinesByUrl, requestLines, wholeUrl, type RequestLine } from "./request-lines.ts";
import { webkitLines } from "./webkit-lines.ts";
import { Claims, following, holesOf, type Found } from "./found.ts";
import { searchable, type Hole, type MessageEngine, type Wording } from "./wording.ts";

const framed = {
  chromium: {
    frames: searchable(chromiumFrames, "anywhere"),
    wordings: searchable(chromiumWordings, "at-start"),
  },
  firefox: {
    frames: searchable(firefoxFrames, "anywhere"),
    wordings: searchable(firefoxWordings, "at-start"),
  },
} as const;
const sentences = [
  ...searchable(withoutBrowser, "anywhere"),
  ...searchable(by("chromium", [...chromiumSentences, ...chromiumNotCors]), "anywhere"),
  ...searchable(by("firefox", [...firefoxSentences, ...firefoxNotCors]), "anywhere"),
  ...searchable(by("webkit", webkitNotCors), "anywhere"),
  ...searchable(by("edgehtml", edgehtmlSentences), "anywhere"),
];
/** Known without their frames; tried where no frame is. */
const alone = searchable(
  [
    ...by(
      "chromium",
      chromiumWordings.filter((row) => row.alone),
    ),
    ...by(
      "firefox",
      firefoxWordings.filter((row) => row.alone),
    ),
  ],
  "anywhere",
);

function by(engine: MessageEngine, rows: readonly Wording[]) {
  return rows.map((row) => Object.assign({ engine }, row));
}

/** Every message, each once, in the order of the text, which is a straightened paste. */
export function findMessages(text: string): readonly Found[] {
  const lines = requestLines(text);
  const claims = new Claims();
  const found: Found[] = [];
  const claim = (messages: readonly Found[]): void => {
    for (const message of messages) if (claims.take(message)) found.push(message);
  };
  claim(framedMessages(text));
  // Its languages are many: a text in ASCII that something else explains needs none of them.
  if (/[^\n -~]/.test(text)) claim(inFirefox(localisedMessages(text, false)));
  claim(sentenceMessages(text, sentences));
  claim(sentenceMessages(text, alone));
  claim(webkitLines(text, claims));
  if (found.length === 0) claim(inFirefox(localisedMessages(text, true)));
  if (found.length === 0) claim(panelMessages(text));
  claim(networkErrors(lines, found));
  found.sort((a, b) => a.start - b.start);
  const kept = once(grouped(withSafariUrls(found)));
  const byUrl = new LinesByUrl(lines);
  return kept.map((message) => withLines(message, byUrl, kept.length === 1, text));
}

function inFirefox(messages: readonly Localised[]): readonly Found[] {
  return messages.map((message) => Object.assign({ engine: "firefox" as const }, message));
}

interface FrameAt {
  readonly engine: "chromium" | "firefox";
  readonly start: number;
  readonly end: number;
  readonly holes: Partial<Record<Hole, string>>;
  readonly isWarning: boolean;
}

function framedMessages(text: string): readonly Found[] {
  const frames: FrameAt[] = [];
  const claims = new Claims();
  for (const engine of ["chromium", "firefox"] as const)
    for (const { regex, holes } of framed[engine].frames)
      for (const match of text.matchAll(regex)) {
        const span = { start: match.index, end: match.index + match[0].length };
        if (!claims.take(span)) continue;
        const isWarning = /^Cross-Origin\sRequest\sWarning/i.test(match[0]);
        frames.push({ engine, ...span, holes: holesOf(holes, match), isWarning });
      }
  frames.sort((a, b) => a.start - b.start);
  return frames.flatMap((frame, index) => {
    const limit = frames[index + 1]?.start ?? text.length;
    const message = reasonOf(frame, text.slice(frame.end, Math.min(limit, frame.end + 6000)));
    return message === undefined ? [] : [message];
  });
}

/** What stands behind a frame. */
function reasonOf(frame: FrameAt, after: string): Found | undefined {
  const { engine, start, isWarning } = frame;
  const preflight = engine === "chromium" ? startOf(chromiumPreflight, after) : 0;
  const atPreflight = preflight > 0 ? { at: "preflight" as const } : {};
  const reasonText = after.slice(preflight);
  for (const wording of framed[engine].wordings) {
    const match = wording.regex.exec(reasonText);
    if (match === null) continue;
    const length = preflight + match[0].length;
    const more = following(after.slice(length));
    return {
      start,
      end: frame.end + length,
      engine,
      reason: wording.reason,
      ...atPreflight,
      ...(wording.at === undefined ? {} : { at: wording.at }),
      ...(wording.passes || isWarning ? { passes: true } : {}),
      holes: { ...frame.holes, ...wording.fixed, ...more, ...holesOf(wording.holes ?? [], match) },
    };
  }
  // `Fetch API cannot load …` and `Failed to load …` begin other sentences as well, WebKit's among them.
  if (
    engine === "chromium" &&
    frame.holes.url !== undefined &&
    frame.holes.origin === undefined &&
    frame.holes.initialUrl === undefined
  )
    return undefined;
  const cut = cutWording(framed[engine].wordings, reasonText);
  // Where the phrase itself was cut, its words are all that there is.
  const rest = preflight === after.length ? after : reasonText;
  const unread = rest
    .trim()
    .split("\n")[0]!
    .replace(/\)?\.?$/, "");
  return {
    start,
    end: frame.end + preflight,
    engine,
    reason: cut?.reason ?? "unspecified",
    ...atPreflight,
    ...(cut?.at === undefined ? {} : { at: cut.at }),
    ...(isWarning ? { passes: true } : {}),
    holes: { ...frame.holes, ...cut?.fixed },
    ...(unread === "" || cut !== undefined ? {} : { unread: unread.slice(0, 200) }),
  };
}

/** How much of the phrase the text begins with; all of it, or its beginning up to the text's end. */
function startOf(phrase: string, text: string): number {
  const even = (part: string): string => part.toLowerCase().replaceAll("\n", " ");
  const begins = even(text.slice(0, phrase.length));
  if (begins === phrase.toLowerCase()) return phrase.length;
  const [line] = text.split("\n");
  const cut = even(line ?? "").trimEnd();
  return cut.length >= 10 && phrase.toLowerCase().startsWith(cut) ? text.length : 0;
}

/** A wording of which the text holds the beginning only, where that can be one reason alone. */
function cutWording(wordings: readonly Wording[], text: string): Wording | undefined {
  const [line = ""] = text.split("\n");
  const begins = line.trim().toLowerCase();
  if (begins.length < 8) return undefined;
  const fitting = wordings.filter(({ pattern }) => {
    const head = literalHead(pattern).toLowerCase();
    return head.startsWith(begins) || (head.length >= 20 && begins.startsWith(head));
  });
  const reasons = new Set(fitting.map(({ reason }) => reason));
  return reasons.size === 1 ? fitting[0] : undefined;
}

/** The pattern's words up to its first group or choice. */
function literalHead({ source }: RegExp): string {
  return /^(?:\\[.*()[\]/]|[^\\()[\]{}.*+?|^$])*/.exec(source)![0].replace(/\\(.)/g, "$1");
}

function sentenceMessages(
  text: string,
  rows: readonly (Wording & { readonly engine: MessageEngine; readonly regex: RegExp })[],
): readonly Found[] {
  const found: Found[] = [];
  for (const row of rows)
    for (const match of text.matchAll(row.regex))
      found.push({
        start: match.index,
        end: match.index + match[0].length,
        engine: row.engine,
        reason: row.reason,
        ...(row.at === undefined ? {} : { at: row.at }),
        ...(row.passes === undefined ? {} : { passes: row.passes }),
        holes: {
          ...row.fixed,
          ...following(text.slice(match.index + match[0].length)),
          ...holesOf(row.holes ?? [], match),
        },
      });
  return found;
}

function panelMessages(text: string): readonly Found[] {
  const found: Found[] = [];
  for (const { pattern, engine, reason, at, fixed } of panelRows)
    for (const match of text.matchAll(pattern))
      found.push({
        start: match.index,
        end: match.index + match[0].length,
        engine,
        reason,
        panel: true,
        ...(at === undefined ? {} : { at }),
        holes: { ...fixed, ...rowUrl(text, match.index, match[0]) },
      });
  // The longer label is the whole one: `CORS Missing Allow Origin`, `(blocked:NotSameOrigin…)`.
  return found.sort((a, b) => b.end - b.start - (a.end - a.start));
}

/** The URL in the label's own line. */
function rowUrl(text: string, start: number, label: string): { url?: string } {
  const from = text.lastIndexOf("\n", start) + 1;
  const to = text.indexOf("\n", start + label.length);
  const line = text.slice(from, to < 0 ? text.length : to);
  const url = /[a-z]{2,20}:\/\/[^\s"']{1,4096}/.exec(line)?.[0];
  return url === undefined ? {} : { url };
}

/** Lines whose error says something by itself, and which belong to no message. */
function networkErrors(lines: readonly RequestLine[], found: readonly Found[]): readonly Found[] {
  const placed = new Set(
    found.map(({ holes }) => (holes.url === undefined ? "" : wholeUrl(holes.url))),
  );
  // A message without a URL may be about any of them.
  const isUnplaced = placed.has("");
  return lines.flatMap(({ start, end, url, status, error }) => {
    if (error === undefined || isUnplaced) return [];
    if (url === undefined ? placed.size > 0 : placed.has(wholeUrl(url))) return [];
    const { reason, why, value } = error;
    return [
      {
        start,
        end,
        engine: "chromium" as const,
        reason,
        holes: {
          ...(url === undefined ? {} : { url }),
          ...(status === undefined ? {} : { status: String(status) }),
          ...(why === undefined ? {} : { why }),
          ...(value === undefined ? {} : { value }),
        },
      },
    ];
  });
}

/** Safari writes a failure of the network in one line, and in the next that the request at a URL was not allowed. */
function withSafariUrls(found: readonly Found[]): readonly Found[] {
  const joined: Found[] = [];
  for (let index = 0; index < found.length; index++) {
    const message = found[index]!;
    const next = found[index + 1];
    const isFailure = message.reason === "network-error" || message.reason === "certificate";
    if (
      message.engine === "webkit" &&
      isFailure &&
      message.holes.url === undefined &&
      next?.engine === "webkit" &&
      next.reason === "unspecified" &&
      next.holes.url !== undefined
    ) {
      joined.push({ ...message, holes: { ...next.holes, ...message.holes } });
      index++;
    } else joined.push(message);
  }
  return joined;
}

/** Firefox says up to three lines of one request: the first that names a rule stands for all. */
function grouped(found: readonly Found[]): readonly Found[] {
  const kept: Found[] = [];
  for (const message of found) {
    const at = kept.findIndex(
      (other) =>
        message.engine === "firefox" &&
        other.engine === "firefox" &&
        message.passes === other.passes &&
        message.holes.url !== undefined &&
        message.holes.url === other.holes.url,
    );
    if (at < 0) {
      kept.push(message);
      continue;
    }
    const other = kept[at]!;
    const first = rank(message) < rank(other) ? message : other;
    const status = first.holes.status ?? other.holes.status ?? message.holes.status;
    kept[at] = {
      ...first,
      holes: { ...first.holes, ...(status === undefined ? {} : { status }) },
    };
  }
  return kept;
}

/** A redirected preflight is also one without success, and every refusal is a failed request. */
function rank({ reason }: Found): number {
  return reason === "network-error" ? 2 : reason === "preflight-status" ? 1 : 0;
}

/** With the status and the method of the lines around it, and the URL where they name one alone. */
function withLines(message: Found, lines: LinesByUrl, isOnly: boolean, text: string): Found {
  const { status, method } = message.holes;
  const url = message.holes.url ?? (isOnly ? lineUrl(text, message) : undefined);
  const own = [...(url === undefined ? [] : lines.of(url)), ...(isOnly ? lines.nameless : [])];
  const ofKind = own.filter(
    (line) => line.method === "" || (line.method === "OPTIONS") === (message.at === "preflight"),
  );
  const line = ofKind.find((each) => each.status !== undefined);
  const asked = own.find((each) => each.method !== "" && each.method !== "OPTIONS")?.method;
  const wantsMethod = message.reason === "method-not-allowed" && method === undefined;
  return {
    ...message,
    holes: {
      ...message.holes,
      ...(url === undefined ? {} : { url }),
      ...(status !== undefined || line?.status === undefined
        ? {}
        : { status: String(line.status) }),
      ...(wantsMethod && asked !== undefined ? { method: asked } : {}),
    },
  };
}

/** The URL of a message that names none: in its own line, or in a text that names one alone. */
function lineUrl(text: string, { start, end, holes }: Found): string | undefined {
  const from = text.lastIndexOf("\n", start) + 1;
  const to = text.indexOf("\n", end);
  const ownLine = `${text.slice(from, start)} ${text.slice(end, to < 0 ? text.length : to)}`;
  const [own, ...others] = urlsIn(ownLine, holes);
  if (own !== undefined && others.length === 0) return own;
  const [lone, ...more] = urlsIn(`${text.slice(0, start)} ${text.slice(end)}`, holes);
  return more.length === 0 ? lone : undefined;
}

/** Of a scheme that pages request: what is left of a URL that was cut has others. */
const someUrl =
  /\b(?:https?|wss?|file|ftp|capacitor|ionic|tauri|asset|app|(?:chrome|moz|safari-web)-extension):\/\/[^\s'"<>]{1,4096}/g;

/** Each URL once, but those that the message itself names as something else. */
function urlsIn(text: string, holes: Found["holes"]): readonly string[] {
  const named = new Set(Object.values(holes));
  const urls = new Set<string>();
  for (const [match] of text.matchAll(someUrl)) {
    const url = match.replace(/[.,;:)]+$/, "");
    // A source's line (`app.js:10:5`) is where the page asked, not what it asked for.
    if (!named.has(url) && !/\.[cm]?[jt]sx?(?:\?[^\s]{0,100})?(?::\d+)+$/.test(url)) urls.add(url);
  }
  return [...urls];
}

/** Consoles say a thing again: for each attempt, or once with its URL and once without. */
function once(found: readonly Found[]): readonly Found[] {
  const kept: Found[] = [];
  for (const message of found) {
    const { url } = message.holes;
    const at = kept.findIndex(
      (other) =>
        other.engine === message.engine &&
        other.reason === message.reason &&
        (url === undefined && other.holes.url === undefined
          ? other.holes.why === message.holes.why
          : url === undefined || other.holes.url === undefined || other.holes.url === url),
    );
    if (at < 0) kept.push(message);
    else if (kept[at]!.holes.url === undefined)
      kept[at] = { ...message, holes: { ...kept[at]!.holes, ...message.holes } };
  }
  // WebKit says of one request that it failed, and in another line why.
  return kept.filter(
    ({ engine, reason, holes: { url } }) =>
      reason !== "unspecified" ||
      !kept.some(
        (other) =>
          other.engine === engine &&
          other.reason !== "unspecified" &&
          (url === undefined || other.holes.url === url),
      ),
  );
}
