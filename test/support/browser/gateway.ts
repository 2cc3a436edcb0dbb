// The gateway through its public door: `corsway serve DIRECTORY` as a child process, on files
// written for the test, with its access log read line by line.

import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { AccessRecord } from "corsway";

export const corsway = fileURLToPath(
  new URL("../../../packages/gateway/bin/corsway.mjs", import.meta.url),
);

/** One line of the access log, as far as these tests look at it. */
export type Logged = Pick<
  AccessRecord,
  "method" | "path" | "status" | "kind" | "allowed" | "refusal" | "policy"
>;

export interface RunningGateway {
  readonly directory: string;
  readonly logged: readonly Logged[];
  /** Waits for that many lines after the first `from`; fails with what did come. */
  lines(from: number, count: number): Promise<readonly Logged[]>;
  /**
   * How many lines there are once those of every answered request have come: a page has its answer
   * before the log's pipe is read, so `logged.length` alone is a guess. Needs a first port without
   * TLS, and adds a line of its own, which is counted.
   */
  mark(): Promise<number>;
  stderr(): string;
  stop(): Promise<void>;
}

/**
 * Files by name; `ports` are those on which they have it listen, see freePorts; `more` are
 * arguments, as `--env prod`.
 */
export async function serveFiles(
  files: Readonly<Record<string, string>>,
  ports: readonly number[],
  more: readonly string[] = [],
): Promise<RunningGateway> {
  const directory = await writeFiles(files);
  const child = spawn(
    process.execPath,
    ["--conditions=source", corsway, "serve", directory, "--log", "json", ...more],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const logged: Logged[] = [];
  let marks = 0;
  let errors = "";
  let ended = false;
  createInterface({ input: child.stdout }).on("line", (line) =>
    logged.push(JSON.parse(line) as Logged),
  );
  child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  const exit = new Promise<void>((resolve) => {
    child.once("close", () => {
      ended = true;
      resolve();
    });
  });
  const stop = async () => {
    child.kill("SIGTERM");
    const late = setTimeout(() => child.kill("SIGKILL"), 5000);
    await exit;
    clearTimeout(late);
    await rm(directory, { recursive: true, force: true });
  };
  // Its own word and not an open port: that could be another's, while this one has ended.
  await until(() => ended || /^corsway serves /m.test(errors));
  if (!/^corsway serves /m.test(errors)) {
    await stop();
    throw new Error(`the gateway did not start; it said:\n${errors}`);
  }
  return {
    directory,
    logged,
    stderr: () => errors,
    stop,
    lines: async (from, count) => {
      await until(() => logged.length >= from + count);
      const came = logged.slice(from);
      if (came.length >= count) return came;
      throw new Error(`waited for ${count} log lines, got ${JSON.stringify(came)}`);
    },
    mark: async () => {
      const name = `/mark-${++marks}`;
      const found = () => logged.findIndex(({ path: asked }) => asked === name);
      const answer = await fetch(`http://127.0.0.1:${ports[0]}${name}`);
      await answer.arrayBuffer();
      await until(() => found() !== -1);
      if (found() === -1) throw new Error(`${name} was answered and never logged`);
      return found() + 1;
    },
  };
}

export async function writeFiles(files: Readonly<Record<string, string>>): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "corsway-test-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(directory, name)), { recursive: true });
    await writeFile(path.join(directory, name), text);
  }
  return directory;
}

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1200 && !holds(); turn++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
