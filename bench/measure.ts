// One load, and what it cost whom. CPU time of the server's processes ÷ requests: a busy machine
// disturbs that far less than it disturbs throughput.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { cpuMicros } from "./processes.ts";

export interface Load {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly tls?: boolean;
  /** A refusal is what is asked for, in whatever status a server puts it. */
  readonly refused?: boolean;
}

export interface Sample {
  /** CPU µs a request. */
  readonly cpu: number;
  readonly perSecond: number;
  /** ms. */
  readonly p50: number;
  readonly p99: number;
}

export const browser: Readonly<Record<string, string>> = {
  "User-Agent":
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36",
  Accept: "*/*",
  "Accept-Language": "en-US,en;q=0.9",
  "Accept-Encoding": "gzip, deflate, br, zstd",
  Referer: "https://app9.example.com/",
  "Sec-Fetch-Mode": "cors",
  "Sec-Fetch-Site": "same-site",
  "Sec-Fetch-Dest": "empty",
};

export function run(
  folder: string,
  load: Load,
  server: { pid: number; port: number },
  seconds: number,
): Sample {
  const file = path.join(folder, `${load.name.replaceAll(/\W+/g, "-")}.lua`);
  const lines = Object.entries({ ...browser, ...load.headers }).map(
    ([name, value]) => `wrk.headers[${JSON.stringify(name)}]=${JSON.stringify(value)}`,
  );
  writeFileSync(file, [`wrk.method=${JSON.stringify(load.method)}`, ...lines].join("\n"));
  const url = `${load.tls ? "https" : "http"}://127.0.0.1:${server.port}${load.path}`;
  const before = cpuMicros(server.pid);
  const { stdout, stderr } = spawnSync(
    "wrk",
    ["-t1", `-c${load.connections}`, `-d${seconds}s`, "--latency", "-s", file, url],
    { encoding: "utf8" },
  );
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  // Anything that fails, and is not asked for, would make the figure a lie.
  const failed = /Socket errors: connect (\d+), read (\d+), write (\d+)/.exec(stdout);
  const errors = failed === null ? 0 : Number(failed[1]) + Number(failed[2]) + Number(failed[3]);
  const unwanted = /Non-2xx or 3xx responses: (\d+)/.test(stdout) && !load.refused;
  if (!(requests > 0) || errors > 0 || unwanted)
    throw new Error(`${load.name} on ${url}\n${stdout}${stderr}`);
  return {
    cpu: (cpuMicros(server.pid) - before) / requests,
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]),
    p50: percentile(stdout, 50),
    p99: percentile(stdout, 99),
  };
}

function percentile(text: string, of: number): number {
  const found = new RegExp(`${of}%\\s+([\\d.]+)(us|ms|s)`).exec(text);
  if (found === null) return Number.NaN;
  return Number(found[1]) * { us: 0.001, ms: 1, s: 1000 }[found[2] as "us" | "ms" | "s"];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
