import assert from "node:assert/strict";
import { test } from "node:test";
import { socketServer } from "../../../../test/support/harness.ts";
import { printLines } from "../http1/lines.ts";
import { Forward, type Forwarded } from "./forward.ts";
import { Upstream } from "./upstream.ts";

test("a client that accepts more of a finished response does not resume another one on the same connection", async () => {
  const large = 8 * 1024 * 1024;
  let connections = 0;
  let requests = 0;
  const port = await socketServer((socket) => {
    connections++;
    socket.on("data", () => {
      const length = ++requests === 1 ? 2 : large;
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${length}\r\n\r\n`);
      socket.write(Buffer.alloc(length, "x"));
    });
    socket.on("error", () => undefined);
  });
  const upstream = new Upstream({
    name: "api",
    addresses: [{ host: "127.0.0.1", port, weight: 1 }],
    algo: { kind: "round_robin" },
    connectionTimeout: 5000,
    readTimeout: 5000,
    idleTimeout: 5000,
    maxConnections: 10,
    maxWebSockets: 10,
    queueTimeout: 1000,
  });
  const outgoing = {
    method: "GET",
    path: "/",
    lines: printLines(["Host", "a"]),
    host: "a",
    body: undefined,
    length: undefined,
    upgrade: false,
    headTimeout: 5000,
    hashKey: "",
  };
  const client = (chunk: () => boolean, ended: () => void): Forwarded => ({
    answered: () => undefined,
    chunk,
    ended,
    failed: ({ error }) => assert.fail(error),
    cut: (error) => assert.fail(error),
    switched: () => assert.fail("switched"),
  });
  let first: Forward;
  await new Promise<void>((resolve) => {
    first = new Forward(
      upstream,
      outgoing,
      client(() => true, resolve),
    );
    first.send();
  });
  let chunks = 0;
  const stalled = new Promise<void>((resolve) => {
    const accept = (): boolean => {
      chunks++;
      resolve();
      return false;
    };
    const second = new Forward(
      upstream,
      outgoing,
      client(accept, () => assert.fail("it was read to its end")),
    );
    second.send();
  });
  await stalled;
  first!.resume();
  await new Promise((resolve) => setTimeout(resolve, 100));
  assert.equal(connections, 1);
  assert.equal(chunks, 1);
  upstream.destroy();
});
