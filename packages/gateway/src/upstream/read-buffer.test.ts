// The buffer of a connection is read into again only if nobody holds on to what was in it: whatever clients accept and
// when, each gets its own bytes. Slow readers and few connections to the upstream make the same buffers serve many.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gatewayOf, httpServer, socketServer } from "../../../../test/support/harness.ts";
import { askUpstream, upstreamGet } from "../../../../test/support/upstream-request.ts";
import type { UpstreamConfig } from "../config/config.ts";
import { Connection } from "./connection.ts";
import { Dialer } from "./dial.ts";
import { ReadBuffer } from "./read-buffer.ts";

/** Bytes of which each depends on its position and on the path. */
function bodyOf(path: string, length: number): Buffer {
  const body = Buffer.alloc(length);
  const seed = createHash("sha256").update(path).digest().readUInt32LE(0) | 1;
  for (let i = 0, state = seed; i + 4 <= length; i += 4) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    body.writeUInt32LE(state, i);
  }
  return body;
}

/** The bodies of a few responses to one client, which pauses between its reads. */
async function read(port: number, paths: readonly string[], pause: number): Promise<string[]> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  for (const path of paths)
    socket.write(
      `GET ${path} HTTP/1.1\r\nHost: a\r\n${path === paths.at(-1) ? "Connection: close\r\n" : ""}\r\n`,
    );
  const pieces: Buffer[] = [];
  for await (const piece of socket) {
    pieces.push(piece as Buffer);
    if (pause > 0 && pieces.length % 8 === 0) await sleep(pause);
  }
  let rest = Buffer.concat(pieces);
  const bodies: string[] = [];
  for (let i = 0; i < paths.length; i++) {
    const end = rest.indexOf("\r\n\r\n") + 4;
    const head = rest.subarray(0, end).toString("latin1");
    const length = /^content-length: (\d+)/im.exec(head)?.[1];
    assert.ok(length !== undefined, head);
    bodies.push(rest.subarray(end, end + Number(length)).toString("base64"));
    rest = rest.subarray(end + Number(length));
  }
  return bodies;
}

const expected = (path: string): string =>
  bodyOf(path, Number(/\d+$/.exec(path))).toString("base64");

async function served(config: Partial<UpstreamConfig>): Promise<{ readonly port: number }> {
  const upstream = await httpServer((request, response) => {
    const body = bodyOf(request.url!, Number(/\d+$/.exec(request.url!)));
    response.setHeader("Content-Length", body.length);
    response.end(body);
  });
  return gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream], ...config } },
  });
}

test("responses to slow and fast clients over the same connections have their own bytes", async () => {
  const sizes = [3, 900, 13_000, 16_384, 40_000, 300_000, 6_000_000];
  const { port } = await served({ maxConnections: 4, queueTimeout: 60_000 });
  await Promise.all(
    Array.from({ length: 12 }, async (_, client) => {
      const paths = Array.from(
        { length: 4 },
        (_unused, i) => `/${client}/${sizes[(client * 3 + i * 5) % sizes.length]}`,
      );
      const bodies = await read(port, paths, client % 3);
      for (const [i, path] of paths.entries())
        assert.ok(bodies[i] === expected(path), `${path} differs`);
    }),
  );
});

test("bytes that were kept survive the next response on the same connection", async () => {
  let count = 0;
  const port = await socketServer((socket) => {
    socket.on("data", () =>
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n${count++}xx`),
    );
    socket.on("error", () => undefined);
  });
  const owner = { idleTimeout: 5000, idle() {}, gone() {} };
  const dialer = new Dialer({}, "127.0.0.1", port);
  const connection = new Connection(owner, dialer, { name: "", timeout: 5000 });
  const kept: Uint8Array[] = [];
  const ask = (): Promise<void> =>
    askUpstream(
      (asker) => connection.ask(upstreamGet, asker),
      (bytes) => kept.push(bytes) === 0,
    );
  for (let turn = 0; turn < 3; turn++) await ask();
  connection.destroy();
  assert.equal(Buffer.concat(kept).toString(), "0xx1xx2xx");
});

test("a buffer is read into again, grows once it was full, and is given up when it was lent", () => {
  const buffer = new ReadBuffer();
  const first = buffer.next();
  buffer.filled(10);
  assert.equal(buffer.next(), first);
  assert.equal(buffer.filled(first.length).length, first.length);
  const larger = buffer.next();
  assert.ok(larger.length > first.length);
  buffer.filled(larger.length);
  assert.equal(buffer.next(), larger);
  buffer.filled(5);
  buffer.lend();
  assert.notEqual(buffer.next(), larger);
  const other = buffer.next();
  assert.equal(buffer.next(), other);
});
