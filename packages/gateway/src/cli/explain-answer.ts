// `explain --answer` and `--transcript`: asks answers that were written down instead of a server. What
// the text leaves open is said: a request without an `Origin`, a preflight that nobody sent.

import {
  asciiLowercase,
  getHeader,
  parseOrigin,
  type Header,
  type RequestHead,
} from "@corsway/cors/standard";
import type { PageRequest } from "@corsway/cors/browser";
import { explainSync } from "@corsway/cors/explain";
import { givenAnswers } from "../responders/given-answers.ts";
import {
  readTranscript,
  type ReadTranscript,
  type TranscribedExchange,
} from "../responders/transcript.ts";
import { engineOf, type Explained, type Options } from "./explain-options.ts";
import { readPage, type Refusal } from "./explain-page.ts";
import { readInput } from "./read-input.ts";
import type { Terminal } from "./terminal.ts";

/** `--answer FILE`: the page is described by the other flags. */
export async function explainAnswer(
  url: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<Explained | Refusal> {
  const read = readPage(url, options);
  if (read.kind === "refused") return read;
  const exchanges = await readExchanges(options.answer!, terminal);
  return "say" in exchanges ? exchanges : explained(read.page, exchanges, options, []);
}

/** `--transcript FILE`: the page is in the text, as far as its request shows it. */
export async function explainTranscript(
  url: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<Explained | Refusal> {
  const transcript = await readGiven(options.transcript!, terminal);
  if ("say" in transcript) return transcript;
  const { exchanges, command } = transcript;
  const asked = exchanges.find(({ method }) => method !== "OPTIONS") ?? exchanges[0]!;
  const preflight = exchanges.find((exchange) => exchange.method === "OPTIONS");
  const isCommand = asked.requestHeaders.length === 0 && command !== undefined;
  const sent = getHeader(asked.requestHeaders, "origin") ?? command?.origin ?? null;
  const origin =
    options.origin ?? (sent !== null && parseOrigin(sent) !== undefined ? sent : undefined);
  const named =
    command !== undefined && isSameBut(command.url, asked.url) ? command.url : undefined;
  const target = url ?? named ?? asked.url;
  if (target === undefined || origin === undefined)
    return {
      say: `the transcript does not show ${target === undefined ? "the URL" : "the page's origin"}`,
      why:
        target === undefined
          ? "it contains only responses, no request"
          : "the request had no `Origin` header, as a browser's would",
      fix: "name both: corsway explain URL --origin ORIGIN --transcript FILE",
    };
  const described = isCommand
    ? { method: command.method, headers: command.headers }
    : pageIn(asked, preflight);
  const read = readPage(target, {
    ...options,
    origin,
    method: options.method ?? described.method,
  });
  if (read.kind === "refused") return read;
  const hasCookies =
    options.credentials === undefined &&
    (getHeader(asked.requestHeaders, "cookie") !== null || command?.credentials === "include");
  const page: PageRequest = {
    ...read.page,
    headers: [...(read.page.headers ?? []), ...described.headers],
    ...(hasCookies ? { credentials: "include" } : {}),
  };
  const notes: string[] = [];
  if (asked.isSchemeGuessed === true && url === undefined && named === undefined)
    notes.push("the text does not show whether this was http or https: https is assumed");
  if (hasCookies) notes.push("the request had cookies, so `credentials: include` is assumed");
  if (sent === null && asked.requestHeaders.length > 0)
    notes.push(
      "the request was sent without `Origin`: many servers send CORS headers only to one that has it; repeat it with -H 'Origin: …'",
    );
  return explained(page, exchanges, options, notes);
}

export async function readExchanges(
  file: string,
  terminal: Terminal,
): Promise<readonly TranscribedExchange[] | Refusal> {
  const given = await readGiven(file, terminal);
  return "say" in given ? given : given.exchanges;
}

/** The URL of the command, where the text shows none or the same one with another scheme. */
function isSameBut(command: string, shown: string | undefined): boolean {
  if (shown === undefined) return true;
  const bare = (url: string): string => url.replace(/^https?:/, "").split("#", 1)[0]!;
  return URL.canParse(command) && bare(new URL(command).href) === bare(shown);
}

type Given = Extract<ReadTranscript, { readonly kind: "transcript" }>;

async function readGiven(file: string, terminal: Terminal): Promise<Given | Refusal> {
  const text = await readInput(file, terminal);
  if (typeof text !== "string") return text;
  const read = readTranscript(text);
  if (read.kind === "transcript") return read;
  if (read.faults[0]!.startsWith("curl got no response"))
    return {
      say: read.faults[0]!,
      why: "a browser fails in the same way, before CORS is checked: the page sees a network error",
      fix: "check that the server runs, its name and port, and its certificate",
    };
  return {
    say: `\`${file}\` cannot be read as an answer: ${read.faults.slice(0, 5).join("; ")}`,
    why: "it accepts what `curl -v` or `curl -i` prints, or a status line and headers, one per line",
    fix: "corsway explain URL --origin ORIGIN --answer FILE, with `HTTP/1.1 200 OK` or `OPTIONS 403` before each answer's headers",
  };
}

function explained(
  page: PageRequest,
  exchanges: readonly TranscribedExchange[],
  options: Options,
  said: readonly string[],
): Explained | Refusal {
  const answers = givenAnswers(exchanges);
  const explanation = explainSync(page, answers.respond, engineOf(options));
  const missing = answers.missing();
  if (explanation.verdict.reason === "network-error" && missing !== undefined)
    return lacking(page, missing, exchanges);
  const notes = [...said];
  if (answers.isDoubled())
    notes.push(
      "the one answer was used for both the preflight and the request: write `OPTIONS 204` or `GET 200` before an answer's headers to distinguish them",
    );
  return { explanation, notes: notes.map((note) => ["note", note]) };
}

/** The text ends before the verdict does. */
function lacking(
  page: PageRequest,
  missing: RequestHead,
  exchanges: readonly TranscribedExchange[],
): Refusal {
  const say = `the answer to ${missing.method} ${missing.url} is not in the text`;
  if (missing.method === "OPTIONS") {
    const names = getHeader(missing.headers, "access-control-request-headers");
    const flags = [
      `Origin: ${page.origin}`,
      `Access-Control-Request-Method: ${page.method ?? "GET"}`,
      ...(names === null ? [] : [`Access-Control-Request-Headers: ${names}`]),
    ];
    return {
      say,
      why: "a browser sends OPTIONS before this request, and sends the request only if that is allowed",
      fix: `add it: curl -v -X OPTIONS ${missing.url} ${flags.map((flag) => `-H '${flag}'`).join(" ")}`,
    };
  }
  const options = exchanges.find(({ method }) => method === "OPTIONS");
  const isPlain =
    options !== undefined &&
    options.requestHeaders.length > 0 &&
    getHeader(options.requestHeaders, "access-control-request-method") === null;
  if (isPlain && exchanges.length === 1)
    return {
      say,
      why: "the OPTIONS request in it is not a preflight, because it has no Access-Control-Request-Method",
      fix: "repeat it with -H 'Access-Control-Request-Method: PUT', for example",
    };
  return {
    say,
    why: "the answers given allow the page to continue to this request",
    fix: "add its answer below, or ask the server: corsway explain URL --origin ORIGIN",
  };
}

/** What curl and its like add by themselves, or a browser would not let the page set. */
const clientsOwn: ReadonlySet<string> = new Set([
  "host",
  "user-agent",
  "accept",
  "accept-encoding",
  "connection",
  "content-length",
  "origin",
  "referer",
  "cookie",
  "access-control-request-method",
  "access-control-request-headers",
]);

function pageIn(
  asked: TranscribedExchange,
  preflight: TranscribedExchange | undefined,
): { readonly method: string; readonly headers: readonly Header[] } {
  const wanted =
    preflight === undefined
      ? null
      : getHeader(preflight.requestHeaders, "access-control-request-method");
  const names =
    preflight === undefined
      ? null
      : getHeader(preflight.requestHeaders, "access-control-request-headers");
  const own = asked.requestHeaders.filter(
    ([name]) => !clientsOwn.has(asciiLowercase(name)) && !/^sec-/i.test(name),
  );
  const known = new Set(own.map(([name]) => asciiLowercase(name)));
  // The preflight names what its values do not matter for; one that is safelisted would not be named.
  const named = (names ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !known.has(asciiLowercase(name)))
    .map((name): Header => [name, name === "content-type" ? "application/json" : "1"]);
  return {
    method: wanted ?? (asked.method === "OPTIONS" ? "GET" : (asked.method ?? "GET")),
    headers: [...own, ...named],
  };
}
