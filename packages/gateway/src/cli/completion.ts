// corsway completion SHELL: a script that completes commands, options and their choices. It is generated
// from the commands themselves, so the two cannot differ.

import { Argument, Command } from "commander";
import type { CommandFile, Commands } from "./command.ts";
import type { ExitCode } from "./terminal.ts";

const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** The command, for these commands and itself. */
export function completionOf(commands: Commands): CommandFile {
  return {
    declare,
    async run(args, _options, terminal): Promise<ExitCode> {
      const known = await describe(commands);
      const print = { bash: printBash, zsh: printZsh, fish: printFish }[args[0] as Shell];
      terminal.out(print(known));
      return 0;
    },
  };
}

function declare(command: Command): void {
  command
    .addArgument(new Argument("<SHELL>", "the shell").choices(shells))
    .addHelpText("after", help);
}

const help = `
Examples:
  corsway completion bash > ~/.local/share/bash-completion/completions/corsway
  corsway completion zsh > "\${fpath[1]}/_corsway"
  corsway completion fish > ~/.config/fish/completions/corsway.fish
`;

interface Known {
  readonly name: string;
  readonly says: string;
  readonly options: readonly {
    readonly long: string;
    readonly says: string;
    readonly takesValue: boolean;
    readonly choices: readonly string[];
  }[];
  /** The choices for its argument; empty if that is a path or text. */
  readonly choices: readonly string[];
}

async function describe(commands: Commands): Promise<readonly Known[]> {
  const known: Known[] = [];
  for (const [name, { says, load }] of Object.entries(commands)) {
    const command = new Command(name);
    (await load()).declare(command);
    const options = command.options.flatMap(({ long, description, required, argChoices }) =>
      typeof long === "string"
        ? [{ long, says: description, takesValue: required, choices: argChoices ?? [] }]
        : [],
    );
    const helpOption = { long: "--help", says: "print this help", takesValue: false, choices: [] };
    const choices = command.registeredArguments[0]?.argChoices ?? [];
    known.push({ name, says, options: [...options, helpOption], choices });
  }
  const names = known.map(({ name }) => name);
  const helpCommand = { name: "help", says: "print a command's help", options: [], choices: names };
  return [...known, helpCommand];
}

function printBash(known: readonly Known[]): string {
  const cases = known.map(({ name, options, choices }) => {
    const words = options.map(({ long }) => long).join(" ");
    const values = options
      .filter(({ choices }) => choices.length > 0)
      .map(
        ({ long, choices }) =>
          `      [[ $previous == ${long} ]] && { COMPREPLY=($(compgen -W "${choices.join(" ")}" -- "$word")); return; }\n`,
      );
    const own =
      choices.length > 0
        ? `      COMPREPLY=($(compgen -W "${[...choices, words].join(" ").trim()}" -- "$word"))\n`
        : `      [[ $word == -* ]] && COMPREPLY=($(compgen -W "${words}" -- "$word"))\n`;
    return `    ${name})\n${values.join("")}${own}      ;;\n`;
  });
  const names = known.map(({ name }) => name).join(" ");
  return `# bash completion for corsway
_corsway() {
  local word=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  # --format=json is three words to bash.
  [[ $word == = ]] && word=
  [[ $previous == = ]] && previous=\${COMP_WORDS[COMP_CWORD-2]}
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "${names} --help --version" -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases.join("")}  esac
}
complete -o default -F _corsway corsway
`;
}

function printZsh(known: readonly Known[]): string {
  const commandLines = known.map(({ name, says }) => `    ${single(`${name}:${colons(says)}`)}`);
  const cases = known.map(({ name, options, choices }) => {
    const lines = options.map(({ long, says, takesValue, choices }) => {
      const value =
        choices.length > 0 ? `:value:(${choices.join(" ")})` : takesValue ? ":value:_files" : "";
      return `        ${single(`${long}${value === "" ? "" : "="}[${brackets(says)}]${value}`)}`;
    });
    lines.push(
      choices.length > 0 ? `        '1:value:(${choices.join(" ")})'` : `        '*:path:_files'`,
    );
    return `      ${name})\n        _arguments \\\n${lines.join(" \\\n")}\n        ;;\n`;
  });
  return `#compdef corsway
_corsway() {
  local -a names
  names=(
${commandLines.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command names
    return
  fi
  local name=$words[2]
  shift words
  ((CURRENT--))
  case $name in
${cases.join("")}  esac
}
# zsh loads this file at the first Tab, which is to be answered too; sourced, it only registers.
if [[ $funcstack[1] == _corsway ]]; then
  _corsway "$@"
else
  compdef _corsway corsway
fi
`;
}

function printFish(known: readonly Known[]): string {
  const lines = known.flatMap(({ name, says, options, choices }) => [
    `complete -c corsway -f -n __fish_use_subcommand -a ${name} -d ${single(says)}`,
    ...(choices.length > 0
      ? [
          `complete -c corsway -f -n "__fish_seen_subcommand_from ${name}" -a ${single(choices.join(" "))}`,
        ]
      : []),
    ...options.map(({ long, says, takesValue, choices }) => {
      const value =
        choices.length > 0 ? ` -x -a ${single(choices.join(" "))}` : takesValue ? " -r" : "";
      return `complete -c corsway -n "__fish_seen_subcommand_from ${name}" -l ${long.slice(2)}${value} -d ${single(says)}`;
    }),
  ]);
  return `# fish completion for corsway\n${lines.join("\n")}\n`;
}

/** In single quotes, as all three shells read them. */
function single(text: string): string {
  return `'${text.replaceAll("'", "’")}'`;
}

function colons(text: string): string {
  return text.replaceAll(":", "\\:");
}

function brackets(text: string): string {
  return colons(text).replaceAll(/[[\]]/g, "\\$&");
}
