import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { gatewayOf, httpServer, socketServer } from "../../../../test/support/harness.ts";
import { hear, parseAnswer, sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";

function handshake(origin: string | undefined, more = ""): string {
  const from = origin === undefined ? "" : `Origin: ${origin}\r\n`;
  return `GET /ws HTTP/1.1\r\nHost: api.test\r\n${from}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n${more}\r\n`;
}

/** Switches, then sends back what it gets; keeps what came before its 101. */
async function echo(): Promise<{ port: number; heads: string[]; early: string[] }> {
  const heads: string[] = [];
  const early: string[] = [];
  const port = await socketServer((socket) => {
    let head = "";
    let switched = false;
    socket.on("data", (chunk: Buffer) => {
      if (switched) {
        socket.write(chunk);
        return;
      }
      head += chunk.toString("latin1");
      const end = head.indexOf("\r\n\r\n");
      if (end < 0) return;
      heads.push(head.slice(0, end));
      early.push(head.slice(end + 4));
      setTimeout(() => {
        switched = true;
        socket.write(
          "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n",
        );
      }, 20);
    });
    socket.on("end", () => socket.end());
  });
  return { port, heads, early };
}

const listed = { allowOrigins: [app] };
const anybody = { allowOrigins: "*" };

for (const { name, cors, origin, status, without = false } of [
  { name: "a listed origin", cors: listed, origin: app, status: 101 },
  { name: "another origin", cors: listed, origin: "https://evil.example", status: 403 },
  { name: "the same origin", cors: listed, origin: "http://api.test", status: 101 },
  { name: "an origin that only * admits", cors: anybody, origin: app, status: 403 },
  { name: "the same origin under *", cors: anybody, origin: "http://api.test", status: 101 },
  { name: "a listed origin among rules", cors: [listed, anybody], origin: app, status: 101 },
  {
    name: "an origin that only a rule for `*` allows",
    cors: [listed, anybody],
    origin: "https://evil.example",
    status: 403,
  },
  { name: "another origin where cors = false", cors: false as const, origin: app, status: 403 },
  {
    name: "any origin without a policy",
    cors: "absent" as const,
    origin: app,
    status: 101,
  },
  {
    name: "any origin where the upstream handles CORS",
    cors: "upstream" as const,
    origin: app,
    status: 101,
  },
  { name: "no origin", cors: listed, origin: undefined, status: 403 },
  {
    name: "no origin under websocket_without_origin",
    cors: listed,
    origin: undefined,
    status: 101,
    without: true,
  },
]) {
  test(`a WebSocket from ${name}: ${status}`, async () => {
    const upstream = await echo();
    const { port } = await gatewayOf({
      locations: [{ path: "/ws", upstream: "api", cors, websocketWithoutOrigin: without }],
      upstreams: { api: { ports: [upstream.port] } },
    });
    const answer = await sendRaw(port, handshake(origin), 200);
    assert.equal(answer.status, status, answer.text);
    assert.equal(upstream.heads.length, status === 101 ? 1 : 0);
  });
}

test("bytes that arrive with the upstream's 101 are the first of the new protocol", async () => {
  const upstream = await socketServer((socket) => {
    socket.once("data", () =>
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello",
      ),
    );
    socket.on("end", () => socket.end());
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  socket.write(handshake(app));
  assert.match(await heard.until("hello"), /^HTTP\/1\.1 101 [^]*\r\n\r\nhello$/);
  socket.destroy();
});

test("a 101 to a protocol other than the requested one causes a 502", async () => {
  const upstream = await socketServer((socket) => {
    socket.once("data", () =>
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n",
      ),
    );
    socket.on("end", () => socket.end());
  });
  const { port, gateway } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  assert.equal((await sendRaw(port, handshake(app))).status, 502);
  assert.equal((await gateway.status()).upstreams[0]!.addresses[0]!.active, 0);
});

test("a WebSocket's bytes pass both ways, none before the 101, and closing one side closes both", async () => {
  const upstream = await echo();
  const { port, logged } = await gatewayOf({
    locations: [{ path: "/ws", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream.port] } },
  });
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  socket.write(`${handshake(app)}EARLY `);
  const begun = await heard.until("EARLY ");
  socket.write("late");
  const answer = parseAnswer(begun + (await heard.until("late")));
  assert.equal(answer.status, 101);
  assert.deepEqual(answer.header("Sec-WebSocket-Accept"), ["s3pPLMBiTxaQ9kYGzzhZRbK+xOo="]);
  assert.equal(answer.body, "EARLY late");
  assert.deepEqual(upstream.early, [""]);
  assert.match(upstream.heads[0]!, /upgrade: websocket/i);
  assert.match(upstream.heads[0]!, /X-Forwarded-For: 127\.0\.0\.1/);
  socket.end();
  await once(socket, "close");
  const [record] = await logged(1);
  assert.equal(record?.status, 101);
  assert.equal(record?.bytes_out, 10);
});

test("a disconnected client frees its slot, even if the upstream never closes its side", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const held: Socket[] = [];
  const upstream = await socketServer((socket) => {
    held.push(socket);
    socket.once("data", () =>
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      ),
    );
  });
  const { port, gateway, log } = await gatewayOf({
    locations: [{ path: "/ws", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream] } },
  });
  const active = async (): Promise<number | undefined> =>
    (await gateway.status()).upstreams[0]?.addresses[0]?.websockets;
  const socket = connect(port, "127.0.0.1");
  socket.write(handshake(app));
  await once(socket, "data");
  assert.equal(await active(), 1);
  socket.end();
  await once(held[0]!, "end");
  t.mock.timers.tick(5000);
  for (let turn = 0; turn < 10_000 && log.length === 0; turn++)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(await active(), 0);
});

test("the response of an upstream that does not switch is forwarded with CORS", async () => {
  const upstream = await socketServer((socket) => {
    socket.once("data", () =>
      socket.end("HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nno"),
    );
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/ws", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream] } },
  });
  const answer = await sendRaw(port, `${handshake(app)}GET /smuggled HTTP/1.1\r\n\r\n`, 500);
  assert.equal(answer.status, 401);
  assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
  assert.equal(answer.body, "no");
});

test("a long response body to a handshake is forwarded completely", async () => {
  const long = "x".repeat(3_000_000);
  const upstream = await socketServer((socket) => {
    socket.on("data", () => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${long.length}\r\n\r\n${long}`);
    });
  });
  const { port, logged } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream] } },
  });
  const answer = await sendRaw(port, handshake(app));
  assert.equal(answer.status, 200);
  assert.equal(answer.body.length, long.length);
  const [record] = await logged(1);
  assert.equal(record?.bytes_out, long.length);
});

for (const { name, bytes, last } of [
  { name: "a handshake", bytes: handshake(app), last: "200" },
  { name: "CONNECT", bytes: "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n", last: "405" },
])
  test(`${name} behind requests in progress is answered in turn and switches no protocol`, async () => {
    const seen: (string | undefined)[] = [];
    const upstream = await httpServer((request, response) => {
      seen.push(request.headers.upgrade);
      setTimeout(() => response.end("well"), 20);
    });
    const { gateway, port, logged } = await gatewayOf({
      locations: [{ path: "/", upstream: "api", cors: listed }],
      upstreams: { api: { ports: [upstream] } },
    });
    const slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    const { text } = await sendRaw(port, slow + slow + bytes, 500);
    assert.deepEqual(
      Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status),
      ["200", "200", last],
    );
    await logged(3);
    assert.equal((await gateway.status()).upstreams[0]!.addresses[0]!.active, 0);
    assert.ok(seen.every((upgrade) => upgrade === undefined));
    const next = await sendRaw(port, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    assert.equal(next.status, 200);
  });

test("an invalid handshake is refused; h2c and an HTTP/1.0 upgrade are treated as ordinary requests", async () => {
  const upstream = await echo();
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream.port], readTimeout: 300 } },
  });
  const keyless = handshake(app).replace(/Sec-WebSocket-Key.*\r\n/, "");
  assert.equal((await sendRaw(port, keyless, 500)).status, 400);
  const h2c = `GET /x HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n`;
  await sendRaw(port, h2c, 500);
  await sendRaw(port, handshake(app).replace("HTTP/1.1", "HTTP/1.0"), 500);
  assert.equal(upstream.heads.length, 2);
  for (const head of upstream.heads) assert.doesNotMatch(head, /upgrade:|http2-settings/i);
});

test("open WebSockets do not count towards max_connections, and have their own limit, response and count", async () => {
  const open: Socket[] = [];
  const upstream = await httpServer(
    (_request, response) => response.end("well"),
    (socket) => {
      open.push(socket);
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
      );
      socket.on("end", () => socket.end());
    },
  );
  const { port, gateway } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream], maxConnections: 2, maxWebSockets: 5 } },
    admin: true,
  });
  const sockets: Socket[] = [];
  const handshakeOnce = async (): Promise<string> => {
    const socket = connect(port, "127.0.0.1");
    sockets.push(socket);
    const heard = hear(socket);
    socket.write(handshake(app));
    return await heard.until("\r\n\r\n");
  };
  for (let i = 0; i < 5; i++) assert.match(await handshakeOnce(), /^HTTP\/1\.1 101 /);
  const refused = await sendRaw(port, handshake(app));
  assert.equal(refused.status, 503);
  assert.match(refused.body, /"too_many_websockets"/);
  assert.deepEqual(refused.header("Access-Control-Allow-Origin"), [app]);
  const answers = await Promise.all(
    Array.from({ length: 8 }, () =>
      sendRaw(port, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"),
    ),
  );
  for (const answer of answers) assert.equal(answer.status, 200);
  const [status] = (await gateway.status()).upstreams;
  assert.deepEqual(
    [status?.addresses[0]?.active, status?.addresses[0]?.websockets, status?.websocketsRefused],
    [0, 5, 1],
  );
  const admin = gateway.admin!.port;
  const { body } = await sendRaw(
    admin,
    `GET /metrics HTTP/1.1\r\nHost: 127.0.0.1:${admin}\r\nConnection: close\r\n\r\n`,
  );
  assert.match(body, /corsway_upstream_websockets\{upstream="api",address="[^"]+"\} 5/);
  assert.match(body, /corsway_upstream_websockets_refused_total\{upstream="api"\} 1/);
  const closed = once(open[0]!, "close");
  sockets[0]!.end();
  await closed;
  assert.match(await handshakeOnce(), /^HTTP\/1\.1 101 /);
  for (const socket of sockets) socket.destroy();
});
