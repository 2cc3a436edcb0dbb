// Upstreams behind TLS: verification, session resumption, and how failures are classified.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:https";
import { connect, type AddressInfo } from "node:net";
import { after, test } from "node:test";
import {
  getCACertificates,
  setDefaultCACertificates,
  type TLSSocket,
  type TlsOptions,
} from "node:tls";
import { certificateFor } from "../../../../test/support/browser/certificate.ts";
import { gatewayOf, httpServer, socketServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";

const get = (path: string, host = "a.test"): string =>
  `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;

async function secureServer(
  options: TlsOptions,
  seen: (socket: TLSSocket) => void = () => undefined,
  close = false,
  prepare: (server: Server) => void = () => undefined,
): Promise<number> {
  const made = options.cert === undefined ? await certificateFor("inner.test") : undefined;
  const server: Server = createServer({ ...made, ...options }, (request, response) => {
    seen(request.socket as TLSSocket);
    if (close) response.setHeader("Connection", "close");
    response.end("secret");
  }).listen(0, "127.0.0.1");
  prepare(server);
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

test("a TLS failure is classified as no TLS, an old version, a certificate or a handshake", async () => {
  const plain = await httpServer((_request, response) => response.end("plain"));
  const old = await secureServer({
    minVersion: "TLSv1",
    maxVersion: "TLSv1.1",
    ciphers: "DEFAULT@SECLEVEL=0",
  });
  const unknown = await secureServer({});
  const hangsUp = await socketServer((socket) => void socket.once("data", () => socket.destroy()));
  const tls = { sni: "inner.test", verify: true };
  const upstreams = { plain, old, unknown, hangsUp };
  const { port, logged, log } = await gatewayOf({
    locations: Object.keys(upstreams).map((upstream) => ({ path: `/${upstream}`, upstream })),
    upstreams: Object.fromEntries(
      Object.entries(upstreams).map(([name, at]) => [name, { ports: [at], tls }]),
    ),
  });
  for (const [name, message, status] of [
    ["plain", /does not use TLS/, "tls_protocol_error"],
    ["old", /no accepted version of TLS/, "tls_protocol_error"],
    ["unknown", /certificate was not accepted/, "tls_certificate_error"],
    ["hangsUp", /handshake .* failed/, "tls_protocol_error"],
  ] as const) {
    const answer = await sendRaw(port, get(`/${name}`));
    assert.equal(answer.status, 502, name);
    assert.match(answer.body, message);
    assert.deepEqual(answer.header("Proxy-Status"), [`corsway; error=${status}`]);
  }
  await logged(4);
  for (const { path, cause } of log) assert.match(cause ?? "", /^[A-Z][A-Z0-9_]+$/, path);
  assert.equal(log.find(({ path }) => path === "/unknown")?.cause, "DEPTH_ZERO_SELF_SIGNED_CERT");
});

test("a certificate is accepted only for the requested name, even with a resumed session", async () => {
  const made = await certificateFor("inner.test");
  const trusted = getCACertificates("default");
  setDefaultCACertificates([...trusted, made.cert]);
  after(() => setDefaultCACertificates(trusted));
  const at = await secureServer(made);
  const names = { right: "inner.test", wrong: "other.test" };
  const { port, log, logged } = await gatewayOf({
    locations: [...Object.keys(names), "host"].map((name) => ({
      path: `/${name}`,
      upstream: name,
    })),
    upstreams: {
      right: { ports: [at], tls: { sni: names.right, verify: true } },
      wrong: { ports: [at], tls: { sni: names.wrong, verify: true } },
      host: { ports: [at], tls: { verify: true } },
    },
  });
  for (let i = 0; i < 2; i++) {
    assert.equal((await sendRaw(port, get("/right"))).body, "secret");
    assert.equal((await sendRaw(port, get("/wrong"))).status, 502);
    assert.equal((await sendRaw(port, get("/host", "inner.test"))).body, "secret");
    assert.equal((await sendRaw(port, get("/host", "other.test"))).status, 502);
  }
  await logged(8);
  const causes = new Set(log.map(({ cause }) => cause));
  assert.deepEqual(causes, new Set([undefined, "ERR_TLS_CERT_ALTNAME_INVALID"]));
});

test("a TLS handshake that never completes is bounded by the connect timeout", async () => {
  const silent = await socketServer(() => undefined);
  const tls = { sni: "inner.test", verify: true };
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "silent" }],
    upstreams: { silent: { ports: [silent], tls, connectionTimeout: 200 } },
  });
  const answer = await sendRaw(port, get("/"));
  assert.equal(answer.status, 504);
  assert.deepEqual(answer.header("Proxy-Status"), ["corsway; error=connection_timeout"]);
});

test("a session is resumed, but never for another name", async () => {
  const seen: string[] = [];
  const at = await secureServer(
    {},
    (socket) => seen.push(`${socket.servername} ${socket.isSessionReused()}`),
    true,
  );
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [at], tls: { verify: false } } },
  });
  for (const host of ["a.test", "a.test", "b.test", "b.test:8443", "a.test"])
    assert.equal((await sendRaw(port, get("/", host))).body, "secret");
  assert.deepEqual(seen, [
    "a.test false",
    "a.test true",
    "b.test false",
    "b.test true",
    "a.test true",
  ]);
});

test("a kept connection is reused only for the name that it was opened with", async () => {
  const sockets = new Map<TLSSocket, string[]>();
  const at = await secureServer({}, (socket) => {
    sockets.set(socket, [...(sockets.get(socket) ?? []), String(socket.servername)]);
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [at], tls: { verify: false } } },
  });
  for (const host of ["a.test", "b.test", "a.test", "b.test"])
    assert.equal((await sendRaw(port, get("/", host))).body, "secret");
  assert.deepEqual(
    [...sockets.values()],
    [
      ["a.test", "a.test"],
      ["b.test", "b.test"],
    ],
  );
});

test("an address whose connections fail is tried last for a while", async () => {
  let tried = 0;
  const broken = await socketServer((socket) => {
    tried++;
    socket.on("error", () => undefined);
    socket.once("data", () => socket.destroy());
  });
  const well = await secureServer({}, () => undefined, true);
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [broken, well], tls: { sni: "inner.test", verify: false } } },
  });
  for (let i = 0; i < 4; i++) assert.equal((await sendRaw(port, get("/"))).body, "secret");
  assert.equal(tried, 1);
});

test("host names chosen by clients cannot exceed the connection limit", async () => {
  const open = new Set<TLSSocket>();
  let most = 0;
  const at = await secureServer({}, (socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.once("close", () => open.delete(socket));
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [at], tls: { verify: false }, maxConnections: 2 } },
  });
  for (let i = 0; i < 8; i++)
    assert.equal((await sendRaw(port, get("/", `n${i}.test`))).body, "secret");
  // One more may be closing.
  assert.ok(most <= 3, `${most} connections at a time`);
});

test("a WebSocket to a TLS upstream forwards the bytes that come with its 101, and data both ways", async () => {
  const at = await secureServer({}, undefined, false, (server) =>
    server.on("upgrade", (_request, socket: TLSSocket) => {
      socket.write(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhello",
      );
      socket.pipe(socket);
    }),
  );
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [at], tls: { sni: "inner.test", verify: false } } },
  });
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${key}\r\n`,
  );
  assert.match(await heard.until("hello"), /^HTTP\/1\.1 101 /);
  socket.write("there and back");
  assert.equal(await heard.until("there and back"), "there and back");
  socket.destroy();
});

test("a health check rejects every certificate that a request would reject", async () => {
  const asked: TLSSocket[] = [];
  const at = await secureServer({}, (socket) => asked.push(socket));
  const healthCheck = {
    scheme: "https",
    host: "inner.test",
    path: "/ping",
    frequency: 10,
    success: 1,
    failure: 1,
    connectionTimeout: 1000,
    readTimeout: 1000,
  } as const;
  const { gateway } = await gatewayOf({
    locations: [],
    upstreams: {
      strict: { ports: [at], tls: { sni: "inner.test", verify: true }, healthCheck },
      lax: { ports: [at], tls: { sni: "inner.test", verify: false }, healthCheck },
      plain: { ports: [at], healthCheck },
    },
  });
  const healthy = async (): Promise<string[]> =>
    (await gateway.status()).upstreams
      .filter(({ addresses }) => addresses.every((address) => address.healthy))
      .map(({ name }) => name);
  for (let turn = 0; turn < 300 && ((await healthy()).length > 1 || asked.length < 3); turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(await healthy(), ["lax"]);
  assert.ok(asked.length >= 3);
});
