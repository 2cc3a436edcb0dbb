// corsway init [PATH]: a first configuration from four questions, from flags, or from a recipe.

import { existsSync, writeFileSync } from "node:fs";
import { Option, type Command } from "commander";
import { renderText, type Diagnostic } from "@corsway/cors/diagnostics";
import type { Config } from "../config/config.ts";
import { isMethod, writeFirstConfig, type FirstConfig } from "./first-config.ts";
import { checkText } from "../config/load.ts";
import { recipes } from "../recipes/recipes.ts";
import { writeRecipe } from "../recipes/write-recipe.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";

interface Options {
  readonly for?: string;
  readonly listen: string;
  readonly api?: string;
  readonly origins?: string;
  readonly credentials?: boolean;
  readonly methods?: string;
  readonly headers?: string;
  readonly force?: boolean;
}

export function declare(command: Command): void {
  command
    .argument("[PATH]", "the file to write", "corsway.toml")
    .addOption(
      new Option("--for <RECIPE>", "what the API is; asks nothing").choices(
        recipes.map(({ name }) => name),
      ),
    )
    .option(
      "--api <ADDRESS>",
      "your API: 127.0.0.1:5001, http://localhost:3000, https://api.internal",
    )
    .option(
      "--origins <LIST>",
      "the pages that call it: https://app.example.com, several with commas, or *",
    )
    .option("--credentials", "the pages send cookies or HTTP authentication")
    .option("--no-credentials", "the pages do not send them")
    .option("--methods <LIST>", "the methods they use in addition to GET, HEAD and POST")
    .option("--headers <LIST>", "the request headers they set: Content-Type, X-Auth-Token")
    .option("--listen <ADDRESS>", "the address where browsers reach the gateway", "127.0.0.1:8080")
    .option("--force", "overwrite an existing file")
    .addHelpText("after", help);
}

const help = `
In a terminal, it asks for whatever no flag provides. Without a terminal, --api
and --origins are required. --for writes the file of a recipe, with its methods and
headers; whatever --api and --origins do not provide is left for you to fill in.

Examples:
  corsway init
  corsway init --for mcp
  corsway init --api 127.0.0.1:5001 --origins https://app.example.com --methods PUT,DELETE
`;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const typed = args[0] ?? "corsway.toml";
  const path = resolvePath(terminal, typed);
  if (existsSync(path) && !options.force) {
    terminal.err(`corsway: ${typed} already exists; use --force to overwrite it\n`);
    return 2;
  }
  const text =
    options.for === undefined ? await askedText(options, terminal) : recipeText(options, terminal);
  if (text === undefined) return 2;
  const { config, diagnostics } = checkText(text, typed);
  if (config === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    const sources = new Map([[typed, text]]);
    terminal.err(renderText(errors, { sources, color: terminal.errorColor }));
    terminal.err("corsway: nothing was written; start again with different answers\n");
    return 2;
  }
  if (asksItself(config)) {
    terminal.err(
      `corsway: the API's address is the gateway's own, ${options.listen}; nothing was written; use --listen to choose another address\n`,
    );
    return 2;
  }
  try {
    writeFileSync(path, text, options.force ? {} : { flag: "wx" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    terminal.err(`corsway: ${typed} cannot be written: ${reason}\n`);
    return 2;
  }
  const warnings = diagnostics.filter(({ severity }) => severity === "warning");
  const sources = new Map([[typed, text]]);
  terminal.err(renderText(warnings, { sources, color: terminal.errorColor }));
  terminal.out(`wrote ${typed}\nnext: ${commandLine("serve", typed, terminal)}\n`);
  return 0;
}

async function askedText(options: Options, terminal: Terminal): Promise<string | undefined> {
  const answers = await answer(options, terminal);
  return answers && writeFirstConfig(answers);
}

function recipeText(options: Options, terminal: Terminal): string | undefined {
  const { listen, api, origins, credentials, methods, headers } = options;
  const written = { credentials, methods, headers };
  const extra = Object.entries(written).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}`],
  );
  if (extra.length > 0) {
    terminal.err(
      `corsway: ${extra.join(" and ")}: the recipe sets this; leave it out and edit the file\n`,
    );
    return undefined;
  }
  return writeRecipe(
    recipes.find(({ name }) => name === options.for)!,
    {
      listen,
      ...(api !== undefined && { api }),
      ...(origins !== undefined && { origins: words(origins) }),
    },
  );
}

/** Is the API one of the addresses that the gateway itself listens on? Requests would go in a circle. */
function asksItself({ servers, upstreams }: Config): boolean {
  const asked = [...upstreams.values()].flatMap(({ addresses }) => addresses);
  return servers.some(({ addresses }) =>
    addresses.some(({ host, port }) => asked.some((api) => api.host === host && api.port === port)),
  );
}

/** As the person runs the tool: through npm in a checkout, or by its name. */
function commandLine(command: string, typed: string, terminal: Terminal): string {
  const npm = terminal.env["npm_lifecycle_event"] === "corsway";
  const path = typed === "corsway.toml" ? "" : ` ${typed}`;
  return `${npm ? "npm run corsway -- " : "corsway "}${command}${path}`;
}

async function answer(options: Options, terminal: Terminal): Promise<FirstConfig | undefined> {
  const { api, origins } = options;
  if (api !== undefined && origins !== undefined) return complete(options, api, origins);
  if (!terminal.interactive) {
    const missing = [api ?? "--api ADDRESS", origins ?? "--origins LIST"].filter((text) =>
      text.startsWith("--"),
    );
    terminal.err(
      `corsway: there is no terminal to ask in: ${missing.join(" and ")} must be given\n`,
    );
    return undefined;
  }
  return ask(options, terminal);
}

function complete(options: Options, api: string, origins: string): FirstConfig {
  return {
    listen: options.listen,
    api,
    origins: words(origins),
    credentials: options.credentials ?? false,
    methods: words(options.methods ?? ""),
    headers: words(options.headers ?? ""),
  };
}

async function ask(options: Options, terminal: Terminal): Promise<FirstConfig | undefined> {
  const sample: FirstConfig = { ...usual, listen: options.listen };
  const listen = fault(sample, "servers.");
  if (listen !== undefined) {
    terminal.err(`corsway: --listen: ${listen}\n`);
    return undefined;
  }
  const { cancel, confirm, intro, isCancel, log, text } = await import("@clack/prompts");
  // Ctrl-D closes the input without an answer; nothing more can come, so it counts as a cancellation.
  const gone = new AbortController();
  const { signal } = gone;
  const end = (): void => gone.abort();
  process.once("beforeExit", end);
  try {
    intro("A first configuration: four questions.");
    const api = await text({
      message: "What is your API's address?",
      placeholder: "127.0.0.1:5001 or https://api.internal",
      initialValue: options.api ?? "",
      validate: (value = "") =>
        value.trim() === ""
          ? 'somebody has to answer: write an address such as "127.0.0.1:5001"'
          : fault({ ...sample, api: value }, "upstreams."),
      signal,
    });
    if (isCancel(api)) return stopped(cancel);
    for (;;) {
      const origins = await text({
        message: "Which pages call it? (origins, separated by commas)",
        placeholder: "https://app.example.com, http://localhost:3000",
        initialValue: options.origins ?? "",
        validate: (value = "") =>
          words(value).length === 0
            ? "list at least one origin, or write * for every page"
            : fault({ ...sample, origins: words(value) }, "policies."),
        signal,
      });
      if (isCancel(origins)) return stopped(cancel);
      const credentials = await confirm({
        message: "Do they send cookies or HTTP authentication?",
        initialValue: options.credentials ?? false,
        signal,
      });
      if (isCancel(credentials)) return stopped(cancel);
      const together = fault({ ...sample, origins: words(origins), credentials }, "policies.");
      if (together !== undefined) {
        log.error(together);
        continue;
      }
      const wire = await text({
        message: "Which methods and request headers do they use?",
        placeholder: "PUT, DELETE, Content-Type, X-Auth-Token",
        initialValue: [options.methods, options.headers].filter(Boolean).join(", "),
        validate: (value = "") => fault({ ...sample, ...sort(words(value)) }, "policies."),
        signal,
      });
      if (isCancel(wire)) return stopped(cancel);
      terminal.out("\n");
      return {
        listen: options.listen,
        api,
        origins: words(origins),
        credentials,
        ...sort(words(wire ?? "")),
      };
    }
  } finally {
    process.off("beforeExit", end);
  }
}

function stopped(cancel: (message: string) => void): undefined {
  cancel("Nothing was written.");
}

/** A usual method in any case, or a word in capitals, is a method; everything else is a header. */
function sort(names: readonly string[]): Pick<FirstConfig, "methods" | "headers"> {
  return {
    methods: names.filter(isMethod),
    headers: names.filter((name) => !isMethod(name)),
  };
}

const usual: Omit<FirstConfig, "listen"> = {
  api: "127.0.0.1:5001",
  origins: ["https://app.example.com"],
  credentials: false,
  methods: [],
  headers: [],
};

/** What is wrong with an answer, before the next question. */
function fault(answers: FirstConfig, section: string): string | undefined {
  const { config, diagnostics } = checkText(writeFirstConfig(answers), "corsway.toml");
  if (section === "upstreams." && config && asksItself(config))
    return `this is the gateway's own address, ${answers.listen}: enter the API's address, or start again with --listen`;
  const wrong = diagnostics.find(
    ({ severity, path }: Diagnostic) => severity === "error" && path.startsWith(section),
  );
  return wrong && `${wrong.message}: ${wrong.fix?.say ?? wrong.why}`;
}

function words(list: string): readonly string[] {
  return list.split(",").flatMap((part) => (part.trim() === "" ? [] : [part.trim()]));
}
