// corsway explain: asks a server as a browser would (or uses a configuration, or a recording), and says
// what the page gets, why, and how to change it. With --message: the meaning of a console message.

import { Option, type Command } from "commander";
import {
  explain,
  explanationJson,
  headerReading,
  printPreflightCost,
  printExplanation,
  views,
  type PrintOptions,
} from "@corsway/cors/explain";
import { escapeUnsafe } from "@corsway/cors/diagnostics";
import { crossOriginAttributes, initiators } from "@corsway/cors/browser";
import { liveEndpoint } from "../responders/endpoint.ts";
import { explainAnswer, explainTranscript } from "./explain-answer.ts";
import { explainConfig } from "./explain-config.ts";
import { dryRun } from "./explain-dry-run.ts";
import { readPasted } from "./explain-curl.ts";
import { explainMessage } from "./explain-message.ts";
import { engineOf, type Explained, type Options } from "./explain-options.ts";
import {
  readContext,
  readNameFault,
  readPage,
  type ReadPage,
  type Refusal,
} from "./explain-page.ts";
import { preflightsOf } from "./explain-preflights.ts";
import { explainRecording } from "./explain-recording.ts";
import { readStdin } from "./read-input.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];

export function declare(command: Command): void {
  command
    .argument("[URL]", "the URL that the page requests")
    .option("--origin <ORIGIN>", "the origin of the page: https://app.example.com")
    .option("-X, --method <METHOD>", "the method (default: GET, or POST with --body)")
    .option("-H, --header <'NAME: VALUE'>", "a header that the page sets; repeatable", collect)
    .option("--body <TEXT>", "a body, sent the way fetch() sends a string")
    .addOption(
      choice(
        "--upload <HOW>",
        "what forces a preflight: an XHR's upload listener, or a body that is a stream",
        ["listener", "stream"],
      ),
    )
    .addOption(
      choice("--credentials <MODE>", "the credentials mode, as in fetch()", [
        "omit",
        "same-origin",
        "include",
      ]),
    )
    .addOption(
      choice("--mode <MODE>", "the request mode, as in fetch()", [
        "cors",
        "no-cors",
        "same-origin",
      ]),
    )
    .addOption(
      choice("--as <WHAT>", "what in the page makes the request (default: fetch)", initiators),
    )
    .addOption(
      choice("--crossorigin <VALUE>", "the element's crossorigin attribute", [
        ...crossOriginAttributes,
      ]),
    )
    .option(
      "--read <NAME>",
      "report whether the page can read this response header, and what exposes it",
    )
    .option(
      "--cookie <'NAME=VALUE; …'>",
      "a cookie stored for the URL's host, written as in Set-Cookie; sent if a browser would send it; repeatable",
      collect,
    )
    .addOption(
      choice(
        "--third-party-cookies <SETTING>",
        "the browser's setting for third-party cookies (default: allowed)",
        ["allowed", "blocked"],
      ),
    )
    .option("--csp <POLICY>", "the page's Content-Security-Policy")
    .addOption(
      choice(
        "--local-network <PERMISSION>",
        "the user's answer when a page on a public address asks to reach the local network",
        ["granted", "denied", "prompt"],
      ),
    )
    .addOption(
      choice("--redirect <MODE>", "the redirect mode, as in fetch()", [
        "follow",
        "error",
        "manual",
      ]),
    )
    .addOption(
      choice("--engine <ENGINE>", "the engine whose rules apply", [
        "standard",
        "chromium",
        "firefox",
        "webkit",
        "all",
      ]).default("all"),
    )
    .addOption(choice("--view <VIEW>", "how much to show", [...views]).default("summary"))
    .addOption(choice("--format <FORMAT>", "the output format", ["text", "json"]).default("text"))
    .option("--dry-run", "print what would be sent, without sending it")
    .option("--config <PATH>", "ask the gateway that this configuration describes; nothing is sent")
    .option("--env <NAME>", "with --config: overlay corsway.NAME.toml")
    .option("--server <NAME>", "with --config: the server, if the URL is ambiguous")
    .option(
      "--upstream-status <STATUS>",
      "with --config: the status that the upstream sends (default: 200)",
    )
    .option(
      "--upstream-header <'NAME: VALUE'>",
      "with --config: a header that the upstream sends; repeatable",
      collect,
    )
    .option(
      "--curl <TEXT>",
      "the request as copied from DevTools: cURL, fetch or PowerShell; - is stdin",
    )
    .option("--har <FILE>", "use a recording (HAR) from a browser's Network panel; - is stdin")
    .option(
      "--preflights [LIST]",
      "the preflights of a session, and what saves them: with --har, or of a list of URLs; - is stdin",
    )
    .option(
      "--answer <FILE>",
      "use these responses: a status line and headers, or the output of curl -i; - is stdin",
    )
    .option("--transcript <FILE>", "use the output of curl -v; - is stdin; nothing is sent")
    .option("--message <TEXT>", "explain a console message from a browser; - is stdin")
    .addHelpText("after", help);
}

function choice(flags: string, says: string, values: readonly string[]): Option {
  return new Option(flags, says).choices(values);
}

const help = `
A live endpoint receives at most what a browser would send: a preflight, and the
request itself if the preflight allows it. --dry-run prints both without sending
them. For a private certificate authority, set NODE_EXTRA_CA_CERTS=ca.pem.

Exit status: 0 the page may read it (or gets an opaque response), 1 blocked
(with --read also: the page cannot read that header),
2 it could not be determined. With --message: 0 a message was decoded, 2 the
text contains none.

Examples:
  corsway explain https://api.example.com/users --origin https://app.example.com
  corsway explain https://api.example.com/users --origin https://app.example.com \\
      -X PUT -H 'Content-Type: application/json' --credentials include
  corsway explain http://127.0.0.1:8080/orders --origin https://app.example.com \\
      --config corsway.toml --view path
  corsway explain https://cdn.example.com/cat.png --origin https://app.example.com \\
      --as img --crossorigin anonymous
  corsway explain https://api.example.com/users --origin https://app.example.com \\
      --read X-Total-Count
  corsway explain https://api.example.com/files --origin https://app.example.com \\
      -X POST --body x --upload listener
  corsway explain https://api.example.com/users --origin https://app.example.com \\
      --csp "connect-src 'self' https://api.example.com"
  corsway explain http://192.168.1.5/ --origin https://app.example.com \\
      --local-network denied --engine chromium
  corsway explain https://api.example.com/me --origin https://app.example.com \\
      --credentials include --cookie 'sid=1; SameSite=Lax; Secure'
  pbpaste | corsway explain --curl -
  corsway explain --har session.har
  corsway explain --har session.har --preflights
  corsway explain --preflights urls.txt --origin https://app.example.com \\
      -H 'Authorization: x' --answer preflight.txt
  corsway explain --message "$(pbpaste)" --origin https://app.example.com
  curl -v https://api.example.com/users -H 'Origin: https://app.example.com' 2>&1 |
      corsway explain --transcript -
  corsway explain https://api.example.com/users --origin https://app.example.com \\
      --answer headers.txt
`;

/** Each says by itself where the answers come from. */
const ways = ["config", "har", "answer", "transcript", "message"] as const;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  if (options.curl === undefined) return runWith(args, options, terminal, []);
  const other = (["har", "transcript", "message"] as const).find((way) => options[way]);
  if (other !== undefined)
    return refuse(terminal, {
      say: `--curl cannot be combined with --${other}`,
      why: `--${other} already says what the page sent`,
      fix: "use only one of them",
    });
  const pasted = await readPasted(args[0], options, terminal);
  if ("say" in pasted) return refuse(terminal, pasted);
  return runWith([pasted.url], pasted.options, terminal, pasted.notes);
}

async function runWith(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
  pasted: readonly string[],
): Promise<ExitCode> {
  const tell = (answer: Explained | Refusal): ExitCode => report(answer, options, terminal, pasted);
  const given = ways.filter((way) => options[way] !== undefined);
  if (given.length > 1)
    return refuse(terminal, {
      say: `--${given[0]!} and --${given[1]!} cannot be combined`,
      fix: "use only one of them",
    });
  const stray = strayFlag(options) ?? readNameFault(options.read);
  if (stray !== undefined) return refuse(terminal, stray);
  if (options.message !== undefined) {
    const context = readContext(args[0], options);
    if ("say" in context) return refuse(terminal, context);
    const message = options.message === "-" ? await readStdin(terminal) : options.message;
    if (typeof message !== "string") return refuse(terminal, message);
    const text = explainMessage(message, context, options.format, printing(options, terminal));
    return typeof text === "string" ? print(terminal, text) : refuse(terminal, text);
  }
  if (options.preflights !== undefined) {
    const cost = await preflightsOf(args[0], options, terminal);
    if ("say" in cost) return refuse(terminal, cost);
    const json = `${JSON.stringify(cost, undefined, 2)}\n`;
    const lines = cost.notes.map(({ text }) => `  note  ${text}\n`).join("");
    return print(terminal, options.format === "json" ? json : printPreflightCost(cost) + lines);
  }
  if (options.har !== undefined) return tell(await explainRecording(args[0], options, terminal));
  if (options.answer !== undefined) return tell(await explainAnswer(args[0], options, terminal));
  if (options.transcript !== undefined)
    return tell(await explainTranscript(args[0], options, terminal));

  const page = readPage(args[0], options);
  if (page.kind === "refused") return refuse(terminal, page);
  if (options.config !== undefined) return tell(explainConfig(page.page, options, terminal));
  if (options.dryRun === true) return print(terminal, dryRun(page, options.format));
  return tell(await explainEndpoint(page, options));
}

async function explainEndpoint(
  { page, body }: Extract<ReadPage, { kind: "page" }>,
  options: Options,
): Promise<Explained | Refusal> {
  const endpoint = liveEndpoint(body === undefined ? {} : { body });
  const explanation = await explain(page, endpoint.respond, engineOf(options));
  const { reason, wire } = explanation.verdict;
  if (reason === "network-error" && endpoint.failure !== undefined) return endpoint.failure;
  const hasCredentials = wire.some(({ credentials }) => credentials);
  return {
    explanation,
    notes: hasCredentials && page.cookies === undefined ? [["note", withoutCookies]] : [],
  };
}

/** What describes the page's request: a recording and a list of URLs say it themselves. */
const ofPage = [
  "header",
  "body",
  "upload",
  "redirect",
  "as",
  "crossorigin",
  "cookie",
  "thirdPartyCookies",
  "csp",
  "localNetwork",
] as const satisfies readonly (keyof Options)[];

/** A flag that the chosen source would ignore. */
function strayFlag(options: Options): Refusal | undefined {
  const { config, har, message, preflights, dryRun, read } = options;
  const given = (names: readonly (keyof Options)[]): string | undefined => {
    const name = names.find((each) => options[each] !== undefined);
    return name?.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  };
  const flag = given(["env", "server", "upstreamHeader", "upstreamStatus"]);
  if (flag !== undefined && config === undefined)
    return { say: `--${flag} is for --config`, fix: `add --config PATH, or leave --${flag} out` };
  const source = ways.find((way) => options[way] !== undefined);
  if (dryRun !== undefined && source !== undefined)
    return {
      say: `--dry-run cannot be combined with --${source}`,
      why: `with --${source} nothing is sent`,
      fix: "remove one of them",
    };
  if (message !== undefined && read !== undefined)
    return {
      say: "--read cannot be combined with --message",
      why: "a console message does not show the response's headers",
      fix: "ask the server: corsway explain URL --origin ORIGIN --read NAME",
    };
  if (preflights !== undefined && read !== undefined)
    return { say: "--read cannot be combined with --preflights", fix: "remove one of them" };
  const recorded = given(ofPage);
  if (recorded === undefined || har === undefined) return undefined;
  return {
    say: `--${recorded} cannot be combined with --har`,
    why: "the recording already says what the page sent",
    fix: `remove --${recorded}, or ask the server: corsway explain URL --origin ORIGIN`,
  };
}

const withoutCookies =
  "a browser would send its cookies, but explain has none: the server may respond differently to a logged-in user";

function report(
  answer: Explained | Refusal,
  options: Options,
  terminal: Terminal,
  pasted: readonly string[],
): ExitCode {
  if ("say" in answer) return refuse(terminal, answer);
  const { explanation, decided } = answer;
  const notes = [...answer.notes, ...pasted.map((note) => ["note", note] as const)];
  const { read } = options;
  const reading = read === undefined ? {} : { read };
  const text =
    options.format === "json"
      ? `${JSON.stringify(explanationJson(explanation, { notes, ...reading, ...(decided === undefined ? {} : { decided }) }), undefined, 2)}\n`
      : printExplanation(explanation, {
          ...printing(options, terminal),
          ...reading,
          notes,
          corsAlone: options.config !== undefined,
        });
  terminal.out(text);
  if (explanation.verdict.outcome === "blocked") return 1;
  return read === undefined || headerReading(explanation, read).readable ? 0 : 1;
}

function print(terminal: Terminal, text: string): ExitCode {
  terminal.out(text);
  return 0;
}

function printing({ view }: Options, terminal: Terminal): PrintOptions {
  const shown = terminal.color || terminal.interactive;
  const { LC_ALL, LC_CTYPE, LANG } = terminal.env;
  const locale = LC_ALL || LC_CTYPE || LANG || "";
  return {
    view,
    color: terminal.color,
    width: shown ? Math.min(process.stdout.columns ?? 80, 100) : 80,
    // Output to a file or a pipe is UTF-8; a terminal may say that it is not.
    unicode: !shown || locale === "" || /utf-?8/i.test(locale),
  };
}

function refuse(terminal: Terminal, { say, why, fix }: Refusal): ExitCode {
  // What was handed over may hold any byte, and a terminal would obey some of them.
  let text = `corsway explain: ${escapeUnsafe(say)}\n`;
  if (why !== undefined) text += `  why   ${escapeUnsafe(why)}\n`;
  if (fix !== undefined) text += `  fix   ${escapeUnsafe(fix)}\n`;
  terminal.err(text);
  return 2;
}
