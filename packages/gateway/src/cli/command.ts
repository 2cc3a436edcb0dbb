// What a command is. Its file exports two functions:
//   declare(command)                   its arguments, options and examples, in commander's terms
//   run(args, options, terminal)       runs it and returns the exit status

import type { Command } from "commander";
import type { ExitCode, Terminal } from "./terminal.ts";

export interface CommandFile {
  declare(command: Command): void;
  run(args: readonly string[], options: never, terminal: Terminal): Promise<ExitCode>;
}

/** A command that can be typed; its file is loaded only then. */
export interface CommandEntry {
  readonly says: string;
  readonly load: () => Promise<CommandFile>;
}

/** By the name that is typed. */
export type Commands = Readonly<Record<string, CommandEntry>>;
