// corsway serve [PATH]: the gateway. The access log goes to stdout, everything else to stderr.

import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { type Command, InvalidArgumentError, Option } from "commander";
import { renderCount, renderText } from "@corsway/cors/diagnostics";
import type { LogForm } from "../observe/access-log.ts";
import {
  renderBanner,
  renderLogLoss,
  renderMisdirected,
  renderReload,
  renderShortage,
} from "../serve/banner.ts";
import { crewOfOne } from "../crew/crew-of-one.ts";
import { UnusableConfig, type Gateway } from "../serve/gateway.ts";
import type { RunningGateway } from "../serve/running-gateway.ts";
import { startGatewayOf } from "../serve/start.ts";
import { describeSystemError } from "../crew/system-error.ts";
import { resolvePath, type ExitCode, type Terminal } from "./terminal.ts";

interface Options {
  readonly env?: string;
  readonly log?: LogForm;
  readonly debug?: boolean;
  readonly watch: boolean;
  readonly workers: number;
}

export function declare(command: Command): void {
  command
    .argument("[PATH]", "a file, or a directory of *.toml", "corsway.toml")
    .option("--env <NAME>", "overlay corsway.NAME.toml")
    .addOption(
      new Option("--log <FORM>", "the access log; pretty on a terminal, json otherwise").choices([
        "json",
        "pretty",
        "off",
      ]),
    )
    .option("--workers <N>", "how many processes serve the same addresses", readWorkers, 1)
    .option("--debug", "state the decision on every response, in Corsway-Decision")
    .option("--no-watch", "apply changes only on SIGHUP")
    .addHelpText("after", help);
}

const help = `
SIGHUP applies the changed files. SIGTERM and SIGINT finish the requests in
progress and then stop; a second one stops immediately.

Examples:
  corsway serve
  corsway serve conf/ --env prod --log json --workers 4
`;

function readWorkers(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 256)
    throw new InvalidArgumentError("Write a whole number from 1 to 256.");
  return number;
}

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const typed = args[0] ?? "corsway.toml";
  const path = resolvePath(terminal, typed);
  const say = (text: string): void => terminal.err(text);
  const { workers } = options;
  const setting = {
    debug: options.debug ?? false,
    log: options.log ?? (terminal.interactive ? "pretty" : "json"),
    color: terminal.color,
    out: terminal.log(),
    onLogLoss: (error?: Error) => say(renderLogLoss(error)),
    onShortage: (shortage: Parameters<typeof renderShortage>[0]) => say(renderShortage(shortage)),
    onMisdirected: (server: string, name: string) => say(renderMisdirected(server, name)),
  };
  const crew =
    workers === 1
      ? crewOfOne(setting)
      : (await import("../crew/crew-of-many.ts")).crewOfMany({ ...setting, workers, say });
  let gateway: RunningGateway;
  try {
    gateway = await startGatewayOf(crew, path, {
      ...(options.env !== undefined && { env: options.env }),
      base: terminal.cwd,
      watch: options.watch,
      ...(await historyOf(path)),
      onReload: (outcome) => say(renderReload(outcome, terminal.errorColor)),
    });
  } catch (error) {
    const { code, text } = explainFailure(error, typed, terminal.errorColor);
    say(text);
    return code;
  }
  endOnSurprise(gateway, terminal);
  // Signal handlers are installed before the banner is printed: whoever reads it may send a signal at once.
  const stopped = untilStopped(gateway, terminal);
  say(renderBanner(gateway, typed, crew.processes, terminal.errorColor));
  return stopped;
}

/**
 * Where the console keeps the history of this configuration: in the user's state directory, so that it
 * outlives the process and stays out of the checkout. Without a directory that can be written: in memory.
 */
async function historyOf(path: string): Promise<{ readonly history?: string }> {
  const state = process.env["XDG_STATE_HOME"] || join(homedir(), ".local", "state");
  const name = createHash("sha256").update(path).digest("hex").slice(0, 16);
  try {
    await mkdir(join(state, "corsway"), { recursive: true, mode: 0o700 });
    return { history: join(state, "corsway", `${name}.sqlite`) };
  } catch {
    return {};
  }
}

/**
 * After an uncaught exception the state is unknown: requests in progress get a few seconds, then the
 * process exits, and its supervisor starts another one.
 */
function endOnSurprise(gateway: Gateway, terminal: Terminal): void {
  process.once("uncaughtException", async (surprise) => {
    terminal.err(`corsway: this should not have happened: ${surprise.stack ?? surprise.message}\n`);
    await gateway.close(5000);
    process.exit(1);
  });
}

/** How long the reader of stdout may take, once everything is closed, to read the rest; ms. */
const lastWords = 2000;

function untilStopped(gateway: Gateway, terminal: Terminal): Promise<ExitCode> {
  return new Promise((resolve) => {
    let stopping = false;
    const reload = (): void => {
      // Closing a terminal also sends SIGHUP, and the port should then not stay in use.
      if (!terminal.hungUp()) void gateway.reload();
      else if (!stopping) stop("SIGHUP");
    };
    const stop = (signal: NodeJS.Signals): void => {
      if (stopping) {
        terminal.err("corsway: stopped with requests in progress\n");
        process.exit(1);
      }
      stopping = true;
      terminal.err(
        `corsway: ${signal}: finishing the requests in progress; once more stops immediately\n`,
      );
      void gateway.close().then(async () => {
        process.off("SIGHUP", reload).off("SIGTERM", stop).off("SIGINT", stop);
        const { dropped } = (await gateway.status()).accessLog;
        if (dropped > 0) terminal.err(`corsway: access-log lines dropped: ${dropped}\n`);
        // A stalled reader would otherwise keep the process alive for as long as it stalls.
        setTimeout(() => process.exit(0), lastWords).unref();
        resolve(0);
      });
    };
    process.on("SIGHUP", reload).on("SIGTERM", stop).on("SIGINT", stop);
  });
}

interface Explained {
  readonly code: 1 | 2;
  readonly text: string;
}

function explainFailure(error: unknown, typed: string, color: boolean): Explained {
  if (error instanceof UnusableConfig) {
    const { diagnostics, sources, unreadable } = error;
    const faults = renderText(diagnostics, { sources, color });
    if (unreadable !== undefined) return { code: 2, text: `${faults}corsway: ${unreadable}\n` };
    const count = renderCount(diagnostics);
    return { code: 1, text: `${faults}\ncorsway: ${typed} is not served: ${count}\n` };
  }
  return { code: 2, text: `corsway: could not start: ${describeSystemError(error, typed)}\n` };
}
