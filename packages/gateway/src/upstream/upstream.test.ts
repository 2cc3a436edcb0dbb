import assert from "node:assert/strict";
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { mock, test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { balance, type Weighted } from "./balance.ts";
import { Upstream } from "./upstream.ts";

const three = [
  { key: "a", weight: 5, active: 0 },
  { key: "b", weight: 1, active: 0 },
  { key: "c", weight: 1, active: 0 },
];

test("round robin follows the weights and does not send five in a row", () => {
  const choose = balance<Weighted>({ kind: "round_robin" });
  const turns = Array.from({ length: 14 }, () => choose(three, "").key).join("");
  assert.equal(turns, "aabacaaaabacaa");
});

test("least_conn compares requests in progress relative to weight", () => {
  const choose = balance<Weighted>({ kind: "least_conn" });
  const busy = [
    { key: "a", weight: 5, active: 4 },
    { key: "b", weight: 1, active: 1 },
  ];
  assert.equal(choose(busy, "").key, "a");
  assert.equal(choose([{ ...busy[0]!, active: 6 }, busy[1]!], "").key, "b");
});

test("a hash keeps its address, follows the weights, and moves only keys of a removed address", () => {
  const choose = balance<Weighted>({ kind: "hash", by: "url" });
  const keys = Array.from({ length: 7000 }, (_, i) => `/item/${i}`);
  const before = keys.map((key) => choose(three, key).key);
  const share = before.filter((key) => key === "a").length / keys.length;
  assert.ok(Math.abs(share - 5 / 7) < 0.03, String(share));
  const left = three.slice(0, 2);
  keys.forEach((key, i) => {
    if (before[i] !== "c") assert.equal(choose(left, key).key, before[i]);
  });
});

test("an address that fails its health check is skipped until it is healthy again", async () => {
  const good = await httpServer((_request, response) => response.end("good"));
  let well = false;
  const sick = createServer((request, response) => {
    response.statusCode = well || request.url !== "/ping" ? 200 : 500;
    response.end("sick");
  }).listen(0, "127.0.0.1");
  await once(sick, "listening");
  const healthCheck = {
    scheme: "http",
    host: "ping.test",
    path: "/ping",
    frequency: 20,
    success: 1,
    failure: 1,
    connectionTimeout: 500,
    readTimeout: 500,
  } as const;
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [good, (sick.address() as AddressInfo).port], healthCheck } },
  });
  const bodies = async (): Promise<Set<string>> => {
    const found = new Set<string>();
    for (let i = 0; i < 4; i++) {
      const answer = await sendRaw(port, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      found.add(/good|sick/.exec(answer.body)?.[0] ?? answer.text);
    }
    return found;
  };
  const until = async (wanted: number): Promise<Set<string>> => {
    let found = await bodies();
    for (let turn = 0; turn < 50 && found.size !== wanted; turn++) found = await bodies();
    return found;
  };
  assert.deepEqual(await until(1), new Set(["good"]));
  well = true;
  assert.deepEqual(await until(2), new Set(["good", "sick"]));
  sick.closeAllConnections();
  sick.close();
});

/** An upstream with one place, and nobody behind it. */
function narrow(): Upstream {
  return new Upstream({
    name: "narrow",
    addresses: [{ host: "127.0.0.1", port: 1, weight: 1 }],
    algo: { kind: "round_robin" },
    connectionTimeout: 1000,
    readTimeout: 1000,
    idleTimeout: 1000,
    maxConnections: 1,
    maxWebSockets: 1,
    queueTimeout: 60_000,
  });
}

const turnedAway = (): void => assert.fail("nobody is turned away");

test("50,000 waiting requests that fail one after another do not overflow the stack", (t) => {
  const upstream = narrow();
  t.after(() => upstream.destroy());
  const order: number[] = [];
  upstream.enter({ admitted: () => undefined, turnedAway });
  for (let i = 0; i < 50_000; i++)
    upstream.enter({
      admitted() {
        order.push(i);
        assert.equal(upstream.active, 1);
        upstream.release();
      },
      turnedAway,
    });
  upstream.release();
  assert.deepEqual(
    order,
    Array.from({ length: 50_000 }, (_, i) => i),
  );
  assert.equal(upstream.active, 0);
});

test("a request that finds no free slot gets a stalled client's slot immediately", (t) => {
  const upstream = narrow();
  t.after(() => upstream.destroy());
  upstream.enter({ admitted: () => undefined, turnedAway });
  const stalled = {
    evict(): void {
      upstream.moves(stalled);
      upstream.release();
    },
  };
  upstream.stalls(stalled);
  const now = performance.now();
  const clock = mock.method(performance, "now", () => now + 6000);
  let admitted = false;
  upstream.enter({ admitted: () => (admitted = true), turnedAway });
  clock.mock.restore();
  assert.ok(admitted);
});
