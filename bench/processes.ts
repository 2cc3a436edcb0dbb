// What a benchmark starts, it ends: also when it is interrupted, and with nginx's workers, which a
// killed master would leave behind.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { connect } from "node:net";

const running = new Set<ChildProcess>();
// SIGTERM and not SIGKILL: a master passes it on to its workers.
process.on("exit", () => {
  for (const child of running) child.kill("SIGTERM");
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

export function start(program: string, args: readonly string[], cwd?: string): ChildProcess {
  const child = spawn(program, args, { stdio: ["ignore", "ignore", "ignore"], cwd });
  running.add(child);
  child.once("exit", () => running.delete(child));
  child.once("error", () => running.delete(child));
  return child;
}

export async function stop(child: ChildProcess): Promise<void> {
  if (!running.has(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  // A gateway that drains waits for its clients; these have gone.
  const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
  await ended;
  clearTimeout(timer);
}

/** Resolves with the ms that it took until somebody listens. */
export async function accepting(port: number, child?: ChildProcess): Promise<number> {
  const begun = performance.now();
  for (;;) {
    if (await connects(port)) return performance.now() - begun;
    if (child !== undefined && child.exitCode !== null)
      throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    if (performance.now() - begun > 60_000) throw new Error(`nothing listens on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function connects(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.on("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
}

const ticksPerSecond = 100; // sysconf(_SC_CLK_TCK) on every Linux that Node runs on

/** The CPU time of a process and its children, all their threads included; µs. */
export function cpuMicros(pid: number): number {
  let total = 0;
  for (const id of tree(pid)) {
    const stat = readFileSync(`/proc/${id}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    total += Number(fields[11]) + Number(fields[12]);
  }
  return (total / ticksPerSecond) * 1e6;
}

/** What a process and its children hold for themselves; KB. */
export function memoryKb(pid: number, what: "VmRSS" | "RssAnon" = "VmRSS"): number {
  let total = 0;
  for (const id of tree(pid)) {
    const status = readFileSync(`/proc/${id}/status`, "utf8");
    total += Number(new RegExp(`^${what}:\\s+(\\d+)`, "m").exec(status)?.[1] ?? 0);
  }
  return total;
}

function tree(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return [pid, ...(children === "" ? [] : children.split(" ").flatMap((id) => tree(Number(id))))];
}

/** The first line that a program says about its version; undefined: it is not installed. */
export function versionOf(program: string, flag: string): string | undefined {
  const run = spawnSync(program, [flag], { encoding: "utf8" });
  if (run.error !== undefined) return undefined;
  return `${run.stdout}${run.stderr}`.trim().split("\n")[0];
}
