// Where a command reads and writes: passed to each command, so that a test can run one without a process.
// Everything a command prints goes through here.

import { resolve } from "node:path";
import { isatty } from "node:tty";
import type { LogOutlet } from "../observe/access-log.ts";

/** 0: success. 1: the result is negative. 2: could not run (also: wrong usage). Nothing else. */
export type ExitCode = 0 | 1 | 2;

export interface Terminal {
  /** The directory in which the person typed the command. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether to use colour on stdout, and on stderr. */
  readonly color: boolean;
  readonly errorColor: boolean;
  /** Whether questions can be asked. */
  readonly interactive: boolean;
  /** What is piped in. */
  readonly input: AsyncIterable<Uint8Array>;
  out(text: string): void;
  err(text: string): void;
  /** stdout for a command that runs for long: from here on, no write waits for a reader. */
  log(): LogOutlet;
  /** Whether there was a terminal that has since been closed. */
  hungUp(): boolean;
}

/** PATH as the person meant it. */
export function resolvePath(terminal: Terminal, path: string): string {
  return resolve(terminal.cwd, path);
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // Without a listener, an error would end the process; each write reports its own error.
  for (const stream of streams) stream.on("error", () => undefined);
  const plain = (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb";
  return {
    // npm changes into the package's directory and says in INIT_CWD where it was called.
    cwd: (process.env["npm_execpath"] && process.env["INIT_CWD"]) || process.cwd(),
    env: process.env,
    color: process.stdout.isTTY && !plain,
    errorColor: process.stderr.isTTY && !plain,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    input: process.stdin,
    out: (text) => void process.stdout.write(text, endWhereUnwritten),
    err: (text) => void process.stderr.write(text),
    log() {
      // Node's writes to a terminal block; a stopped terminal (Ctrl-S) would stop every request.
      for (const { _handle } of streams) _handle?.setBlocking?.(false);
      return process.stdout;
    },
    hungUp: () => process.stdout.isTTY && !isatty(process.stdout.fd),
  };
}

/** `_handle` is internal to Node, and the only way to do this; a file has none. */
type Stream = NodeJS.WriteStream & { readonly _handle?: { setBlocking?(wait: boolean): void } };
const streams: readonly Stream[] = [process.stdout, process.stderr];

/** Output that could not be written means exit status 2. A reader that closes early (`| head`) is not a failure. */
function endWhereUnwritten(error?: NodeJS.ErrnoException | null): void {
  if (!error || error.code === "EPIPE") return;
  process.stderr.write(`corsway: could not write to stdout: ${error.message}\n`);
  process.exit(2);
}
