// `explain --har`: uses a browser's recording instead of a server. What the recording lacks is reported
// and never invented: a missing response, the cookies that exports leave out.

import { initiatorRules, type PageRequest } from "@corsway/cors/browser";
import { decodeMessage, explain, type Explanation } from "@corsway/cors/explain";
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
  // An element's credentials are those of its attribute; typed ones are of a `fetch`.
  const isTyped = options.credentials !== undefined || options.mode !== undefined;
  const page = {
    ...(isTyped ? asFetch(picked.page) : picked.page),
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
      ? await ask(withCredentials(page))
      : undefined;
  const isGuessed = ofCredentials.has(include?.explanation.verdict.reason ?? "");
  const { responder, explanation } = include !== undefined && isGuessed ? include : plain;
  if (explanation.verdict.reason === "network-error" && responder.missing !== undefined)
    return unanswered(responder.missing, exchange);
  // The browser stopped it for a reason of its own (ORB, a policy), which the rules of Fetch do not show.
  const own = explanation.verdict.outcome === "blocked" ? undefined : reported(exchange);
  if (own !== undefined) return own;

  const notes = [...picked.notes];
  if (isGuessed) notes.push(guessed);
  else if (picked.cookiesUnknown && page.credentials === undefined && page.initiator === undefined)
    notes.push(noCookies);
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

function asFetch(page: PageRequest): PageRequest {
  const { initiator: _initiator, crossOrigin: _crossOrigin, ...rest } = page;
  return rest;
}

function withCredentials(page: PageRequest): PageRequest {
  if (page.initiator === undefined) return { ...page, credentials: "include" };
  const { crossOrigin } = initiatorRules(page.initiator);
  return crossOrigin === "none" ? page : { ...page, crossOrigin: "use-credentials" };
}

/** What the browser's own name for the failure means. */
function reported({ method, url, error }: RecordedExchange): Refusal | undefined {
  if (error === undefined || !/^(?:net::ERR_|NS_)/.test(error)) return undefined;
  const decoded = decodeMessage(`${method} ${url} ${error}`);
  if (decoded === undefined || decoded.reason === "unspecified") return undefined;
  const { sentence, advice } = decoded;
  return {
    say: `${method} ${url}: the browser reports ${error}: ${sentence.says}`,
    why: sentence.why,
    ...(advice[0] === undefined ? {} : { fix: advice[0].say }),
  };
}

function unanswered(say: string, exchange: RecordedExchange): Refusal {
  return (
    reported(exchange) ?? {
      say,
      why: "without it, the browser's verdict is unknown; some tools leave out blocked responses and preflights",
      fix: "record again in Chrome or Firefox with the Network panel open and `Disable cache` on, or ask the server itself: corsway explain URL --origin ORIGIN",
    }
  );
}
