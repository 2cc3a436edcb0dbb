// `explain --har`: uses a browser's recording instead of a server. What the recording lacks is reported
// and never invented: a missing response, the cookies that exports leave out.

import type { PageRequest } from "@corsway/cors/browser";
import { explain, type Explanation } from "@corsway/cors/explain";
import { pickExchange } from "../responders/pick-exchange.ts";
import { readRecording, type RecordedExchange } from "../responders/recording.ts";
import { recordingResponder, type RecordingResponder } from "../responders/recording-responder.ts";
import { engineOf, type Explained, type Options } from "./explain-options.ts";
import { readWanted, type Refusal } from "./explain-page.ts";
import { resolvePath, type Terminal } from "./terminal.ts";

export async function explainRecording(
  url: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<Explained | Refusal> {
  const wanted = readWanted(url, options);
  if (wanted.kind === "refused") return wanted;
  const recording = await readRecording(
    options.har === "-" ? terminal.input : resolvePath(terminal, options.har!),
  );
  if (recording.kind === "unreadable")
    return { say: `\`${options.har!}\`: ${recording.say}`, fix: recording.fix };
  const picked = pickExchange(recording.exchanges, wanted.wanted);
  if (picked.kind === "none") return picked;
  const { exchange, preflight } = picked;
  const page = {
    ...picked.page,
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
  };
  const ask = async (asked: PageRequest): Promise<Asked> => {
    const responder = recordingResponder(recording.exchanges, exchange, preflight);
    return { responder, explanation: await explain(asked, responder.respond, engineOf(options)) };
  };

  const plain = await ask(page);
  // The browser refused what the rules allow: perhaps the request had credentials.
  const isUnexplained =
    plain.responder.missing !== undefined || plain.explanation.verdict.outcome !== "blocked";
  const include =
    page.credentials === undefined && isRefused(exchange) && isUnexplained
      ? await ask({ ...page, credentials: "include" })
      : undefined;
  const isGuessed = ofCredentials.has(include?.explanation.verdict.reason ?? "");
  const { responder, explanation } = include !== undefined && isGuessed ? include : plain;
  if (explanation.verdict.reason === "network-error" && responder.missing !== undefined)
    return unanswered(responder.missing, exchange.error ?? "");

  const notes = [...picked.notes];
  if (isGuessed) notes.push(guessed);
  else if (picked.cookiesUnknown && page.credentials === undefined) notes.push(noCookies);
  notes.push(...new Set(responder.notes));
  return { explanation, notes: notes.map((note) => ["note", note]) };
}

interface Asked {
  readonly responder: RecordingResponder;
  readonly explanation: Explanation;
}

/** Whether the browser received a response and withheld it from the page. */
function isRefused({ error, status }: RecordedExchange): boolean {
  return error === "net::ERR_FAILED" || (error === undefined && status === 0);
}

/** The reasons that apply only with credentials. */
const ofCredentials: ReadonlySet<string> = new Set(["acao-wildcard-credentials", "acac-not-true"]);

const guessed =
  "the browser refused this response, as it would for a request with `credentials: include`, so that is assumed";

const noCookies =
  "the recording has no cookies (exports leave them out); if the page's request had credentials, add --credentials include";

/** `error`: the browser's own name for the failure; empty if it has none. */
function unanswered(say: string, error: string): Refusal {
  if (/^net::ERR_(?!FAILED$|BLOCKED_BY_RESPONSE)/.test(error))
    return {
      say,
      why: "the browser got no response at all: the page sees a network error, and CORS was not checked",
      fix: error.includes("BLOCKED_BY_CLIENT")
        ? "an extension blocked the request (probably an ad blocker): allow the host there"
        : "check that the server is running, its name is correct and its certificate is valid",
    };
  return {
    say,
    why: "without it, the browser's verdict is unknown; some tools leave out blocked responses and preflights",
    fix: "record again in Chrome or Firefox with the Network panel open and `Disable cache` on, or ask the server itself: corsway explain URL --origin ORIGIN",
  };
}
