// corsway <command>: runs the command that was typed. Anything it throws is a bug, reported in one line,
// with exit status 2.

import { Command, CommanderError } from "commander";
import { commands } from "./commands.ts";
import { version } from "../serve/version.ts";
import type { ExitCode, Terminal } from "./terminal.ts";

/** Runs what the person typed: `argv` without the interpreter and the script. */
export async function main(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let outcome: ExitCode = 0;
  const program = new Command("corsway")
    .description("A CORS gateway: policies in one file, enforced on every response and explained.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print a command's help")
    .addHelpText(
      "after",
      "\nExit status: 0 success, 1 the result is negative, 2 the command could not run.",
    )
    .showHelpAfterError("(see corsway --help)")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.out(text),
      writeErr: (text) => terminal.err(text),
      getOutHasColors: () => terminal.color,
      getErrHasColors: () => terminal.errorColor,
    });
  const typed = argv[0] === "help" ? argv[1] : argv[0];
  try {
    for (const [name, { says, load }] of Object.entries(commands)) {
      const command = program.command(name).description(says);
      if (name !== typed) continue;
      const file = await load();
      file.declare(command);
      command.showHelpAfterError(`(see corsway ${name} --help)`);
      command.action(async () => {
        outcome = await file.run(command.args, command.opts() as never, terminal);
      });
    }
    await program.parseAsync([...argv], { from: "user" });
    return outcome;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const message = error instanceof Error ? error.message : String(error);
    terminal.err(`corsway: this should not have happened: ${message}\n`);
    if (terminal.env["CORSWAY_STACK"] && error instanceof Error) terminal.err(`${error.stack}\n`);
    else terminal.err("set CORSWAY_STACK=1 to see where; please report it\n");
    return 2;
  }
}
