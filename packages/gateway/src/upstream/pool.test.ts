import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { test } from "node:test";
import { socketServer } from "../../../../test/support/harness.ts";
import { askUpstream, upstreamGet } from "../../../../test/support/upstream-request.ts";
import { Pool } from "./pool.ts";

async function pooled(): Promise<{ pool: Pool; sockets: Socket[]; respond: () => void }> {
  const sockets: Socket[] = [];
  const waiting: Socket[] = [];
  const port = await socketServer((socket) => {
    sockets.push(socket);
    socket.on("data", () => waiting.push(socket));
    socket.on("end", () => socket.end());
  });
  const config = {
    name: "api",
    addresses: [],
    algo: { kind: "round_robin" },
    connectionTimeout: 1000,
    readTimeout: 5000,
    idleTimeout: 5000,
    maxConnections: 10,
    maxWebSockets: 10,
    queueTimeout: 1000,
  } as const;
  return {
    pool: new Pool(config, "127.0.0.1", port),
    sockets,
    respond() {
      for (const socket of waiting.splice(0))
        socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    },
  };
}

/** Waits until so many requests can be answered, and answers them. */
async function answering(respond: () => void, ended: readonly Promise<void>[]): Promise<void> {
  const timer = setInterval(respond, 5);
  await Promise.all(ended);
  clearInterval(timer);
}

test("the most recently used connection is used next, and the others become idle", async () => {
  const { pool, respond } = await pooled();
  const one = pool.take("", false);
  const first = askUpstream((asker) => one.ask(upstreamGet, asker));
  const two = pool.take("", false);
  const second = askUpstream((asker) => two.ask(upstreamGet, asker));
  assert.notEqual(one, two);
  await answering(respond, [first, second]);
  const last = pool.take("", false);
  await answering(respond, [askUpstream((asker) => last.ask(upstreamGet, asker))]);
  assert.equal(pool.take("", false), last);
  assert.equal(pool.take("", false), last === one ? two : one);
  assert.equal(pool.size, 2);
  pool.destroy();
  assert.equal(pool.size, 0);
});

test("closing a pool closes idle connections immediately, and a busy one after its response", async () => {
  const { pool, sockets, respond } = await pooled();
  const idle = pool.take("", false);
  const first = askUpstream((asker) => idle.ask(upstreamGet, asker));
  const busy = pool.take("", false);
  const second = askUpstream((asker) => busy.ask(upstreamGet, asker));
  while (sockets.length < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  await answering(respond, [first, second]);
  const again = pool.take("", false);
  const ended = askUpstream((asker) => again.ask(upstreamGet, asker));
  pool.close();
  assert.equal(pool.size, 1);
  await answering(respond, [ended]);
  assert.equal(pool.size, 0);
  for (const socket of sockets) if (!socket.closed) await once(socket, "close");
});
