// corsway check [PATH]: every fault, warning and note at once, with file:line:column, why and fix.

import { Option, type Command } from "commander";
import {
  policyCodes,
  renderCount,
  renderJson,
  renderSarif,
  renderText,
} from "@corsway/cors/diagnostics";
import { codes } from "../config/codes.ts";
import { loadConfig, type Loaded } from "../config/load.ts";
import { countConfig } from "../config/count.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";
import { version } from "./version.ts";

interface Options {
  readonly env?: string;
  readonly format: "text" | "json" | "sarif";
}

export function declare(command: Command): void {
  command
    .argument("[PATH]", "a file, or a directory of *.toml", "corsway.toml")
    .option("--env <NAME>", "lay corsway.NAME.toml over it")
    .addOption(new Option("--format <FORMAT>", "how it is told").choices(formats).default("text"))
    .addHelpText("after", examples);
}

const formats = ["text", "json", "sarif"];
const examples = `
Exit status: 0 no errors (warnings may be there), 1 errors, 2 PATH cannot be read.

Examples:
  corsway check
  corsway check conf/ --env prod
  corsway check --format sarif > corsway.sarif
`;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const typed = args[0] ?? "corsway.toml";
  const loaded = loadConfig(resolvePath(terminal, typed), {
    base: terminal.cwd,
    ...(options.env !== undefined && { env: options.env }),
  });
  tell(loaded, typed, options.format, terminal);
  if (loaded.unreadable !== undefined) return 2;
  return loaded.config === undefined ? 1 : 0;
}

function tell(loaded: Loaded, typed: string, format: Options["format"], terminal: Terminal): void {
  const { diagnostics, sources, config, unreadable } = loaded;
  if (format === "json") return terminal.out(renderJson(diagnostics));
  if (format === "sarif") {
    const tool = { name: "corsway", version: version() };
    return terminal.out(renderSarif(diagnostics, { tool, titles: { ...policyCodes, ...codes } }));
  }
  const text = renderText(diagnostics, { sources, color: terminal.color });
  if (unreadable !== undefined) return terminal.err(text);
  const count = renderCount(diagnostics);
  const gap = text === "" ? "" : "\n";
  const said = count === "" ? "" : `, ${count}`;
  const summary = config
    ? `${typed} is good: ${countConfig(config)}${said}`
    : `${typed} cannot be served: ${count}`;
  terminal.out(`${text}${gap}${summary}\n`);
}
