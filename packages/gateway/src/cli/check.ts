// corsway check [PATH]: every fault, warning and note at once, with file:line:column, why and fix.

import { Option, type Command } from "commander";
import {
  policyCodes,
  renderCount,
  renderJson,
  renderSarif,
  renderText,
} from "@corsway/cors/diagnostics";
import { codes } from "../config/tree/codes.ts";
import { loadConfig, type Loaded } from "../config/load.ts";
import { countConfig } from "../config/count.ts";
import { differencesFromPingap } from "../config/pingap/differences.ts";
import { describeEffective } from "../config/effective.ts";
import { configSchema } from "../config/sections/schema.ts";
import { loadMended } from "./fix.ts";
import { printEffective } from "./print-effective.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";
import { version } from "../serve/version.ts";

interface Options {
  readonly env?: string;
  readonly format: "text" | "json" | "sarif";
  readonly print?: "effective" | "schema";
  readonly dialect?: "pingap";
  readonly fix?: boolean;
}

export function declare(command: Command): void {
  command
    .argument("[PATH]", "a file, or a directory of *.toml", "corsway.toml")
    .option("--env <NAME>", "overlay corsway.NAME.toml")
    .addOption(
      new Option("--format <FORMAT>", "the output format").choices(formats).default("text"),
    )
    .addOption(
      new Option(
        "--print <WHAT>",
        "effective: which policy applies where, and where each value comes from; schema: the JSON Schema",
      ).choices(["effective", "schema"]),
    )
    .addOption(
      new Option("--dialect <NAME>", "list the intentional differences from that gateway").choices([
        "pingap",
      ]),
    )
    .option("--fix", "apply the safe fixes and keep every other byte")
    .addHelpText("after", help);
}

const formats = ["text", "json", "sarif"];
const help = `
Exit status: 0 no errors (there may be warnings), 1 errors, 2 PATH cannot be
read.

Examples:
  corsway check
  corsway check conf/ --env prod
  corsway check --format sarif > corsway.sarif
  corsway check --print effective
  corsway check --print schema > corsway.schema.json
`;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const json = options.format === "json";
  if (options.print === "schema") {
    terminal.out(`${JSON.stringify(configSchema(), null, 2)}\n`);
    return 0;
  }
  if (options.dialect !== undefined) {
    terminal.out(json ? `${JSON.stringify(differencesFromPingap, null, 2)}\n` : differences());
    return 0;
  }
  const typed = args[0] ?? "corsway.toml";
  const path = resolvePath(terminal, typed);
  const from = { base: terminal.cwd, ...(options.env !== undefined && { env: options.env }) };
  const loaded = options.fix ? loadMended(path, from, terminal) : loadConfig(path, from);
  if (options.print === "effective" && loaded.config !== undefined) {
    const servers = describeEffective(loaded.config);
    terminal.out(json ? `${JSON.stringify({ servers }, null, 2)}\n` : printEffective(servers));
    return 0;
  }
  tell(loaded, typed, options.format, terminal);
  if (loaded.unreadable !== undefined) return 2;
  return loaded.config === undefined ? 1 : 0;
}

function tell(loaded: Loaded, typed: string, format: Options["format"], terminal: Terminal): void {
  const { diagnostics, sources, config, unreadable } = loaded;
  if (format === "json") return terminal.out(renderJson(diagnostics));
  if (format === "sarif") {
    const tool = { name: "corsway", version: version() };
    const file = sources.keys().next().value ?? typed;
    return terminal.out(
      renderSarif(diagnostics, { tool, titles: { ...policyCodes, ...codes }, file }),
    );
  }
  const text = renderText(diagnostics, { sources, color: terminal.color });
  if (unreadable !== undefined) return terminal.err(text);
  const count = renderCount(diagnostics);
  const gap = text === "" ? "" : "\n";
  const said = count === "" ? "" : `, ${count}`;
  const summary = config
    ? `${typed} is good: ${countConfig(config)}${said}`
    : `${typed} cannot be served: ${count}`;
  const pingap = diagnostics.some(({ code }) => code.startsWith("pingap/"));
  terminal.out(`${text}${gap}${summary}\n${pingap ? hint : ""}`);
}

const hint =
  "these are Pingap's files: `corsway check --dialect pingap` lists the differences and the reasons\n";

function differences(): string {
  const entries = differencesFromPingap.map(
    ({ pingap, corsway, reason }) =>
      `Pingap   ${pingap}\nCorsway  ${corsway}\nbecause  ${reason}\n`,
  );
  return entries.join("\n");
}
