// An explanation as text. Three views of one Explanation: `summary` (what a person wants first), `path` (the exchange drawn),
// `full` (every step of the standard and each engine's console).

import { getHeader } from "../standard/header-list.ts";
import type { HeaderList } from "../standard/message.ts";
import { asciiLowercase } from "../standard/token.ts";
import { isForbiddenResponseHeaderName } from "../standard/header-name.ts";
import { isCorsSafelistedMethod } from "../standard/method.ts";
import type { EngineName } from "../browser/engine.ts";
import { initiated, initiatorRules } from "../browser/initiators.ts";
import type { Initiator } from "../browser/request.ts";
import type { WireExchange } from "../browser/verdict.ts";
import { cookieWords } from "./cookie-words.ts";
import { headerReading, sayHeaderReading } from "./header-reading.ts";
import { escapeNonAscii } from "../diagnostics/quote.ts";
import { showAll } from "./bytes-shown.ts";
import { caveats } from "./caveats.ts";
import { varyWarning } from "./vary-warning.ts";
import { differences } from "./differences.ts";
import { listOf, titleOf } from "./engine-title.ts";
import type { EngineView, Explanation } from "./explain.ts";
import { asciiOnly, labelled, sentenceLine, sign, type Layout } from "./labelled.ts";
import { painter } from "../diagnostics/paint.ts";
import { sayPolicyChange, sayPolicyLoss } from "./remedy/policy-remedy.ts";
import { sayWithCredentials } from "./remedy/say-change.ts";
import type { Remedy } from "./remedy/remedy.ts";
import { drawPath } from "./print-path.ts";
import { printTrace } from "./print-trace.ts";

/**
 * `summary`: what a person wants first. `path`: the exchange drawn. `full`: every step and
 * console.
 */
export type View = "summary" | "path" | "full";
/** Every view, the shortest first. */
export const views: readonly View[] = ["summary", "path", "full"];

/** What the terminal supports, and how much to print. `width` is in columns. */
export interface PrintOptions {
  /** @default "summary" */
  readonly view?: View;
  readonly color?: boolean;
  readonly width?: number;
  readonly unicode?: boolean;
  /** Additional lines below the exchange: where the responses come from, what remains unknown. */
  readonly notes?: readonly (readonly [label: string, text: string])[];
  /** A response header: can the page read it, and what exposes it? */
  readonly read?: string;
  /** Leave out what is not CORS: a configuration knows nothing about networks and sites. */
  readonly corsAlone?: boolean;
}

/** An explanation as text, with a newline at its end. */
export function printExplanation(explanation: Explanation, options: PrintOptions = {}): string {
  const {
    view = "summary",
    color = false,
    width = 80,
    unicode = true,
    notes = [],
    corsAlone = false,
    read,
  } = options;
  const layout: Layout = { paint: painter(color), width, unicode };
  const body =
    view === "path" ? `\n${drawPath(explanation, layout)}\n` : printWire(explanation, layout);
  const text =
    headline(explanation, layout) +
    body +
    notes.map(([label, note]) => labelled(layout, label, note)).join("") +
    printVerdict(explanation, corsAlone ? [] : caveats(explanation), layout, read) +
    (view === "full" ? printTrace(explanation, layout) : "");
  return unicode ? text : asciiOnly(text);
}

function headline({ request, verdict, engine }: Explanation, { paint }: Layout): string {
  const { outcome } = verdict;
  const color = outcome === "blocked" ? "red" : outcome === "readable" ? "green" : "yellow";
  const set: string[] = [];
  if (engine !== "standard") set.push(engine);
  if (request.credentials !== undefined && request.credentials !== "same-origin")
    set.push(`credentials: ${request.credentials}`);
  if (request.initiator !== undefined && request.initiator !== "fetch")
    set.push(`as: ${request.initiator}`);
  if (request.crossOrigin !== undefined) set.push(`crossorigin: ${request.crossOrigin}`);
  if (request.mode !== undefined && request.mode !== "cors") set.push(`mode: ${request.mode}`);
  if (request.useCorsPreflight === true) set.push("upload listener");
  if (request.body?.kind === "stream") set.push("body: stream");
  if (request.redirect !== undefined && request.redirect !== "follow")
    set.push(`redirect: ${request.redirect}`);
  const extra = set.length === 0 ? "" : `  (${set.join(", ")})`;
  const what = escapeNonAscii(`${request.method ?? "GET"} ${request.url}`);
  return `${paint(color, paint("bold", outcome))}  ${what}  from ${escapeNonAscii(request.origin)}${extra}\n`;
}

function printWire({ request, verdict }: Explanation, layout: Layout): string {
  const home = URL.canParse(request.url) ? new URL(request.url).origin : "";
  const lines = verdict.wire.map((exchange) =>
    labelled(layout, exchange.kind.padEnd(9), exchangeLine(exchange, home, layout)),
  );
  // A redirect loop is shown in five lines, not in twenty-one.
  if (lines.length <= 8) return lines.join("");
  const between = `        ${sign(layout, "…", "...")} and ${lines.length - 4} more\n`;
  return [...lines.slice(0, 3), between, ...lines.slice(-1)].join("");
}

function exchangeLine({ request, response }: WireExchange, home: string, layout: Layout): string {
  const url = new URL(request.url);
  const where = url.origin === home ? url.pathname + url.search : url.href;
  const arrow = sign(layout, "→", "->");
  if ("kind" in response) return `${request.method} ${where} ${arrow} no response: ${response.why}`;
  const location = response.headers.find(([name]) => asciiLowercase(name) === "location");
  const to =
    location !== undefined && response.status >= 300 && response.status < 400
      ? ` to ${escapeNonAscii(location[1])}`
      : "";
  return `${request.method} ${where} ${arrow} ${response.status}${to}`;
}

function printVerdict(
  explanation: Explanation,
  also: readonly string[],
  layout: Layout,
  read: string | undefined,
): string {
  const { verdict, sentence, remedies } = explanation;
  let text = "";
  if (sentence !== undefined) {
    text += sentenceLine(layout, `${sentence.algorithm}: ${sentence.says}`);
    text += labelled(layout, "why", sentence.why);
  }
  if (verdict.outcome === "readable") text += printReading(explanation, layout);
  if (verdict.outcome === "opaque")
    text += labelled(
      layout,
      "page",
      verdict.response?.type === "opaqueredirect"
        ? "gets an opaque redirect: no status, no headers, no body"
        : opaqueWords(explanation.request),
    );
  if (read !== undefined) {
    const reading = headerReading(explanation, read);
    const color = reading.readable ? "green" : "yellow";
    text += labelled(layout, "read", sayHeaderReading(reading), color);
  }
  for (const line of cookieWords(verdict)) text += labelled(layout, "cookie", line);
  text += printDropped(explanation, layout) + printAuthorization(explanation, layout);
  text += printSent(explanation, layout);
  text += printCaching(explanation, layout);
  const vary = varyWarning(explanation);
  if (vary !== undefined) text += labelled(layout, "warn", vary, "yellow");
  for (const line of differences(explanation)) text += labelled(layout, "but", line, "yellow");
  for (const line of also) text += labelled(layout, "also", line, "yellow");
  for (const [index, remedy] of remedies.entries())
    text += printRemedy(remedy, index === 0 ? "fix" : "or", layout);
  if (sentence !== undefined) text += labelled(layout, "see", sentence.link);
  return text;
}

/** What the page has of a response that it cannot read. */
function opaqueWords(request: Explanation["request"]): string {
  const { initiator } = initiated(request);
  const { opaque } = initiatorRules(initiator);
  if (opaque === undefined)
    return "gets an opaque response: no status, no headers, no body, and no error either; only mode cors can read it";
  return `gets an opaque response: ${opaque}`;
}

/** Lines for a file are printed one by one and unbroken, so that they can be copied. */
function printRemedy(
  { say, change, assumptions, takesAway }: Remedy,
  label: string,
  layout: Layout,
): string {
  const lines = change.filter((part) => part.kind === "policy").map(sayPolicyChange);
  if (lines.length === 0) return labelled(layout, label, say, "green");
  const copied = lines.map((line, index) => {
    const shown = index === 0 ? label : "";
    return `  ${layout.paint("green", shown)}${" ".repeat(6 - shown.length)}${line}\n`;
  });
  const warnings = takesAway.map(sayPolicyLoss);
  for (const assumption of assumptions)
    if (assumption.kind === "origins-with-credentials")
      warnings.push(sayWithCredentials(assumption.origins));
  return [...copied, ...warnings.map((warning) => labelled(layout, "", warning))].join("");
}

function printReading({ request, verdict }: Explanation, layout: Layout): string {
  const { response, exposedHeaders, wire } = verdict;
  const { initiator } = initiated(request);
  if (initiator === "websocket")
    return labelled(
      layout,
      "page",
      "gets an open WebSocket; CORS does not apply to it: any page can open one, with cookies, to a server that does not check `Origin`",
    );
  if (!initiatorRules(initiator).sets.includes("headers"))
    return labelled(layout, "page", readAs[initiator] ?? "gets the response's content");
  const shown = exposedHeaders.length === 0 ? "no headers" : exposedHeaders.join(", ");
  let text = labelled(
    layout,
    "page",
    `reads status ${response?.status ?? 0}, the body and ${shown}`,
  );
  const last = wire.at(-1)?.response;
  if (last === undefined || "kind" in last || response?.type !== "cors") return text;
  const hidden = new Set<string>();
  for (const [name] of last.headers) {
    const lower = asciiLowercase(name);
    if (
      !exposedHeaders.includes(lower) &&
      !ownHeaders.test(lower) &&
      !isForbiddenResponseHeaderName(lower)
    )
      hidden.add(lower);
  }
  if (hidden.size > 0)
    text += labelled(
      layout,
      "not",
      `${[...hidden].join(", ")} (a page can read these only if Access-Control-Expose-Headers lists them${isStarVoid(request, last.headers) ? "; with credentials, `*` there is a literal name" : ""})`,
    );
  return text;
}

/** What a page has of a response that it may read, where it sees no status and no headers. */
const readAs: Readonly<Partial<Record<Initiator, string>>> = {
  img: "gets the image, and can read its pixels from a canvas",
  script: "runs the script, and sees its errors in full",
  module: "runs the module (if its Content-Type is JavaScript's)",
  style: "applies the style sheet, and can read its `cssRules`",
  font: "shows the font",
  video: "plays the video, and can read its frames from a canvas",
  eventsource: "reads the events (if the status is 200 and the Content-Type `text/event-stream`)",
  manifest: "uses the manifest",
  worker: "runs the worker",
};

/** With cookies, `*` matches no other name, in this header as in the other three. */
function isStarVoid(request: Explanation["request"], headers: HeaderList): boolean {
  const { credentials } = initiated(request);
  const exposed = getHeader(headers, "access-control-expose-headers") ?? "";
  return credentials === "include" && exposed.split(",").some((name) => name.trim() === "*");
}

/** Headers that are useless to a page, so that no one misses them. */
const ownHeaders =
  /^(?:access-control-.*|vary|date|connection|keep-alive|server|transfer-encoding|timing-allow-origin)$/;

/** A page that sets a `Cookie` gets no error, and no cookie. */
function printDropped({ request, verdict }: Explanation, layout: Layout): string {
  const names = verdict.trace.flatMap(({ saw }) =>
    Array.isArray(saw["dropped"]) ? (saw["dropped"] as readonly string[]) : [],
  );
  if (names.length === 0) return "";
  const why =
    request.mode === "no-cors" ? "in mode no-cors a page cannot set it" : "a page cannot set it";
  return labelled(
    layout,
    "note",
    `${showAll(names)} ${names.length > 1 ? "were" : "was"} left out: ${names.length > 1 ? why.replace("it", "them") : why}`,
  );
}

/** The next server then responds with 401 or its login page, and nothing else shows why. */
function printAuthorization({ request, verdict }: Explanation, layout: Layout): string {
  const dropping = verdict.trace.find(
    ({ anchor, step }) => anchor === "concept-http-redirect-fetch" && step === "13",
  );
  const isSet = request.headers?.some(([name]) => asciiLowercase(name) === "authorization");
  if (dropping === undefined || isSet !== true) return "";
  const to = escapeNonAscii(String(dropping.saw["to"]));
  return labelled(
    layout,
    "note",
    `the redirect to ${to} removed Authorization from the request: that header is for one origin only`,
    "yellow",
  );
}

function printSent({ verdict, request }: Explanation, layout: Layout): string {
  if (verdict.outcome !== "blocked") return "";
  const method = request.method ?? "GET";
  if (verdict.wire.length === 0) return labelled(layout, "note", "nothing was sent");
  if (verdict.reason === "network-error" || verdict.reason === "websocket-refused") return "";
  if (!verdict.sent)
    return labelled(
      layout,
      "note",
      `the ${method} was never sent: the browser stopped at the preflight`,
    );
  const note = (say: string, color?: "yellow"): string => labelled(layout, "note", say, color);
  if (isCorsSafelistedMethod(method) && method !== "POST")
    return note(
      `the server received the ${method} and responded, but the page cannot read the response`,
    );
  const last = verdict.wire.at(-1)?.response;
  const status = last === undefined || "kind" in last ? 0 : last.status;
  if (status >= 400 && status < 500)
    return note(
      `the server received the ${method} and refused it with ${status}, and the page cannot read that response`,
    );
  // A page that repeats a failed POST writes twice: that deserves a colour.
  return note(
    `the server received the ${method} and has acted on it, but the page cannot read the response`,
    "yellow",
  );
}

function printCaching({ engines, verdict }: Explanation, layout: Layout): string {
  if (verdict.outcome === "blocked") return "";
  const bySeconds = new Map<number, EngineName[]>();
  for (const [name, view] of Object.entries(engines) as [EngineName, EngineView][]) {
    const caching = view.verdict.preflightCache;
    if (caching === undefined || view.verdict.outcome === "blocked") continue;
    bySeconds.set(caching.seconds, [...(bySeconds.get(caching.seconds) ?? []), name]);
  }
  if (bySeconds.size === 0) return "";
  if (bySeconds.size === 1 && bySeconds.has(0))
    return labelled(
      layout,
      "cache",
      "every such request is preflighted: the preflight response is not cached",
    );
  const parts = [...bySeconds].map(([seconds, names]) =>
    bySeconds.size === 1
      ? duration(seconds)
      : `${duration(seconds)} in ${listOf(names.map(titleOf))}`,
  );
  return labelled(layout, "cache", `the preflight response is cached ${parts.join(", ")}`);
}

function duration(seconds: number): string {
  if (seconds === 0) return "not at all";
  return `for ${seconds} s`;
}
