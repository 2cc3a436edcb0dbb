// Where a command reads and writes: handed to each command, so that a test can run one without a
// process. Everything a command says goes through here.

import { resolve } from "node:path";
import { isatty } from "node:tty";
import type { LogOutlet } from "../observe/access-log.ts";

/** 0: good. 1: the answer is no. 2: could not run (also: wrong usage). Nothing else. */
export type ExitCode = 0 | 1 | 2;

export interface Terminal {
  /** The directory in which the person typed the command. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether colour is wanted on stdout, and on stderr. */
  readonly color: boolean;
  readonly errorColor: boolean;
  /** Whether a person can be asked questions. */
  readonly interactive: boolean;
  out(text: string): void;
  err(text: string): void;
  /** stdout for a command that goes on for long: from here on no write waits for a reader. */
  log(): LogOutlet;
  /** Was there a terminal that has been closed since? */
  hungUp(): boolean;
}

/** PATH as the person meant it. */
export function resolvePath(terminal: Terminal, path: string): string {
  return resolve(terminal.cwd, path);
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // Without a listener an error would end the process; each write reports its own error.
  for (const stream of streams) stream.on("error", () => undefined);
  const plain = (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb";
  return {
    // npm changes into the package's directory and says in INIT_CWD where it was called.
    cwd: (process.env["npm_execpath"] && process.env["INIT_CWD"]) || process.cwd(),
    env: process.env,
    color: process.stdout.isTTY && !plain,
    errorColor: process.stderr.isTTY && !plain,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    out: (text) => void process.stdout.write(text, endWhereUnwritten),
    err: (text) => void process.stderr.write(text),
    log() {
      // Node's writes to a terminal wait; one that is held (Ctrl-S) would stop every request.
      for (const { _handle } of streams) _handle?.setBlocking?.(false);
      return process.stdout;
    },
    hungUp: () => process.stdout.isTTY && !isatty(process.stdout.fd),
  };
}

/** `_handle` is Node's own, and the only way to it; a file has none. */
type Stream = NodeJS.WriteStream & { readonly _handle?: { setBlocking?(wait: boolean): void } };
const streams: readonly Stream[] = [process.stdout, process.stderr];

/** Output that could not be written is exit 2. A reader that closes early (`| head`) is no failure. */
function endWhereUnwritten(error?: NodeJS.ErrnoException | null): void {
  if (!error || error.code === "EPIPE") return;
  process.stderr.write(`corsway: could not write to stdout: ${error.message}\n`);
  process.exit(2);
}
