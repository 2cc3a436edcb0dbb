// The process beside bench/reload.ts: an upstream, and a client that asks the gateway over eight
// connections which are kept, each a few milliseconds after its last answer.

import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";

export type Order = { readonly port: number } | "stop";

/** Milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly failed: number;
  readonly p99: number;
  readonly max: number;
}

const connections = 8;
const pause = 4;

const upstream = createServer((_request, response) => void response.end("ok"));
upstream.listen(0, "127.0.0.1", () => process.send!((upstream.address() as AddressInfo).port));

let until = new AbortController();
let asking: Promise<unknown> = Promise.resolve();
let took: number[] = [];
let failed = 0;

process.on("message", (order: Order) => {
  if (order === "stop") {
    until.abort();
    void asking.then(() => {
      const sorted = took.toSorted((a, b) => a - b);
      const p99 = sorted[Math.floor(sorted.length * 0.99)] ?? 0;
      const latencies: Latencies = { count: took.length, failed, p99, max: sorted.at(-1) ?? 0 };
      process.send!(latencies);
    });
    return;
  }
  [until, took, failed] = [new AbortController(), [], 0];
  const { signal } = until;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  asking = Promise.all(
    Array.from({ length: connections }, async () => {
      while (!signal.aborted) {
        const start = performance.now();
        if (!(await ask(order.port, agent))) failed++;
        took.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }),
  ).then(() => agent.destroy());
});
process.on("disconnect", () => process.exit());

/** Was it answered as the policy says? */
function ask(port: number, agent: Agent): Promise<boolean> {
  return new Promise((resolve) => {
    const origin = "https://a7.io";
    const asked = request(
      {
        port,
        agent,
        host: "127.0.0.1",
        path: "/p0/0/x",
        headers: { Host: "h0.example.com", Origin: origin },
      },
      (response) => {
        response.resume();
        response.on("end", () =>
          resolve(response.headers["access-control-allow-origin"] === origin),
        );
        response.on("error", () => resolve(false));
      },
    );
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
