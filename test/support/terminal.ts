// For tests: a command run in this process, and what it said.

import { PassThrough, Readable } from "node:stream";
import { main } from "../../packages/gateway/src/cli/main.ts";
import type { ExitCode, Terminal } from "../../packages/gateway/src/cli/terminal.ts";

export interface Said {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export async function runCommand(
  cwd: string,
  argv: readonly string[],
  options: Partial<Terminal> = {},
): Promise<Said> {
  let out = "";
  let err = "";
  const code = await main(argv, {
    cwd,
    env: {},
    color: false,
    errorColor: false,
    interactive: false,
    input: Readable.from([]),
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    log: () => new PassThrough(),
    hungUp: () => false,
    ...options,
  });
  return { code, out, err };
}
