// `corsway serve` with two processes under everything at once: clients with unique origins, one
// request in twenty to an upstream that is at fault, a changed configuration each second, a killed
// process each ten. Held: no accepted request is lost but those of a process that was killed, every
// answer is the right one, and memory does not grow.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { corsway } from "../support/browser/gateway.ts";
import { faultyUpstream } from "./faulty-upstream.ts";
import { startLoad } from "./load.ts";

export interface Soaking {
  readonly seconds: number;
  readonly clients: number;
  readonly killEvery: number;
  /** Called each second. */
  readonly progress?: (line: string) => void;
}

export interface Soaked {
  readonly requests: number;
  readonly faults: number;
  readonly reloads: number;
  readonly kills: number;
  /** Requests that ended with the process that had them: at most one for each client and kill. */
  readonly killed: number;
  readonly lost: readonly string[];
  readonly wrong: readonly string[];
  /** Resident memory, MiB, a figure a second: of the one that leads and of a process that is not killed. */
  readonly memory: { readonly leader: readonly number[]; readonly process: readonly number[] };
}

/** After a kill this long passes until the last client has noticed; ms. */
const aftermath = 2000;

export async function soak({ seconds, clients, killEvery, progress }: Soaking): Promise<Soaked> {
  const folder = mkdtempSync(path.join(tmpdir(), "corsway-soak-"));
  const file = path.join(folder, "corsway.toml");
  const upstream = await faultyUpstream();
  const write = (edition: number): void => {
    writeFileSync(`${file}.new`, configuration(upstream.port, edition));
    renameSync(`${file}.new`, file);
  };
  write(0);
  const child = spawn(
    process.execPath,
    ["--conditions=source", corsway, "serve", file, "--workers", "2", "--log", "json"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => (said += chunk));
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (let turn = 0; turn < 3000; turn++) {
      const found = pattern.exec(said);
      if (found !== null) return found;
      if (child.exitCode !== null) break;
      await sleep(10);
    }
    throw new Error(`no ${pattern} in:\n${said}`);
  };
  try {
    const [, port] = await until(/http:\/\/127\.0\.0\.1:(\d+) {2}public/);
    const [, witness, first] = await until(/by 2 processes: (\d+), (\d+)/);
    let victim = Number(first);
    let kills = 0;
    const killed: number[] = [];
    const memory = { leader: [] as number[], process: [] as number[] };
    const load = startLoad(Number(port), clients);
    for (let second = 1; second <= seconds; second++) {
      await sleep(1000);
      write(second);
      memory.leader.push(residentMemory(child.pid as number));
      memory.process.push(residentMemory(Number(witness)));
      const { requests, lost, wrong } = load;
      progress?.(
        `${second} s: ${requests} requests, ${kills} kills, ${lost.length} ended, ${wrong.length} wrong, ${memory.process.at(-1)} MiB`,
      );
      if (second % killEvery !== 0 || second === seconds) continue;
      killed.push(performance.now());
      process.kill(victim, "SIGKILL");
      kills++;
      const [, next] = await until(new RegExp(`process ${victim} ended[^]*?process (\\d+) serves`));
      victim = Number(next);
    }
    await load.stop();
    const excused = load.lost.filter(({ at }) =>
      killed.some((when) => at >= when && at < when + aftermath),
    );
    // The first generation was not a reload.
    const reloads = new Set(said.match(/\(generation \d+/g)).size - 1;
    return {
      requests: load.requests,
      faults: load.faults,
      reloads,
      kills,
      killed: excused.length,
      lost: load.lost.filter((one) => !excused.includes(one)).map(({ what }) => what),
      wrong: load.wrong,
      memory,
    };
  } finally {
    child.kill("SIGTERM");
    await once(child, "exit");
    upstream.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * By how much the memory of the last quarter is above that of the third, MiB; medians, so that a
 * collection that is due does not decide. The first half warms up: V8 takes memory in large steps.
 */
export function growth(figures: readonly number[]): number {
  const quarter = Math.floor(figures.length / 4);
  return median(figures.slice(3 * quarter)) - median(figures.slice(2 * quarter, 3 * quarter));
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? 0;
}

function configuration(upstream: number, edition: number): string {
  return `
[servers.public]
addr = "127.0.0.1:0"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[locations.all]
path = "/"
upstream = "api"
cors = "webapp"
[policies.webapp]
allow_origins = ["https://*.example.com"]
allow_methods = ["GET", "POST", "PUT"]
max_age = ${600 + edition}
`;
}

/** MiB; 0 where the system has no /proc. */
function residentMemory(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "latin1");
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}
