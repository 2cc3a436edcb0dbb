// What a reload of a large configuration costs those who are served meanwhile: the longest time that
// the event loop was held up, the pauses of the garbage collector among it, and the latency that a
// client in another process saw, beside the same time without reloads. A busy machine shows in all of
// them but "own work", which is CPU time. "refused": each location names an upstream that is not there.
//   node --conditions=source bench/reload.ts [--reloads N]

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { monitorEventLoopDelay, PerformanceObserver } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { renderReload } from "../packages/gateway/src/serve/banner.ts";
import type { Gateway } from "../packages/gateway/src/serve/gateway.ts";
import { startGateway } from "../packages/gateway/src/serve/start.ts";
import { writeLargeConfig } from "./large-config.ts";
import type { Latencies, Order } from "./reload-client.ts";

const { values } = parseArgs({ options: { reloads: { type: "string", default: "6" } } });
const reloads = Number(values.reloads);

const shapes: { readonly name: string; readonly locations: number; readonly origins: number[] }[] =
  [
    {
      name: "10,000 locations, 100,000 origins in 10 policies",
      locations: 10_000,
      origins: Array.from({ length: 10 }, () => 10_000),
    },
    { name: "one policy of 45,000 origins, which fills a file", locations: 1, origins: [45_000] },
  ];

const client = fork(path.join(import.meta.dirname, "reload-client.ts"));
const [upstream] = (await once(client, "message")) as [number];
console.log(
  columns("ms, the longest", ["held up", "own work", "GC", "request", "(p99)", "requests"]),
);
for (const shape of shapes) await measure(shape);
client.disconnect();

async function measure({ name, ...rest }: (typeof shapes)[number]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "corsway-bench-"));
  const now = path.join(folder, "now");
  // Written before anything is measured; then a link is set to one or the other.
  const editions = ["even", "odd", "broken"].map((edition, index) => {
    const directory = path.join(folder, edition);
    mkdirSync(directory);
    writeLargeConfig(directory, {
      ...rest,
      address: "127.0.0.1:0",
      upstream: `127.0.0.1:${upstream}`,
      edition: index + 1,
      ...(edition === "broken" && { named: "apy" }),
    });
    return directory;
  });
  const point = (edition: number): void => {
    symlinkSync(editions[edition]!, `${now}.new`);
    renameSync(`${now}.new`, now);
  };
  try {
    point(0);
    const gateway = await startGateway(now, { watch: false });
    console.log(name);
    await phase(gateway, () => sleep(1000)); // warms up
    const times: number[] = [];
    const reload = async (edition: number): Promise<void> => {
      point(edition);
      const start = performance.now();
      const outcome = await gateway.reload();
      if (outcome.ok !== edition < 2) throw new Error(`not as it should be: ${outcome.problem}`);
      renderReload(outcome, false); // what `corsway serve` does with it
      times.push(performance.now() - start);
      await sleep(300);
    };
    await reload(1);
    times.length = 0;
    const start = performance.now();
    const busy = await phase(gateway, async () => {
      for (let i = 0; i < reloads; i++) await reload(i % 2);
    });
    const took = performance.now() - start;
    const [fastest, slowest] = [Math.min(...times), Math.max(...times)];
    const refused = await phase(gateway, async () => {
      for (let i = 0; i < reloads; i++) await reload(2);
    });
    const quiet = await phase(gateway, () => sleep(took));
    print("  without", quiet);
    print("  reloads", busy);
    print("  refused", refused);
    console.log(`  ${reloads} reloads of ${fastest.toFixed(0)} to ${slowest.toFixed(0)} ms each`);
    await gateway.close(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Phase {
  readonly held: number;
  readonly worked: number;
  readonly collected: number;
  readonly latencies: Latencies;
}

/** Measures while the client asks. */
async function phase(gateway: Gateway, doing: () => Promise<void>): Promise<Phase> {
  let collected = 0;
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) collected = Math.max(collected, duration);
  });
  const { port } = gateway.addresses[0]!;
  order(client, { port });
  await sleep(100);
  observer.observe({ entryTypes: ["gc"] });
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const own = ownWork();
  await doing();
  const worked = own();
  delay.disable();
  observer.disconnect();
  order(client, "stop");
  const [latencies] = (await once(client, "message")) as [Latencies];
  if (latencies.failed > 0) throw new Error(`${latencies.failed} requests failed`);
  return { held: delay.max / 1e6, worked, collected, latencies };
}

/** The most CPU time that this thread spent between two turns of a timer; ms. */
function ownWork(): () => number {
  let longest = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    longest = Math.max(longest, (user + system) / 1000);
    last = process.threadCpuUsage();
  }, 1);
  return () => {
    clearInterval(timer);
    return longest;
  };
}

function order(to: ChildProcess, what: Order): void {
  to.send(what);
}

function print(what: string, { held, worked, collected, latencies }: Phase): void {
  const { count, p99, max } = latencies;
  const figures = [held, worked, collected, max, p99].map((value) => value.toFixed(1));
  console.log(columns(what, [...figures, String(count)]));
}

function columns(first: string, rest: readonly string[]): string {
  return first.padEnd(16) + rest.map((text) => text.padStart(10)).join("");
}
