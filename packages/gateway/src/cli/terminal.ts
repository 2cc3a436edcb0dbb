// Where a command reads and writes: handed to each command, so that a test can run one without a
// process. Everything a command says goes through here.

import { resolve } from "node:path";

/** 0: good. 1: the answer is no (also: wrong usage). 2: could not run. Nothing else. */
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
}

/** PATH as the person meant it. */
export function resolvePath(terminal: Terminal, path: string): string {
  return resolve(terminal.cwd, path);
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  // A reader that closes early (`corsway check | head`) is no failure of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
    });
  }
  const plain = (process.env["NO_COLOR"] ?? "") !== "" || process.env["TERM"] === "dumb";
  return {
    // npm changes into the package's directory and says in INIT_CWD where it was called.
    cwd: (process.env["npm_execpath"] && process.env["INIT_CWD"]) || process.cwd(),
    env: process.env,
    color: process.stdout.isTTY && !plain,
    errorColor: process.stderr.isTTY && !plain,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
  };
}
