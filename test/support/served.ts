// For tests: `corsway serve` in a process of its own, as a person or a supervisor runs it.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import path from "node:path";
import type { Readable } from "node:stream";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { minimalConfig } from "./config-folder.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const bin = fileURLToPath(new URL("../../packages/gateway/bin/corsway.mjs", import.meta.url));
const directory = temporaryFolder();

/** A configuration without a fault, whose one upstream refuses connections. */
export function good(port = 0): string {
  return `
${minimalConfig({ listen: `127.0.0.1:${port}`, upstream: 1 })}
cors = { allow_origins = ["https://app.example.com"] }
`;
}

export interface Running {
  readonly child: ChildProcess;
  readonly file: string;
  out(): string;
  err(): string;
  /** Waits until stderr or stdout matches; gives the match. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  code(): Promise<number | null>;
}

export interface Surroundings {
  /** `unread`: a pipe from which the caller may read. Or a file. Default: a pipe that is read. */
  readonly stdout?: "unread" | number;
  /** On a terminal of its own, by the program `script`, whose stdout is then what is meant above. */
  readonly terminal?: boolean;
}

let files = 0;

/** `text`: the configuration; undefined: there is no such file. */
export function serve(
  text: string | undefined,
  args: readonly string[] = [],
  { stdout, terminal = false }: Surroundings = {},
): Running {
  const file = path.join(directory, `c${files++}.toml`);
  if (text !== undefined) writeFileSync(file, text);
  const line = [process.execPath, "--conditions=source", bin, "serve", file, ...args];
  const [program, ...rest] = terminal
    ? ["script", "-qec", `exec ${line.map((word) => `'${word}'`).join(" ")} 2>&3`, "/dev/null"]
    : line;
  const output = typeof stdout === "number" ? stdout : "pipe";
  const child = spawn(program as string, rest, { stdio: ["ignore", output, "pipe", "pipe"] });
  let out = "";
  let err = "";
  if (stdout === undefined) child.stdout!.on("data", (chunk: Buffer) => (out += chunk));
  const errors = terminal ? (child.stdio[3] as Readable) : child.stderr!;
  errors.on("data", (chunk: Buffer) => (err += chunk));
  // A process is over when its output has ended: the program `script` may end before the gateway in it.
  const said = stdout === undefined ? [errors, child.stdout!] : [errors];
  const exit = once(child, "exit");
  after(() => child.kill("SIGKILL"));
  return {
    child,
    file,
    out: () => out,
    err: () => err,
    async until(pattern) {
      for (let turn = 0; turn < 6000; turn++) {
        const found = pattern.exec(`${err}\n${out}`);
        if (found !== null) return found;
        if (said.every(({ readableEnded }) => readableEnded)) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no ${pattern} in:\n${err}\n${out}`);
    },
    code: async () => ((await exit) as [number | null])[0],
  };
}
