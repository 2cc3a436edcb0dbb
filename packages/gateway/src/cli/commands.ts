// Every command. Only the one that is typed is loaded, so that `--help` stays quick. A command's
// file exports two functions:
//   declare(command)                   its arguments, options and examples, in commander's terms
//   run(args, options, terminal)       does it and gives the exit code

import type { Command } from "commander";
import type { ExitCode, Terminal } from "./terminal.ts";

export interface CommandFile {
  declare(command: Command): void;
  run(args: readonly string[], options: never, terminal: Terminal): Promise<ExitCode>;
}

interface Entry {
  readonly says: string;
  readonly load: () => Promise<CommandFile>;
}

export const commands: Readonly<Record<string, Entry>> = {
  serve: {
    says: "the gateway: CORS decided once, enforced on every answer",
    load: () => import("./serve.ts"),
  },
  check: {
    says: "every fault of a configuration, with its place, reason and fix",
    load: () => import("./check.ts"),
  },
  explain: {
    says: "why a browser lets a page read an answer or not, and what changes it",
    load: () => import("./explain.ts"),
  },
  init: {
    says: "a first corsway.toml, from four questions or from flags",
    load: () => import("./init.ts"),
  },
  completion: {
    says: "a completion script for bash, zsh or fish",
    load: () => import("./completion.ts"),
  },
};
