// `explain --preflights`: how many preflights a session makes in each engine, and what would save most of them. The
// session is a recording (--har), or a list of URLs.

import { isMethod, type RequestHead } from "@corsway/cors/standard";
import type { Answer, BrowserResponder, PageRequest } from "@corsway/cors/browser";
import { preflightCost, type PreflightCost, type SessionRequest } from "@corsway/cors/explain";
import { chooseServer, configGateway } from "../responders/config-gateway.ts";
import { givenAnswers } from "../paste/given-answers.ts";
import { isCrossOrigin, originOf, pageOf } from "../responders/recorded-page.ts";
import { isPreflight, preflightOf } from "../responders/recorded-preflight.ts";
import { readRecording } from "../responders/recording.ts";
import { recordingResponder } from "../responders/recording-responder.ts";
import { readExchanges } from "./explain-answer.ts";
import { openConfig } from "./explain-config.ts";
import type { Options } from "./explain-options.ts";
import { readPage, type Refusal } from "./explain-page.ts";
import { readInput } from "./read-input.ts";
import { resolvePath, type Terminal } from "./terminal.ts";

/** The cost, and what was assumed for it. */
export interface SessionCost extends PreflightCost {
  readonly notes: readonly { readonly label: "note"; readonly text: string }[];
}

export async function preflightsOf(
  url: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<SessionCost | Refusal> {
  if (url !== undefined)
    return { say: "--preflights is for a whole session", fix: "put the URLs into the list" };
  if (options.har !== undefined && options.preflights !== true)
    return { say: "--preflights LIST and --har cannot be combined", fix: "use only one of them" };
  if (options.har === undefined && options.preflights === true)
    return {
      say: "--preflights needs a session",
      fix: "add --har FILE, or a list of URLs, one per line: --preflights urls.txt",
    };
  return options.har === undefined
    ? costOfList(options, terminal)
    : costOfRecording(options, terminal);
}

async function costOfRecording(
  options: Options,
  terminal: Terminal,
): Promise<SessionCost | Refusal> {
  const recording = await readRecording(
    options.har === "-" ? terminal.input : resolvePath(terminal, options.har!),
  );
  if (recording.kind === "unreadable")
    return { say: `\`${options.har!}\`: ${recording.say}`, fix: recording.fix };
  const { exchanges } = recording;
  const session: SessionRequest[] = [];
  for (const exchange of exchanges) {
    if (isPreflight(exchange) || exchange.status === 0) continue;
    const preflight = preflightOf(exchanges, exchange);
    const origin = options.origin ?? originOf(exchange) ?? originOf(preflight);
    if (origin === undefined || !isCrossOrigin(exchange, origin)) continue;
    const page = pageOf(exchange, preflight, origin);
    const { respond } = recordingResponder(exchanges, exchange, preflight);
    if (page.mode === "cors") session.push({ page, at: exchange.time, respond });
  }
  if (session.length > 0) return { ...preflightCost(session), notes: [] };
  return {
    say: `\`${options.har!}\`: there is no cross-origin request with a response`,
    fix: "record the session in the Network panel, or name the page with --origin",
  };
}

/** The time between two requests of a list, in milliseconds: longer than what browsers cache without a max-age. */
const apart = 10_000;

async function costOfList(options: Options, terminal: Terminal): Promise<SessionCost | Refusal> {
  const file = String(options.preflights);
  const text = await readInput(file, terminal);
  if (typeof text !== "string") return text;
  const pages: PageRequest[] = [];
  const faults: string[] = [];
  for (const [index, line] of text.split(/\r\n|\r|\n/).entries()) {
    const words = line.trim().split(/\s+/);
    if (words[0] === "" || words[0]!.startsWith("#")) continue;
    const [url = "", method] = words.toReversed();
    const read = readPage(url, { ...options, ...(method === undefined ? {} : { method }) });
    if (words.length > 2 || (method !== undefined && !isMethod(method)))
      faults.push(`line ${index + 1}: it is not \`URL\` or \`METHOD URL\``);
    else if (read.kind === "page") pages.push(read.page);
    else if (options.origin === undefined) return read;
    else faults.push(`line ${index + 1}: ${read.say}`);
  }
  if (faults.length > 0)
    return {
      say: `\`${file}\` cannot be read as a list: ${faults.slice(0, 5).join("; ")}${faults.length > 5 ? `; and ${faults.length - 5} more` : ""}`,
      why: "it has one URL per line, with the method in front if it is not GET",
      fix: "write it like `PUT https://api.example.com/users/1`",
    };
  const others = pages.filter(({ url, origin }) => new URL(url).origin !== origin);
  if (others.length === 0)
    return {
      say: `\`${file}\` has no URL of another origin`,
      why: "requests to the page's own origin are never preflighted",
    };
  const source = await answersFor(options, terminal);
  if ("say" in source) return source;
  const session: SessionRequest[] = [];
  for (const [index, page] of others.entries()) {
    const respond = source.respondTo(page);
    if (typeof respond !== "function") return respond;
    session.push({ page, at: index * apart, respond });
  }
  const notes = [`the requests are assumed to be ${apart / 1000} s apart`, ...source.notes];
  return { ...preflightCost(session), notes: notes.map((each) => ({ label: "note", text: each })) };
}

interface Answers {
  respondTo(page: PageRequest): BrowserResponder | Refusal;
  readonly notes: readonly string[];
}

/** From a configuration, from given answers, or assumed: no server is asked. */
async function answersFor(options: Options, terminal: Terminal): Promise<Answers | Refusal> {
  if (options.config !== undefined) {
    const opened = openConfig(options, terminal);
    if ("say" in opened) return opened;
    return {
      respondTo({ url }) {
        const chosen = chooseServer(opened.config, new URL(url), options.server);
        if (chosen.kind === "none") return chosen;
        const gateway = configGateway(opened.config, chosen.server, opened.upstream);
        return (request) => gateway.respond(request);
      },
      notes: [],
    };
  }
  if (options.answer !== undefined) {
    const exchanges = await readExchanges(options.answer, terminal);
    if ("say" in exchanges) return exchanges;
    const { respond } = givenAnswers(exchanges);
    return { respondTo: () => respond, notes: [] };
  }
  return {
    respondTo: () => allowing,
    notes: [
      "the preflights are assumed to be allowed, without Access-Control-Max-Age: add --answer FILE with the response to OPTIONS, or --config",
    ],
  };
}

function allowing({ headers }: RequestHead): Answer {
  const asked = (name: string): string =>
    headers.find(([each]) => each.toLowerCase() === name)?.[1] ?? "";
  return {
    status: 204,
    headers: [
      ["Access-Control-Allow-Origin", asked("origin")],
      ["Access-Control-Allow-Credentials", "true"],
      ["Access-Control-Allow-Methods", asked("access-control-request-method")],
      ["Access-Control-Allow-Headers", asked("access-control-request-headers")],
    ],
  };
}
