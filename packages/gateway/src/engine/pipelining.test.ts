// Requests that a client sends without waiting for earlier responses.

import assert from "node:assert/strict";
import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import { test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";

const get = (target: string, more = ""): string =>
  `GET ${target} HTTP/1.1\r\nHost: a\r\n${more}\r\n`;

/** An upstream whose `/hang` waits until the test answers it; the rest it answers with the path. */
async function patient(): Promise<{ port: number; seen: string[]; hanging: ServerResponse[] }> {
  const seen: string[] = [];
  const hanging: ServerResponse[] = [];
  const port = await httpServer((request, response) => {
    seen.push(request.url!);
    if (request.url!.startsWith("/hang")) {
      hanging.push(response);
      return;
    }
    request.resume();
    request.on("end", () => response.end(`<${request.url}>`));
  });
  return { port, seen, hanging };
}

async function until(done: () => boolean): Promise<void> {
  while (!done()) await new Promise((resolve) => setTimeout(resolve, 5));
}

test("600 stalled requests on one connection occupy one slot, and other clients are served", async () => {
  const upstream = await patient();
  const { gateway, port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream.port], maxConnections: 8 } },
  });
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  for (let i = 0; i < 600; i += 100)
    socket.write(Array.from({ length: 100 }, (_, j) => get(`/hang/${i + j}`)).join(""));
  await until(() => upstream.seen.length > 0);
  for (let turn = 0; turn < 20; turn++) {
    const answer = await sendRaw(port, get("/quick", "Connection: close\r\n"));
    assert.equal(answer.status, 200);
  }
  assert.equal((await gateway.status()).upstreams[0]!.addresses[0]!.active, 1);
  assert.deepEqual(
    upstream.seen.filter((target) => target !== "/quick"),
    ["/hang/0"],
  );
  upstream.hanging[0]!.end("<first>");
  await heard.until("<first>");
  await until(() => upstream.hanging.length === 2);
  socket.destroy();
});

test("responses and their bodies keep the order of the requests, however the bytes arrive", async () => {
  const upstream = await patient();
  const { port } = await gatewayOf({
    locations: [
      { path: "/", upstream: "api" },
      { path: "/pre", cors: { allowOrigins: ["https://app.example.com"] }, upstream: "api" },
    ],
    upstreams: { api: { ports: [upstream.port] } },
  });
  const post = `POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 70000\r\n\r\n${"x".repeat(70_000)}`;
  const preflight =
    "OPTIONS /pre HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\nAccess-Control-Request-Method: GET\r\n\r\n";
  const bytes = get("/1") + post + preflight + get("/2") + post + get("/3");
  for (const size of [bytes.length, 50_000, 7_001]) {
    const socket = connect(port, "127.0.0.1");
    const heard = hear(socket);
    for (let at = 0; at < bytes.length; at += size) {
      socket.write(bytes.slice(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
    const text = await heard.until("</3>");
    assert.deepEqual(
      Array.from(
        text.matchAll(/HTTP\/1\.1 (\d+)|<(\/\w+)/g),
        ([, status, target]) => status ?? target,
      ),
      ["200", "/1", "200", "/post", "204", "200", "/2", "200", "/post", "200", "/3"],
    );
    socket.destroy();
  }
});

test("no request after a response that closes the connection is processed", async () => {
  const upstream = await patient();
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream.port] } },
  });
  const nameless = "GET /bad HTTP/1.1\r\n\r\n";
  const answer = await sendRaw(port, get("/1") + nameless + get("/2").repeat(50));
  assert.deepEqual(
    Array.from(answer.text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status),
    ["200", "400"],
  );
  assert.deepEqual(upstream.seen, ["/1"]);
});

test("malformed bytes behind waiting requests get a 400 after their responses", async () => {
  const upstream = await patient();
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream.port] } },
  });
  const badBody = "POST /bad HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n";
  for (const bad of ["\0\0\0 nothing\r\n\r\n", badBody]) {
    upstream.seen.length = 0;
    const answer = await sendRaw(port, get("/1") + get("/2") + bad);
    assert.deepEqual(
      Array.from(answer.text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status),
      ["200", "200", "400"],
    );
    assert.deepEqual(upstream.seen, ["/1", "/2"]);
  }
});

for (const completed of [true, false])
  test(`a head that waited unread behind a slow response is ${completed ? "accepted" : "answered with 408 if the rest never arrives"}`, async () => {
    const upstream = await patient();
    const { port } = await gatewayOf({
      locations: [{ path: "/", upstream: "api" }],
      upstreams: { api: { ports: [upstream.port] } },
      limits: { headerTimeout: 500 },
    });
    const socket = connect(port, "127.0.0.1");
    const heard = hear(socket);
    socket.write(get("/hang") + get("/2") + get("/3").slice(0, 20));
    await until(() => upstream.hanging.length === 1);
    // Longer than header_timeout and the second in which node:http looks at it.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    upstream.hanging[0]!.end("<late>");
    await heard.until("</2>");
    if (completed) {
      socket.write(get("/3").slice(20));
      assert.match(await heard.until("</3>"), /^HTTP\/1\.1 200 /);
      socket.destroy();
    } else {
      const closed = once(socket, "close");
      assert.match(await heard.until("\r\n\r\n"), /^HTTP\/1\.1 408 /);
      socket.end();
      await closed;
    }
  });
