// corsway check [PATH]: every fault, warning and note at once, with file:line:column, why and fix.

import type { Command } from "commander";
import { loadConfig } from "../config/load.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";

interface Options {
  readonly env?: string;
  readonly format: "text" | "json";
}

export function declare(command: Command): void {
  command
    .argument("[PATH]", "a file, or a directory of *.toml", "corsway.toml")
    .option("--env <NAME>", "lay corsway.NAME.toml over it")
    .option("--format <FORMAT>", "text or json", "text");
}

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const path = resolvePath(terminal, args[0] ?? "corsway.toml");
  const loaded = loadConfig(path, options.env === undefined ? {} : { env: options.env });
  terminal.out(`${JSON.stringify(loaded.diagnostics)}\n`);
  if (loaded.unreadable !== undefined) return 2;
  return loaded.config === undefined ? 1 : 0;
}
