// Clients that read nothing do not block an upstream for other clients.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { mock, test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";

const get = "GET /small HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const block = Buffer.alloc(1024 * 1024, "x");

test("stalled readers that occupy an upstream are evicted for waiting requests, oldest first", async () => {
  let stalled = 0;
  const upstream = await httpServer((request, response) => {
    if (request.url === "/small") {
      response.end("small");
      return;
    }
    response.setHeader("Content-Length", 64 * block.length);
    const more = (): void => {
      while (!response.destroyed && response.write(block));
      stalled++;
      response.once("drain", () => {
        stalled--;
        more();
      });
    };
    more();
  });
  const { port, logged, log } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: { allowOrigins: "*" } }],
    upstreams: { api: { ports: [upstream], maxConnections: 3, queueTimeout: 200 } },
  });
  const readers: Socket[] = [];
  for (const path of ["/gone", "/first", "/second", "/third"]) {
    // A reader that stalled and went away has no place to give any more.
    if (path === "/third") {
      readers[0]!.destroy();
      for (let turn = 0; turn < 300 && log.length === 0; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      stalled++; // its response is not written to any more
    }
    const socket = connect(port, "127.0.0.1");
    socket.pause();
    socket.on("error", () => undefined);
    await once(socket, "connect");
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
    readers.push(socket);
    // Nothing has moved for a while: now it stalls.
    for (let still = 0; still < 10; still++) {
      if (stalled < readers.length) still = 0;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
  // Slow is not stalled: for the first seconds nobody loses anything, and who comes is turned away.
  assert.equal((await sendRaw(port, get)).status, 503);
  const now = performance.now.bind(performance);
  const clock = mock.method(performance, "now", () => now() + 6000);
  try {
    const answer = await sendRaw(port, get);
    assert.equal(answer.status, 200, answer.text);
    await logged(4);
    const cut = log.filter(({ error }) => error === "client_stalled");
    assert.deepEqual(
      cut.map(({ path }) => path),
      ["/first"],
    );
  } finally {
    clock.mock.restore();
  }
  for (const socket of readers) socket.destroy();
});
