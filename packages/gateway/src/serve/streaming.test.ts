// Bodies stream both ways at the pace of the slower end and are never buffered whole.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";
const cors = { allowOrigins: [app], exposeHeaders: "Content-Disposition" };
const mebibyte = 1024 * 1024;
const block = Buffer.alloc(mebibyte, "corsway ");

function rssWatch(): () => number {
  const before = process.memoryUsage.rss();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, process.memoryUsage.rss())), 10);
  return () => {
    clearInterval(timer);
    return (most - before) / mebibyte;
  };
}

test("256 MiB down and 256 MiB up arrive complete, in constant memory, with Content-Disposition", async () => {
  const size = 256;
  const upstream = await httpServer((request, response) => {
    if (request.method === "POST") {
      const hash = createHash("sha256");
      let length = 0;
      request.on("data", (chunk: Buffer) => {
        hash.update(chunk);
        length += chunk.length;
      });
      request.on("end", () => response.end(`${length} ${hash.digest("hex")}`));
      return;
    }
    response.setHeader("Content-Disposition", 'attachment; filename="big.bin"');
    response.setHeader("Content-Length", size * mebibyte);
    let left = size;
    const more = (): void => {
      while (left > 0) {
        left--;
        if (!response.write(block)) {
          response.once("drain", more);
          return;
        }
      }
      response.end();
    };
    more();
  });
  const { port } = await gatewayOf({
    locations: [
      { path: "/", upstream: "api", cors, kind: "http-file", bodyLimit: 1024 * mebibyte },
    ],
    upstreams: { api: { ports: [upstream] } },
  });
  const expected = createHash("sha256");
  for (let i = 0; i < size; i++) expected.update(block);
  const digest = expected.digest("hex");
  const grown = rssWatch();

  const down = httpRequest({ port, path: "/big", headers: { Origin: app } }).end();
  const [response] = (await once(down, "response")) as [import("node:http").IncomingMessage];
  assert.equal(response.headers["content-disposition"], 'attachment; filename="big.bin"');
  const hash = createHash("sha256");
  for await (const chunk of response) hash.update(chunk as Buffer);
  assert.equal(hash.digest("hex"), digest);

  const up = httpRequest({ port, path: "/big", method: "POST", headers: { Origin: app } });
  for (let i = 0; i < size; i++) if (!up.write(block)) await once(up, "drain");
  up.end();
  const [answer] = (await once(up, "response")) as [import("node:http").IncomingMessage];
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  assert.equal(text, `${size * mebibyte} ${digest}`);
  const growth = grown();
  assert.ok(growth < 160, `resident memory grew by ${growth.toFixed(0)} MiB`);
});

test("a client that does not read pauses the upstream, and is disconnected if it never reads", async () => {
  let written = 0;
  let stopped: (() => void) | undefined;
  const upstreamClosed = new Promise<void>((resolve) => (stopped = resolve));
  const upstream = await httpServer((_request, response) => {
    response.on("close", () => stopped?.());
    const more = (): void => {
      while (written < 512 && !response.destroyed) {
        written++;
        if (!response.write(block)) {
          response.once("drain", more);
          return;
        }
      }
    };
    more();
  });
  const { port, logged } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
    limits: { writeStallTimeout: 400 },
  });
  const socket = connect(port, "127.0.0.1");
  socket.pause();
  socket.on("error", () => undefined);
  socket.write("GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  await upstreamClosed;
  assert.ok(
    written < 64,
    `${written} MiB were taken from the upstream for a client that reads nothing`,
  );
  const [record] = await logged(1);
  assert.equal(record?.error, "client_gone");
  socket.destroy();
});

test("the first part of a response is forwarded before the last arrives", async () => {
  let finish: (() => void) | undefined;
  const upstream = await httpServer((_request, response) => {
    response.setHeader("Content-Type", "text/event-stream");
    response.write("data: one\n\n");
    finish = () => response.end("data: two\n\n");
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
  const asked = httpRequest({ port, path: "/events" }).end();
  const [response] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
  const heard = hear(response);
  assert.equal(await heard.until("\n\n"), "data: one\n\n");
  finish?.();
  assert.equal(await heard.until("\n\n"), "data: two\n\n");
});

test("a head is forwarded immediately, even if the body is late", async () => {
  let finish: (() => void) | undefined;
  const upstream = await httpServer((_request, response) => {
    response.flushHeaders();
    finish = () => response.end("late");
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
  const asked = httpRequest({ port, path: "/late" }).end();
  const [response] = (await once(asked, "response")) as [import("node:http").IncomingMessage];
  assert.equal(response.statusCode, 200);
  finish?.();
  let text = "";
  for await (const chunk of response) text += String(chunk);
  assert.equal(text, "late");
});

test("Range and its response are forwarded unchanged; HEAD has a length and no body", async () => {
  const upstream = await httpServer((request, response) => {
    const head = { "Content-Range": "bytes 0-2/10", "Accept-Ranges": "bytes", "Content-Length": 3 };
    response.writeHead(request.headers.range === "bytes=0-2" ? 206 : 200, head);
    response.end(request.method === "HEAD" ? undefined : "abc");
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors, methods: ["GET"] }],
    upstreams: { api: { ports: [upstream] } },
  });
  const get = (method: string): string =>
    `${method} /x HTTP/1.1\r\nHost: a\r\nOrigin: ${app}\r\nRange: bytes=0-2\r\nConnection: close\r\n\r\n`;
  const answer = await sendRaw(port, get("GET"));
  assert.equal(answer.status, 206);
  assert.deepEqual(answer.header("Content-Range"), ["bytes 0-2/10"]);
  assert.deepEqual(answer.header("Access-Control-Expose-Headers"), ["Content-Disposition"]);
  assert.equal(answer.body, "abc");
  const head = await sendRaw(port, get("HEAD"));
  assert.equal(head.status, 206);
  assert.deepEqual(head.header("Content-Length"), ["3"]);
  assert.equal(head.body, "");
});
