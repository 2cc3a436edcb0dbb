// corsway explain: asks a server as a browser would (or a configuration, or a recording), and says
// what the page gets, why, and what changes it. With --message: what a browser's console line means.

import { Option, type Command } from "commander";
import { run as runModel, type PageRequest } from "@corsway/cors/browser";
import {
  decodeMessages,
  explain,
  explanationJson,
  printExplanation,
  printMessage,
  views,
  type DecodedMessage,
  type Explanation,
  type View,
} from "@corsway/cors/explain";
import { liveEndpoint } from "../responders/endpoint.ts";
import { pickExchange } from "../responders/pick-exchange.ts";
import { readRecording } from "../responders/recording.ts";
import { recordingResponder, type RecordingResponder } from "../responders/recording-responder.ts";
import { explainConfig } from "./explain-config.ts";
import { printDryRun, type DryExchange } from "./explain-dry-run.ts";
import { readPage, readWanted, type PageOptions, type Refusal } from "./explain-page.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";

export interface Options extends PageOptions {
  readonly engine: "standard" | "chromium" | "firefox" | "webkit" | "all";
  readonly view: View;
  readonly format: "text" | "json";
  readonly dryRun?: boolean;
  readonly config?: string;
  readonly env?: string;
  readonly server?: string;
  readonly upstreamStatus: string;
  readonly upstreamHeader?: readonly string[];
  readonly har?: string;
  readonly message?: string;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

export function declare(command: Command): void {
  command
    .argument("[URL]", "what the page asks for")
    .option("--origin <ORIGIN>", "the page's origin: https://app.example.com")
    .option("-X, --method <METHOD>", "GET; with --body POST")
    .option("-H, --header <'NAME: VALUE'>", "a header that the page sets; repeatable", collect)
    .option("--body <TEXT>", "a body, sent as fetch() sends a string")
    .addOption(choice("--credentials <MODE>", "as in fetch()", ["omit", "same-origin", "include"]))
    .addOption(choice("--mode <MODE>", "as in fetch()", ["cors", "no-cors", "same-origin"]))
    .addOption(choice("--redirect <MODE>", "as in fetch()", ["follow", "error", "manual"]))
    .addOption(
      choice("--engine <ENGINE>", "whose rules", [
        "standard",
        "chromium",
        "firefox",
        "webkit",
        "all",
      ]).default("all"),
    )
    .addOption(choice("--view <VIEW>", "how much", [...views]).default("summary"))
    .addOption(choice("--format <FORMAT>", "how it is told", ["text", "json"]).default("text"))
    .option("--dry-run", "only print what would be sent")
    .option("--config <PATH>", "ask the gateway of this configuration; nothing is sent")
    .option("--env <NAME>", "with --config: lay corsway.NAME.toml over it")
    .option("--server <NAME>", "with --config: which server, where the URL does not tell")
    .option("--upstream-status <STATUS>", "with --config: what the upstream answers", "200")
    .option(
      "--upstream-header <'NAME: VALUE'>",
      "with --config: a header of it; repeatable",
      collect,
    )
    .option("--har <FILE>", "ask a recording (HAR) of a browser's Network panel; nothing is sent")
    .option("--message <TEXT>", "say what a browser's console message means")
    .addHelpText("after", help);
}

function choice(flags: string, says: string, values: readonly string[]): Option {
  return new Option(flags, says).choices(values);
}

const help = `
A live endpoint gets at most what a browser would send: a preflight, and the
request itself if that is allowed; --dry-run shows it first. For a private
certificate authority: NODE_EXTRA_CA_CERTS=ca.pem.

Exit status: 0 the page may read it (or gets an opaque answer), 1 blocked,
2 could not be asked. With --message: 0 decoded, 2 not a known message.

Examples:
  corsway explain https://api.example.com/users --origin https://app.example.com
  corsway explain https://api.example.com/users --origin https://app.example.com \\
      -X PUT -H 'Content-Type: application/json' --credentials include
  corsway explain http://127.0.0.1:8080/orders --origin https://app.example.com \\
      --config corsway.toml --view path
  corsway explain --har session.har
  corsway explain --message "$(pbpaste)"
`;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const ways = (["config", "har", "message"] as const).filter((way) => options[way] !== undefined);
  if (ways.length > 1)
    return refuse(terminal, {
      say: `--${ways[0]!} and --${ways[1]!} exclude each other`,
      fix: "give one of them",
    });
  const stray = strayFlag(options);
  if (stray !== undefined) return refuse(terminal, stray);
  if (options.message !== undefined) return decode(options.message, options, terminal);
  if (options.har !== undefined) return explainRecording(args[0], options, terminal);

  const page = readPage(args[0], options);
  if (page.kind === "refused") return refuse(terminal, page);
  if (options.config !== undefined) {
    const answer = explainConfig(page.page, options, terminal);
    if ("say" in answer) return refuse(terminal, answer);
    return tell(answer.explanation, options, terminal, answer.notes);
  }
  if (options.dryRun === true) {
    const wire: DryExchange[] = [];
    // Everything is allowed here, so that each request of the page shows.
    await runModel(page.page, (request, sending) => {
      wire.push({ request, kind: sending.kind, body: sending.body ? page.body : undefined });
      return allowAll(request.headers);
    });
    terminal.out(printDryRun(page.page, wire, options.format));
    return 0;
  }
  const endpoint = liveEndpoint(page.body === undefined ? {} : { body: page.body });
  const explanation = await explain(page.page, endpoint.respond, engineOf(options));
  if (explanation.verdict.reason === "network-error" && endpoint.failure !== undefined)
    return refuse(terminal, endpoint.failure);
  const hasCredentials = explanation.verdict.wire.some(({ credentials }) => credentials);
  return tell(explanation, options, terminal, hasCredentials ? [["note", withoutCookies]] : []);
}

/** A flag that would be passed over in silence. */
function strayFlag({
  config,
  env,
  server,
  upstreamHeader,
  har,
  ...page
}: Options): Refusal | undefined {
  const needsConfig = Object.entries({ env, server, "upstream-header": upstreamHeader });
  const [flag] = needsConfig.find(([, value]) => config === undefined && value !== undefined) ?? [];
  if (flag !== undefined)
    return { say: `--${flag} is for --config`, fix: `add --config PATH, or leave --${flag} out` };
  const { header, body, redirect, dryRun } = page;
  const told = Object.entries({ header, body, redirect, "dry-run": dryRun });
  const [recorded] = told.find(([, value]) => har !== undefined && value !== undefined) ?? [];
  if (recorded === undefined) return undefined;
  return {
    say: `--${recorded} does not go with --har`,
    why: "the recording itself says what the page sent",
    fix: `leave --${recorded} out, or ask the server: corsway explain URL --origin ORIGIN`,
  };
}

const withoutCookies =
  "a browser would send its cookies, explain has none: to who is logged in the server may answer otherwise";

async function explainRecording(
  url: string | undefined,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const wanted = readWanted(url, options);
  if (wanted.kind === "refused") return refuse(terminal, wanted);
  const recording = await readRecording(resolvePath(terminal, options.har!));
  if (recording.kind === "unreadable")
    return refuse(terminal, {
      say: `\`${options.har!}\`: ${recording.say}`,
      fix: recording.fix,
    });
  const picked = pickExchange(recording.exchanges, wanted.wanted);
  if (picked.kind === "none") return refuse(terminal, picked);
  const page = {
    ...picked.page,
    ...(options.credentials === undefined ? {} : { credentials: options.credentials }),
    ...(options.mode === undefined ? {} : { mode: options.mode }),
  };
  const ask = async (asked: PageRequest): Promise<Asked> => {
    const responder = recordingResponder(recording.exchanges, picked.exchange, picked.preflight);
    return { responder, explanation: await explain(asked, responder.respond, engineOf(options)) };
  };
  const plain = await ask(page);
  const { error, status } = picked.exchange;
  // The browser refused what the rules let pass: then it asked with the cookies that no export tells.
  const cookies =
    (error === "net::ERR_FAILED" || (error === undefined && status === 0)) &&
    page.credentials === undefined &&
    (plain.responder.missing !== undefined || plain.explanation.verdict.outcome !== "blocked")
      ? await ask({ ...page, credentials: "include" })
      : undefined;
  const refused = ofCredentials.has(cookies?.explanation.verdict.reason ?? "");
  const { responder, explanation } = cookies !== undefined && refused ? cookies : plain;
  const missing = explanation.verdict.reason === "network-error" && responder.missing;
  if (missing && /^net::ERR_(?!FAILED$|BLOCKED_BY_RESPONSE)/.test(error ?? ""))
    return refuse(terminal, {
      say: missing,
      why: "the browser got no answer at all: the page sees a network error, and nothing of CORS was looked at",
      fix: error!.includes("BLOCKED_BY_CLIENT")
        ? "an extension stopped the request (an ad blocker, most likely): allow the host there"
        : "see whether the server is up, its name right and its certificate valid",
    });
  if (missing)
    return refuse(terminal, {
      say: missing,
      why: "without it nobody can say what the browser made of it; some tools leave blocked answers and preflights out",
      fix: "record again in Chrome or Firefox with the Network panel open and `Disable cache` on, or ask the server itself: corsway explain URL --origin ORIGIN",
    });
  const guessed =
    "the browser refused this answer, as it would if the page asked with `credentials: include`: it is taken to have done so";
  const notes = [
    ...picked.notes.filter((note) => !refused || !note.startsWith("no cookies")),
    ...(refused ? [guessed] : []),
    ...new Set(responder.notes),
  ];
  return tell(
    explanation,
    options,
    terminal,
    notes.map((note) => ["note", note] as const),
  );
}

/** The refusals that stand or fall with the credentials mode. */
const ofCredentials: ReadonlySet<string> = new Set(["acao-wildcard-credentials", "acac-not-true"]);

interface Asked {
  readonly responder: RecordingResponder;
  readonly explanation: Explanation;
}

function decode(message: string, options: Options, terminal: Terminal): ExitCode {
  const [first, ...others] = decodeMessages(message);
  if (first === undefined)
    return refuse(terminal, {
      say: "this is no CORS message of Chromium, Firefox or WebKit",
      why: "`TypeError: Failed to fetch` and its like say nothing: the reason stands in another line of the console",
      fix: "paste the whole line, from `Access to fetch at …` or `Cross-Origin Request Blocked: …` to its end",
    });
  if (options.format === "json") {
    const more = others.length === 0 ? {} : { more: others.map(messageJson) };
    terminal.out(`${JSON.stringify({ ...messageJson(first), ...more }, undefined, 2)}\n`);
  } else {
    const printed = [first, ...others].map((one) => printMessage(one, printing(options, terminal)));
    terminal.out(printed.join("\n"));
  }
  return 0;
}

function messageJson({ engine, reason, facts, sentence, advice, link }: DecodedMessage) {
  const { reason: _, ...known } = facts;
  return { engine, reason, ...known, says: sentence.says, why: sentence.why, remedy: advice, link };
}

function engineOf({ engine }: Options): { engine?: Exclude<Options["engine"], "all"> } {
  return engine === "all" ? {} : { engine };
}

function tell(
  explanation: Explanation,
  options: Options,
  terminal: Terminal,
  notes: readonly (readonly [string, string])[],
): ExitCode {
  if (options.format === "json")
    terminal.out(`${JSON.stringify(explanationJson(explanation), undefined, 2)}\n`);
  else
    terminal.out(
      printExplanation(explanation, {
        ...printing(options, terminal),
        notes,
        corsAlone: options.config !== undefined,
      }),
    );
  return explanation.verdict.outcome === "blocked" ? 1 : 0;
}

function printing({ view }: Options, terminal: Terminal) {
  const shown = terminal.color || terminal.interactive;
  const { LC_ALL, LC_CTYPE, LANG } = terminal.env;
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return {
    view,
    color: terminal.color,
    width: shown ? Math.min(process.stdout.columns ?? 80, 100) : 80,
    // What goes to a file or a pipe is UTF-8; a terminal may say that it is not.
    unicode: !shown || locale === "" || /utf-?8/i.test(locale),
  };
}

function refuse(terminal: Terminal, { say, why, fix }: Refusal): ExitCode {
  let text = `corsway explain: ${say}\n`;
  if (why !== undefined) text += `  why   ${why}\n`;
  if (fix !== undefined) text += `  fix   ${fix}\n`;
  terminal.err(text);
  return 2;
}

function allowAll(headers: readonly (readonly [string, string])[]) {
  const value = (name: string): string =>
    headers.find(([other]) => other.toLowerCase() === name)?.[1] ?? "";
  return {
    status: 200,
    headers: [
      ["Access-Control-Allow-Origin", value("origin")],
      ["Access-Control-Allow-Credentials", "true"],
      ["Access-Control-Allow-Methods", value("access-control-request-method")],
      ["Access-Control-Allow-Headers", value("access-control-request-headers")],
    ] as const,
  };
}
