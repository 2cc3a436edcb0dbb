// `explain --answer` and `--transcript`: asks answers that were written down instead of a server. What
// the text leaves open is said: a request without an `Origin`, a preflight that nobody sent.

import type { PageRequest } from "@corsway/cors/browser";
import { explainSync } from "@corsway/cors/explain";
import { answeredTwice, givenAnswers } from "../paste/given-answers.ts";
import { missingAnswer } from "../paste/missing-answer.ts";
import { pageOfTranscript, transcriptNotes } from "../paste/transcript-page.ts";
import { readTranscript, type Transcript, type TranscribedExchange } from "../paste/transcript.ts";
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
  const shown = pageOfTranscript(transcript);
  const origin = options.origin ?? shown.origin;
  const target = url ?? shown.url;
  if (target === undefined || origin === undefined)
    return {
      say: `the transcript does not show ${target === undefined ? "the URL" : "the page's origin"}`,
      why:
        target === undefined
          ? "it contains only responses, no request"
          : "the request had no `Origin` header, as a browser's would",
      fix: "name both: corsway explain URL --origin ORIGIN --transcript FILE",
    };
  const read = readPage(target, {
    ...options,
    origin,
    method: options.method ?? shown.method,
  });
  if (read.kind === "refused") return read;
  const hasCookies = options.credentials === undefined && shown.hasCookies;
  const page: PageRequest = {
    ...read.page,
    headers: [...(read.page.headers ?? []), ...shown.headers],
    ...(hasCookies ? { credentials: "include" } : {}),
  };
  const notes: string[] = [];
  if (shown.isSchemeGuessed && url === undefined) notes.push(transcriptNotes.schemeGuessed);
  if (hasCookies) notes.push(transcriptNotes.cookies);
  if (shown.lacksOrigin) notes.push(transcriptNotes.withoutOrigin);
  return explained(page, transcript.exchanges, options, notes);
}

export async function readExchanges(
  file: string,
  terminal: Terminal,
): Promise<readonly TranscribedExchange[] | Refusal> {
  const given = await readGiven(file, terminal);
  return "say" in given ? given : given.exchanges;
}

async function readGiven(file: string, terminal: Terminal): Promise<Transcript | Refusal> {
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
    return missingAnswer(page, missing, exchanges);
  const notes = [...said];
  if (answers.isDoubled()) notes.push(answeredTwice);
  return { explanation, notes: notes.map((note) => ["note", note]) };
}
