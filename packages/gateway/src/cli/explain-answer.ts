// `explain --answer` and `--transcript`: asks answers that were written down instead of a server. What
// the text leaves open is said: a request without an `Origin`, a preflight that nobody sent.

import { asciiLowercase, getHeader, parseOrigin, type Header } from "@corsway/cors/standard";
import type { PageRequest } from "@corsway/cors/browser";
import { explainSync } from "@corsway/cors/explain";
import { givenAnswers } from "../responders/given-answers.ts";
import { readTranscript, type TranscribedExchange } from "../responders/transcript.ts";
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
  const exchanges = await readExchanges(options.transcript!, terminal);
  if ("say" in exchanges) return exchanges;
  const asked = exchanges.find(({ method }) => method !== "OPTIONS") ?? exchanges[0]!;
  const preflight = exchanges.find((exchange) => exchange.method === "OPTIONS");
  const sent = getHeader(asked.requestHeaders, "origin");
  const origin =
    options.origin ?? (sent !== null && parseOrigin(sent) !== undefined ? sent : undefined);
  const target = url ?? asked.url;
  if (target === undefined || origin === undefined)
    return {
      say: `the transcript does not show ${target === undefined ? "the URL" : "the page's origin"}`,
      why:
        target === undefined
          ? "it contains only responses, no request"
          : "the request had no `Origin` header, as a browser's would",
      fix: "name both: corsway explain URL --origin ORIGIN --transcript FILE",
    };
  const described = pageIn(asked, preflight);
  const read = readPage(target, {
    ...options,
    origin,
    method: options.method ?? described.method,
  });
  if (read.kind === "refused") return read;
  const page: PageRequest = {
    ...read.page,
    headers: [...(read.page.headers ?? []), ...described.headers],
  };
  const notes: string[] = [];
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
  const text = await readInput(file, terminal);
  if (typeof text !== "string") return text;
  const read = readTranscript(text);
  if (read.kind === "transcript") return read.exchanges;
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
    return {
      say: `the answer to ${missing.method} ${missing.url} is not in the text`,
      why:
        missing.method === "OPTIONS"
          ? "a browser sends OPTIONS before this request, and sends the request only if that is allowed"
          : "the answers given allow the page to continue to this request",
      fix:
        missing.method === "OPTIONS"
          ? `add it: curl -v -X OPTIONS ${missing.url} -H 'Origin: ${page.origin}' -H 'Access-Control-Request-Method: ${page.method ?? "GET"}'`
          : "add its answer below, or ask the server: corsway explain URL --origin ORIGIN",
    };
  const notes = [...said];
  if (answers.isDoubled())
    notes.push(
      "the one answer was used for both the preflight and the request: write `OPTIONS 204` or `GET 200` before an answer's headers to distinguish them",
    );
  return { explanation, notes: notes.map((note) => ["note", note]) };
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
