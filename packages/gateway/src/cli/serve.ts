// corsway serve [PATH]: the gateway. The access log goes to stdout, everything else to stderr.

import cluster from "node:cluster";
import { type Command, InvalidArgumentError, Option } from "commander";
import { renderCount, renderText } from "@corsway/cors/diagnostics";
import type { LogForm } from "../observe/access-log.ts";
import { renderBanner, renderReload } from "../serve/banner.ts";
import { startCrew, statusPeriod, type Order, type Report } from "../serve/crew.ts";
import { startGateway, UnusableConfig, type Gateway } from "../serve/gateway.ts";
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
    .option("--env <NAME>", "lay corsway.NAME.toml over it")
    .addOption(
      new Option("--log <FORM>", "the access log; pretty on a terminal, else json").choices([
        "json",
        "pretty",
        "off",
      ]),
    )
    .option("--workers <N>", "so many processes on the same addresses", readWorkers, 1)
    .option("--debug", "answers say in Corsway-Decision what was decided")
    .option("--no-watch", "take changes only on SIGHUP")
    .addHelpText("after", examples);
}

const examples = `
SIGHUP takes the changed files; SIGTERM and SIGINT finish the requests under way, then end; a
second one ends at once.

Examples:
  corsway serve
  corsway serve conf/ --env prod --log json --workers 4
`;

function readWorkers(text: string): number {
  const number = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > 256) throw new InvalidArgumentError("write a number from 1 to 256");
  return number;
}

export async function run(
  args: readonly string[],
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const typed = args[0] ?? "corsway.toml";
  const path = resolvePath(terminal, typed);
  const aboard = cluster.isWorker && options.workers > 1;
  if (options.workers > 1 && !aboard) {
    const { workers, watch } = options;
    return untilSignal(startCrew({ workers, ...(watch && { path }), err: terminal.err }), terminal);
  }
  let gateway: Gateway;
  try {
    gateway = await startGateway(path, {
      ...(options.env !== undefined && { env: options.env }),
      base: terminal.cwd,
      watch: options.watch && !aboard,
      admin: !aboard,
      debug: options.debug ?? false,
      log: options.log ?? (terminal.interactive ? "pretty" : "json"),
      color: terminal.color,
      out: (text) => terminal.out(text),
      ...(aboard
        ? { longestPiece: 4096 }
        : { onReload: (outcome) => terminal.err(renderReload(outcome, terminal.errorColor)) }),
    });
  } catch (error) {
    const { code, text } = explainFailure(error, typed, terminal.errorColor);
    if (!aboard) terminal.err(text);
    else await report({ kind: "failed", text, code });
    if (aboard) process.disconnect();
    return code;
  }
  endOnSurprise(gateway, terminal);
  const banner = renderBanner(gateway, typed, terminal.errorColor);
  if (aboard) return serveAboard(gateway, banner, terminal);
  terminal.err(banner);
  return untilStopped(gateway, terminal);
}

/**
 * The last net: an exception that nothing caught leaves a state that nobody knows, so the requests
 * under way get a few seconds and the process ends; whoever supervises it starts another.
 */
function endOnSurprise(gateway: Gateway, terminal: Terminal): void {
  process.once("uncaughtException", (error) => {
    terminal.err(`corsway: this should not have happened: ${error.stack ?? error.message}\n`);
    void gateway.close(5000).finally(() => process.exit(1));
  });
}

/** What signals do, until `ended`. `kill` is for the second one. */
async function untilSignal(
  doing: { reload(): void; stop(): void; kill(): void; readonly ended: Promise<ExitCode> },
  terminal: Terminal,
): Promise<ExitCode> {
  let stopping = false;
  const reload = (): void => doing.reload();
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      terminal.err("corsway: ended with requests under way\n");
      doing.kill();
      process.exit(1);
    }
    stopping = true;
    terminal.err(`corsway: ${signal}: finishing the requests under way; once more ends at once\n`);
    doing.stop();
  };
  process.on("SIGHUP", reload).on("SIGTERM", stop).on("SIGINT", stop);
  const code = await doing.ended;
  process.off("SIGHUP", reload).off("SIGTERM", stop).off("SIGINT", stop);
  return code;
}

function untilStopped(gateway: Gateway, terminal: Terminal): Promise<ExitCode> {
  let settle: (code: ExitCode) => void = () => undefined;
  const ended = new Promise<ExitCode>((resolve) => (settle = resolve));
  return untilSignal(
    {
      reload: () => void gateway.reload(),
      stop: () => void gateway.close().then(() => settle(0)),
      kill: () => undefined,
      ended,
    },
    terminal,
  );
}

/** One of several processes: it does what the first one says, and tells it what it counts. */
function serveAboard(gateway: Gateway, banner: string, terminal: Terminal): Promise<ExitCode> {
  // Ctrl-C reaches every process of a terminal; what it means is said by the first one.
  for (const signal of ["SIGHUP", "SIGTERM", "SIGINT"] as const)
    process.on(signal, () => undefined);
  const admin = () => gateway.config.admin;
  void report({ kind: "ready", text: banner, admin: admin(), status: gateway.status() });
  const telling = setInterval(
    () => void report({ kind: "status", status: gateway.status() }),
    statusPeriod,
  );
  return new Promise((resolve) => {
    const stop = async (): Promise<void> => {
      clearInterval(telling);
      await gateway.close();
      if (process.connected) process.disconnect();
      resolve(0);
    };
    process.once("disconnect", () => void stop());
    process.on("message", (order: Order) => {
      if (order.kind === "stop") void stop();
      else
        void gateway.reload().then((outcome) => {
          const text = renderReload(outcome, terminal.errorColor);
          return report({ kind: "reloaded", ok: outcome.ok, text, admin: admin() });
        });
    });
  });
}

function report(what: Report): Promise<void> {
  return new Promise((resolve) => {
    if (!process.connected) resolve();
    else process.send?.(what, undefined, undefined, () => resolve());
  });
}

interface Explained {
  readonly code: 1 | 2;
  readonly text: string;
}

function explainFailure(error: unknown, typed: string, color: boolean): Explained {
  if (error instanceof UnusableConfig) {
    const { diagnostics, sources, unreadable } = error.loaded;
    const faults = renderText(diagnostics, { sources, color });
    if (unreadable !== undefined) return { code: 2, text: `${faults}corsway: ${unreadable}\n` };
    const count = renderCount(diagnostics);
    return { code: 1, text: `${faults}\ncorsway: ${typed} is not served: ${count}\n` };
  }
  return { code: 2, text: `corsway: ${explainSystem(error as SystemError, typed)}\n` };
}

type SystemError = NodeJS.ErrnoException & { address?: string; port?: number };

function explainSystem({ code, address, port, path, message }: SystemError, typed: string): string {
  const where = address === undefined ? "the address" : `${address}:${port}`;
  switch (code) {
    case "EADDRINUSE":
      return `${where} is in use by another program; stop that one, or change \`addr\` in ${typed}`;
    case "EACCES":
      return path === undefined
        ? `no permission to listen on ${where}; ports below 1024 need it`
        : `no permission to read ${path}`;
    case "EADDRNOTAVAIL":
      return `this machine has no address ${address ?? ""}; change \`addr\` in ${typed}`;
    case "ENOENT":
      return `there is no file ${path ?? ""}`;
    default:
      return `could not start: ${message}`;
  }
}
