// How a client's connection is kept, limited and closed, observed over the wire.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { gatewayOf, httpServer, socketServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";
const cors = { allowOrigins: [app] };

async function echoing(): Promise<{ port: number }> {
  const upstream = await httpServer((request, response) => {
    if (request.url === "/sized") response.setHeader("Content-Length", 4);
    if (request.url === "/dated") response.setHeader("Date", "Thu, 01 Jan 1970 00:00:00 GMT");
    if (request.url === "/none") response.statusCode = 204;
    if (request.url === "/none") response.end();
    else {
      response.write("we");
      response.end("ll");
    }
  });
  return gatewayOf({
    locations: [{ path: "/", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
}
const ask = (target: string, version = "1.1", fields = ""): string =>
  `GET ${target} HTTP/${version}\r\nHost: a\r\n${fields}\r\n`;

test("a body without a length is sent chunked, or to HTTP/1.0 until the connection closes", async () => {
  const { port } = await echoing();
  const modern = await sendRaw(port, ask("/", "1.1", "Connection: close\r\n"));
  assert.deepEqual(modern.header("Transfer-Encoding"), ["chunked"]);
  assert.match(modern.body, /^\w+\r\n[^]*0\r\n\r\n$/);
  const old = await sendRaw(port, ask("/", "1.0", "Connection: keep-alive\r\n"));
  assert.deepEqual(old.header("Transfer-Encoding"), []);
  assert.deepEqual(old.header("Connection"), ["close"]);
  assert.equal(old.body, "well");
});

test("an HTTP/1.0 connection is kept only if the client asks for it and the body has a length", async () => {
  const { port } = await echoing();
  const kept = await sendRaw(
    port,
    ask("/sized", "1.0", "Connection: keep-alive\r\n") + ask("/sized", "1.0"),
  );
  assert.deepEqual(kept.header("Connection"), ["keep-alive"]);
  assert.equal(kept.text.match(/HTTP\/1\.1 200/g)?.length, 2);
  assert.match(kept.text, /Connection: close\r\n\r\nwell$/);
});

test("a 204 has neither body nor framing, and each response has one Date", async () => {
  const { port } = await echoing();
  const none = await sendRaw(port, ask("/none", "1.1", "Connection: close\r\n"));
  assert.equal(none.status, 204);
  assert.deepEqual(none.header("Transfer-Encoding"), []);
  assert.equal(none.body, "");
  assert.equal(none.header("Date").length, 1);
  const dated = await sendRaw(port, ask("/dated", "1.1", "Connection: close\r\n"));
  assert.deepEqual(dated.header("Date"), ["Thu, 01 Jan 1970 00:00:00 GMT"]);
});

test("empty lines between requests are skipped, and an idle kept connection is closed", async () => {
  const { port } = await gatewayOf({ locations: [], limits: { keepaliveTimeout: 300 } });
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  socket.write(`${ask("/1")}\r\n${ask("/2")}`);
  await heard.until("}\n");
  await heard.until("}\n");
  const begun = performance.now();
  await once(socket, "close");
  assert.ok(performance.now() - begun < 5000);
});

test("OPTIONS * is answered for the server, with the server's policy, and never forwarded", async () => {
  const upstream = await httpServer((_request, response) => response.end("forwarded"));
  const { port } = await gatewayOf({
    locations: [{ upstream: "api", cors: { allowOrigins: ["https://other.example"] } }],
    upstreams: { api: { ports: [upstream] } },
    fallback: cors,
  });
  const answer = await sendRaw(
    port,
    `OPTIONS * HTTP/1.1\r\nHost: a\r\nOrigin: ${app}\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(answer.status, 204);
  assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
  assert.match(answer.header("Allow")[0]!, /^GET, HEAD, /);
});

test("an invalid request is logged, counted and answered under the policy that is known to apply", async () => {
  const { gateway, port, logged } = await gatewayOf({
    locations: [{ name: "users", path: "/users", cors }],
    fallback: false,
    limits: { headerTimeout: 200 },
  });
  const large = `GET /users HTTP/1.1\r\nHost: a\r\nOrigin: ${app}\r\nCookie: ${"c".repeat(20_000)}\r\n\r\n`;
  const late = `GET /users HTTP/1.1\r\nHost: a\r\nOrigin: ${app}\r\nAccept`;
  assert.deepEqual((await sendRaw(port, large)).header("Access-Control-Allow-Origin"), [app]);
  const timedOut = await sendRaw(port, late, 3000);
  assert.equal(timedOut.status, 408);
  assert.deepEqual(timedOut.header("Access-Control-Allow-Origin"), [app]);
  const garbage = await sendRaw(port, "\x16\x03\x01\0");
  assert.equal(garbage.status, 400);
  assert.deepEqual(garbage.header("Access-Control-Allow-Origin"), []);
  const records = await logged(3);
  assert.deepEqual(
    records.map(({ status, error, location, path }) => [status, error, location, path]),
    [
      [431, "large_head", "users", "/users"],
      [408, "late_head", "users", "/users"],
      [400, "malformed_head", undefined, ""],
    ],
  );
  const { errors } = await gateway.status();
  assert.deepEqual(errors, { large_head: 1, late_head: 1, malformed_head: 1 });
});

test("connections beyond the limit are closed immediately, reported once and counted", async () => {
  const shortages: unknown[] = [];
  const { gateway, port } = await gatewayOf(
    { locations: [], limits: { maxConnections: 2 } },
    { onShortage: (shortage) => shortages.push(shortage) },
  );
  const open = [connect(port, "127.0.0.1"), connect(port, "127.0.0.1")];
  await Promise.all(open.map((socket) => once(socket, "connect")));
  for (let i = 0; i < 2; i++) {
    const third = connect(port, "127.0.0.1").on("error", () => undefined);
    third.resume();
    await once(third, "close");
  }
  assert.deepEqual((await gateway.status()).connections, { open: 2, refused: 2 });
  assert.deepEqual(shortages, [{ most: 2, by: "max_connections" }]);
  open[0]!.destroy();
  await once(open[0]!, "close");
  const answer = await sendRaw(port, ask("/", "1.1", "Connection: close\r\n"));
  assert.equal(answer.status, 404);
  open[1]!.destroy();
});

test("a client that reads nothing is disconnected at its limit, and one that reads a little is not", async (t) => {
  const block = Buffer.alloc(1024 * 1024, "x");
  const upstream = await httpServer((_request, response) => {
    const more = (): void => {
      while (!response.destroyed) if (!response.write(block)) break;
    };
    response.on("drain", more);
    more();
  });
  const { port, log } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream], readTimeout: 60_000 } },
    limits: { writeStallTimeout: 1500 },
  });
  const reading = connect(port, "127.0.0.1").on("error", () => undefined);
  reading.write(ask("/"));
  reading.pause();
  const sip = setInterval(() => {
    for (let i = 0; i < 40; i++) reading.read();
  }, 50);
  const stalled = connect(port, "127.0.0.1").on("error", () => undefined);
  t.after(() => {
    clearInterval(sip);
    reading.destroy();
    stalled.destroy();
  });
  stalled.pause();
  stalled.write(ask("/"));
  while (log.length === 0) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual(
    log.map(({ error }) => error),
    ["client_gone"],
  );
  assert.equal(reading.destroyed || reading.readableEnded, false);
});

test("a drain answers requests that arrived or are arriving, and the last response closes the connection", async () => {
  const upstream = await httpServer((request, response) => {
    setTimeout(() => response.end(`<${request.url}>`), 100);
  });
  const { gateway, port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  const kept = connect(port, "127.0.0.1");
  const keptHeard = hear(kept);
  kept.write(ask("/before"));
  await keptHeard.until("</before>");
  const busy = connect(port, "127.0.0.1");
  const busyHeard = hear(busy);
  busy.write(ask("/1") + ask("/2") + ask("/3"));
  await new Promise((resolve) => setTimeout(resolve, 50));
  const closed = gateway.close();
  kept.write(ask("/after"));
  const after = await keptHeard.until("</after>");
  assert.match(after, /Connection: close/);
  const three = await busyHeard.until("</3>");
  assert.equal(three.match(/Connection: close/g)?.length, 1);
  assert.match(three, /<\/2>[^]*Connection: close[^]*<\/3>/);
  await closed;
});

test("a response sent before the body is complete arrives, even while the client keeps sending", async () => {
  const { port } = await gatewayOf({ locations: [{ path: "/x", cors }] });
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  const heard = hear(socket);
  socket.write(
    `OPTIONS /x HTTP/1.1\r\nHost: a\r\nOrigin: ${app}\r\nAccess-Control-Request-Method: GET\r\nContent-Length: 5000000\r\n\r\n`,
  );
  for (let i = 0; i < 50; i++) socket.write(Buffer.alloc(100_000));
  const answer = await heard.until("\r\n\r\n");
  assert.match(answer, /^HTTP\/1\.1 204 [^]*Connection: close/);
  socket.destroy();
});

test("when the upstream's response breaks off, an HTTP/1.0 client's connection is reset, not closed", async () => {
  const upstream = await socketServer((socket: Socket) => {
    socket.once("data", () => {
      socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
      setTimeout(() => socket.destroy(), 150);
    });
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  const socket = connect(port, "127.0.0.1").resume();
  const broken = once(socket, "error");
  socket.write(ask("/", "1.0"));
  const [error] = (await broken) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNRESET");
});
