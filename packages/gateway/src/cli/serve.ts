// corsway serve [PATH]: the gateway. The access log goes to stdout, everything else to stderr.

import { type Command, Option } from "commander";
import { renderCount, renderText } from "@corsway/cors/diagnostics";
import type { LogForm } from "../observe/access-log.ts";
import { renderBanner, renderReload } from "../serve/banner.ts";
import { startGateway, UnusableConfig, type Gateway } from "../serve/gateway.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";

interface Options {
  readonly env?: string;
  readonly log?: LogForm;
  readonly debug?: boolean;
  readonly watch: boolean;
}

export function declare(command: Command): void {
  command
    .argument("[PATH]", "a file, or a directory of *.toml", "corsway.toml")
    .option("--env <NAME>", "lay corsway.NAME.toml over it")
    .addOption(
      new Option("--log <FORM>", "the access log; pretty on a terminal, else json").choices([
        "json",
        "pretty",
        "off",
      ]),
    )
    .option("--debug", "answers say in Corsway-Decision what was decided")
    .option("--no-watch", "take changes only on SIGHUP")
    .addHelpText("after", examples);
}

const examples = `
SIGHUP takes the changed files; SIGTERM and SIGINT finish the requests under way, then end; a
second one ends at once.

Examples:
  corsway serve
  corsway serve conf/ --env prod --log json
`;

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const typed = args[0] ?? "corsway.toml";
  const path = resolvePath(terminal, typed);
  let gateway: Gateway;
  try {
    gateway = await startGateway(path, {
      ...(options.env !== undefined && { env: options.env }),
      base: terminal.cwd,
      watch: options.watch,
      debug: options.debug ?? false,
      log: options.log ?? (terminal.interactive ? "pretty" : "json"),
      color: terminal.color,
      out: (text) => terminal.out(text),
      onReload: (outcome) => terminal.err(renderReload(outcome, terminal.errorColor)),
    });
  } catch (error) {
    return explainFailure(error, typed, terminal);
  }
  terminal.err(renderBanner(gateway, typed, terminal.errorColor));
  return untilStopped(gateway, terminal);
}

function untilStopped(gateway: Gateway, terminal: Terminal): Promise<ExitCode> {
  return new Promise((resolve) => {
    let stopping = false;
    const reload = (): void => void gateway.reload();
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) {
        terminal.err("corsway: ended with requests under way\n");
        process.exit(1);
      }
      stopping = true;
      terminal.err(
        `corsway: ${signal}: finishing the requests under way; once more ends at once\n`,
      );
      void gateway.close().then(() => {
        process.off("SIGHUP", reload).off("SIGTERM", stop).off("SIGINT", stop);
        resolve(0);
      });
    };
    process.on("SIGHUP", reload).on("SIGTERM", stop).on("SIGINT", stop);
  });
}

function explainFailure(error: unknown, typed: string, terminal: Terminal): ExitCode {
  if (error instanceof UnusableConfig) {
    const { diagnostics, sources, unreadable } = error.loaded;
    if (diagnostics.length > 0)
      terminal.err(renderText(diagnostics, { sources, color: terminal.errorColor }));
    if (unreadable !== undefined) {
      terminal.err(`corsway: ${unreadable}\n`);
      return 2;
    }
    terminal.err(`\ncorsway: ${typed} is not served: ${renderCount(diagnostics)}\n`);
    return 1;
  }
  const { code, address, port, path, message } = error as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  const where = address === undefined ? "the address" : `${address}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      terminal.err(
        `corsway: ${where} is in use by another program; stop that one, or change \`addr\` in ${typed}\n`,
      );
      return 2;
    case "EACCES":
      terminal.err(
        path === undefined
          ? `corsway: no permission to listen on ${where}; ports below 1024 need it\n`
          : `corsway: no permission to read ${path}\n`,
      );
      return 2;
    case "EADDRNOTAVAIL":
      terminal.err(
        `corsway: this machine has no address ${address ?? ""}; change \`addr\` in ${typed}\n`,
      );
      return 2;
    case "ENOENT":
      terminal.err(`corsway: there is no file ${path ?? ""}\n`);
      return 2;
    default:
      terminal.err(`corsway: could not start: ${message}\n`);
      return 2;
  }
}
