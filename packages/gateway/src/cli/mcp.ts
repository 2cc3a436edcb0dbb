// corsway mcp: `explain` and `check` as tools of a coding agent (Model Context Protocol, over stdin and stdout). Each tool is
// its command with `--format json`, and its result is the JSON that the command prints.

import { Readable } from "node:stream";
import { Command, CommanderError } from "commander";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { z } from "zod";
import { initiators } from "@corsway/cors/browser";
import { version } from "../serve/version.ts";
import * as check from "./check.ts";
import type { CommandFile } from "./command.ts";
import * as explain from "./explain.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

export function declare(command: Command): void {
  command.addHelpText("after", help);
}

const help = `
It speaks MCP over stdin and stdout, so an agent starts it. Its tools are explain
and check; they read files relative to the directory in which it was started.

Exit status: 0 the agent closed stdin, 2 started in a terminal.

Examples:
  claude mcp add corsway -- npx corsway mcp
  codex mcp add corsway -- npx corsway mcp
`;

const text = z.string().optional();
const explainInput = {
  url: text.describe(
    "the URL that the page requests; optional with message, curl, har or transcript",
  ),
  origin: text.describe("the origin of the page, such as https://app.example.com"),
  method: text,
  headers: z
    .array(z.string())
    .optional()
    .describe("headers that the page sets, each `Name: value`"),
  body: text,
  credentials: z.enum(["omit", "same-origin", "include"]).optional(),
  mode: z.enum(["cors", "no-cors", "same-origin"]).optional(),
  as: z.enum(initiators).optional().describe("what in the page asks; the default is fetch"),
  crossorigin: z.enum(["anonymous", "use-credentials"]).optional(),
  cookies: z
    .array(z.string())
    .optional()
    .describe("cookies of the URL's host, each as in Set-Cookie: `sid=1; SameSite=Lax`"),
  read: text.describe("a response header: can the page read it?"),
  message: text.describe("a console message of a browser, to be decoded; nothing is sent"),
  upload: z
    .enum(["listener", "stream"])
    .optional()
    .describe("what forces a preflight: an XHR's upload listener, or a body that is a stream"),
  csp: text.describe("the page's Content-Security-Policy"),
  local_network: z
    .enum(["granted", "denied", "prompt"])
    .optional()
    .describe("the user's permission to reach this machine or the local network"),
  third_party_cookies: z.enum(["allowed", "blocked"]).optional(),
  curl: text.describe(
    "the request as copied from DevTools (cURL, fetch or PowerShell), instead of url and headers",
  ),
  config: text.describe("a gateway configuration (path) to ask instead of the live server"),
  env: text.describe("with config: overlay corsway.NAME.toml"),
  server: text.describe("with config: the server, if the URL is ambiguous"),
  preflights: z
    .union([z.literal(true), z.string()])
    .optional()
    .describe(
      "how many preflights a session makes: true with har, or the path of a list of URLs, one per line",
    ),
  har: text.describe("a HAR recording (path) to ask instead of the live server"),
  answer: text.describe("a file with response heads to ask instead of the live server"),
  transcript: text.describe("a file with the output of curl -v"),
};
const checkInput = {
  path: text.describe("a file, or a directory of *.toml; the default is corsway.toml"),
  env: text.describe("overlay corsway.NAME.toml"),
};

/** Flags whose name is not the input's. */
const flagOf: Readonly<Record<string, string>> = {
  headers: "header",
  cookies: "cookie",
  local_network: "local-network",
  third_party_cookies: "third-party-cookies",
};

/** `--flag=value` for each, so that no value is read as a flag; the positional one comes last. */
function argvOf(input: Readonly<Record<string, unknown>>, positional: string): readonly string[] {
  const argv = ["--format=json"];
  for (const [name, value] of Object.entries(input)) {
    if (name === positional || value === undefined) continue;
    for (const one of Array.isArray(value) ? value : [value])
      argv.push(`--${flagOf[name] ?? name}${one === true ? "" : `=${String(one)}`}`);
  }
  const last = input[positional];
  return last === undefined ? argv : [...argv, "--", String(last)];
}

interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** A command with its output kept, and nothing on its stdin: that belongs to the protocol. */
async function runQuietly(
  name: string,
  file: CommandFile,
  argv: readonly string[],
  terminal: Terminal,
): Promise<Said> {
  let out = "";
  let err = "";
  const quiet: Terminal = {
    ...terminal,
    color: false,
    errorColor: false,
    interactive: false,
    input: Readable.from([]),
    out: (text) => void (out += text),
    err: (text) => void (err += text),
  };
  const command = new Command(name)
    .exitOverride()
    .configureOutput({ writeOut: quiet.out, writeErr: quiet.err });
  file.declare(command);
  try {
    command.parse([...argv], { from: "user" });
    const code = await file.run(command.args, command.opts() as never, quiet);
    return { code, out, err };
  } catch (error) {
    if (!(error instanceof CommanderError)) err += `corsway ${name}: ${String(error)}\n`;
    return { code: 2, out, err };
  }
}

/** The tools, not yet connected. */
function toolServer(terminal: Terminal): McpServer {
  const server = new McpServer({ name: "corsway", version: version() });
  const tool = async (
    name: string,
    file: CommandFile,
    input: Readonly<Record<string, unknown>>,
    positional: string,
  ) => {
    const { code, out, err } = await runQuietly(name, file, argvOf(input, positional), terminal);
    const isError = code === 2;
    const said = isError ? `${err}${out}` : out;
    return { isError, content: [{ type: "text" as const, text: said.trim() }] };
  };
  server.registerTool(
    "explain",
    {
      title: "Why does a browser block this request?",
      description:
        "Explains, by the rules of the Fetch standard and of Chromium, Firefox and WebKit, whether a page may make a cross-origin request and read its response, which step decided it, and the smallest change that fixes it. Decodes console messages. Asks the live server as a browser would (at most a preflight and the request itself), or a configuration or recording.",
      inputSchema: explainInput,
      annotations: { readOnlyHint: false, openWorldHint: true },
    },
    (input) => tool("explain", explain, input, "url"),
  );
  server.registerTool(
    "check",
    {
      title: "Check a Corsway configuration",
      description:
        "Reports every fault, warning and note of a Corsway gateway configuration, with place, reason and fix. Changes nothing.",
      inputSchema: checkInput,
      annotations: { readOnlyHint: true, openWorldHint: false },
    },
    (input) => tool("check", check, input, "path"),
  );
  return server;
}

export async function run(
  _args: readonly string[],
  _options: object,
  terminal: Terminal,
): Promise<ExitCode> {
  if (terminal.interactive) {
    terminal.err(
      "corsway mcp: it speaks MCP over stdin and stdout, and this is a terminal\n  fix   let an agent start it: claude mcp add corsway -- npx corsway mcp\n",
    );
    return 2;
  }
  const server = toolServer(terminal);
  const closed = new Promise<void>((resolve) => {
    process.stdin.once("end", resolve).once("close", resolve);
  });
  await server.connect(new StdioServerTransport());
  await closed;
  await server.close();
  return 0;
}
