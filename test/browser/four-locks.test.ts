// The four locks side by side: what a foreign page can do in a real Chromium (read, write, open a socket, come
// in under a name that was re-pointed), with the lines that close each door and without them, and what the
// gateway logged.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, it } from "node:test";
import { startGateway, type AccessRecord, type Gateway } from "corsway";
import { certificateFor } from "../support/browser/certificate.ts";
import { startChromium, type RunningChromium } from "../support/browser/chromium.ts";
import { openPage, type OpenPage } from "../support/browser/page.ts";
import { closeServer, listen, startPageServer } from "../support/browser/page-server.ts";

const app = "https://app.example.com";
const evil = "https://evil.example";
const api = "https://api.example.com";
const open = "https://open.example.com";
/** Its page comes from the attacker; then its name leads to the gateway. */
const rebound = "http://rebound.example";
const reboundOpen = "http://rebound-open.example";

/** One API, behind a server with the four locks and one without. */
const file = (upstream: number): string => `
[policies.app]
allow_origins = "${app}"             # read, and socket
allow_credentials = true
on_mismatch = "reject-writes"        # write

[servers.locked]
addr = "127.0.0.1:0"
hosts = "api.example.com"            # host
locations = ["locked"]
tls = { cert = "cert.pem", key = "key.pem" }

[servers.locked-plain]
addr = "127.0.0.1:0"
hosts = "api.example.com"
locations = ["locked"]

[servers.open]
addr = "127.0.0.1:0"
hosts = "*"
locations = ["open"]
tls = { cert = "cert.pem", key = "key.pem" }

[servers.open-plain]
addr = "127.0.0.1:0"
hosts = "*"
locations = ["open"]

[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]

[locations.locked]
path = "/"
upstream = "api"
cors = "app"

[locations.open]
path = "/"
upstream = "api"
`;

/** An API as they are: it answers everybody, and has heard of no lock. */
function createApi() {
  const executed: string[] = [];
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      executed.push(`${request.method} ${request.url}`);
      response.end("the visitor's data");
    });
  });
  server.on("upgrade", (request, socket) => {
    executed.push(`WebSocket ${request.url}`);
    const key = `${request.headers["sec-websocket-key"]}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const accept = createHash("sha1").update(key).digest("base64");
    socket.on("error", () => socket.destroy());
    socket.on("data", () => socket.end()); // the page closes it
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
  });
  return { server, executed };
}

/** A name that leads to one port, and then to another: what re-pointing a DNS entry does. */
async function repointable(first: number) {
  let port = first;
  const sockets = new Set<Socket>();
  const server = createTcpServer((client) => {
    const to = connect(port, "127.0.0.1");
    for (const [socket, other] of [
      [client, to],
      [to, client],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => other.destroy());
    }
    client.pipe(to).pipe(client);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    repoint: (next: number) => {
      port = next;
      // Or the browser would go on with the connection that it has.
      for (const socket of sockets) socket.destroy();
    },
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}

/** Runs in a page: does a WebSocket open? */
function openSocket(url: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    socket.addEventListener("open", () => {
      socket.close();
      resolve("open");
    });
    socket.addEventListener("error", () => resolve("refused"));
  });
}

describe("four locks", () => {
  const { server, executed } = createApi();
  const log: AccessRecord[] = [];
  const closing: (() => unknown)[] = [];
  let gateway: Gateway;
  let chromium: RunningChromium;
  let repoint: () => void;

  before(async () => {
    const folder = await mkdtemp(path.join(tmpdir(), "corsway-locks-"));
    closing.push(() => rm(folder, { recursive: true, force: true }));
    const hosts = [app, evil, api, open].map((origin) => new URL(origin).hostname);
    const certificate = await certificateFor(...hosts);
    await writeFile(path.join(folder, "cert.pem"), certificate.cert);
    await writeFile(path.join(folder, "key.pem"), certificate.key);
    const upstream = await listen(server);
    closing.push(() => closeServer(server));
    await writeFile(path.join(folder, "corsway.toml"), file(upstream));
    gateway = await startGateway(folder, { onAccess: (record) => log.push(record) });
    closing.push(() => gateway.close(0));
    const port = (name: string): number => gateway.addresses.find((at) => at.server === name)!.port;

    const secure = await startPageServer(certificate);
    const plain = await startPageServer();
    closing.push(secure.close, plain.close);
    const names = [await repointable(plain.port), await repointable(plain.port)];
    closing.push(...names.map(({ close }) => close));
    repoint = () => {
      names[0]!.repoint(port("locked-plain"));
      names[1]!.repoint(port("open-plain"));
    };
    chromium = await startChromium({
      names: {
        "app.example.com:443": secure.port,
        "evil.example:443": secure.port,
        "api.example.com:443": port("locked"),
        "open.example.com:443": port("open"),
        "rebound.example:80": names[0]!.port,
        "rebound-open.example:80": names[1]!.port,
      },
    });
    closing.push(chromium.close);
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  /** What was done: what the API executed of it, and the last line that the gateway logged of it. */
  async function doing<T>(path: string, act: () => Promise<T>) {
    const from = log.length;
    const before = executed.length;
    const saw = await act();
    const lines = () => log.slice(from).filter((line) => line.path === path);
    for (let turn = 0; turn < 200 && lines().length === 0; turn++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.ok(lines().length > 0, `nothing was logged of ${path}`);
    const { status, allowed, error, refusal } = lines().at(-1)!;
    return { saw, executed: executed.slice(before), logged: { status, allowed, error, refusal } };
  }

  const read = (page: OpenPage, base: string) =>
    doing("/read", () => page.fetch(`${base}/read`, { credentials: "include" }));
  const write = (page: OpenPage, base: string) =>
    doing("/write", () =>
      page.fetch(`${base}/write`, {
        method: "POST",
        mode: "no-cors",
        credentials: "include",
        body: "all=mine",
      }),
    );
  const socket = (page: OpenPage, base: string) =>
    doing("/socket", () => page.page.evaluate(openSocket, `${base.replace("http", "ws")}/socket`));

  it("read: a foreign page cannot read, whatever the API responds", async () => {
    const page = await openPage(chromium.browser, evil);
    const done = await read(page, api);
    assert.ok(done.saw.blocked);
    assert.equal(done.logged.refusal, "origin-not-allowed");
    assert.equal(done.logged.allowed, false);
  });

  it("write: a simple POST with cookies is not executed; without the lock it is", async () => {
    const page = await openPage(chromium.browser, evil);
    const done = await write(page, api);
    assert.deepEqual(done.executed, []);
    assert.equal(done.logged.status, 403);
    const form = await doing("/form", () =>
      page.page.evaluate((action) => {
        document.body.innerHTML = `<iframe name="f"></iframe><form target="f" method="post"><input name="a" value="1"></form>`;
        const form = document.querySelector("form")!;
        form.action = action;
        const loaded = new Promise(
          (resolve) => (document.querySelector("iframe")!.onload = resolve),
        );
        form.submit();
        return loaded.then(() => true);
      }, `${api}/form`),
    );
    assert.deepEqual(form.executed, [], "a form is a write like any other");
    assert.deepEqual((await write(page, open)).executed, ["POST /write"]);
  });

  it("socket: a foreign page's WebSocket is refused; without the lock it opens", async () => {
    const page = await openPage(chromium.browser, evil);
    const done = await socket(page, api);
    assert.equal(done.saw, "refused");
    assert.deepEqual(done.executed, []);
    assert.equal(done.logged.status, 403);
    assert.equal((await socket(page, open)).saw, "open");
  });

  it("host: every request of a page under a rebound name gets 421; without the lock it can read", async () => {
    const page = await openPage(chromium.browser, rebound);
    const control = await openPage(chromium.browser, reboundOpen);
    repoint();
    // The page is of one origin with what it asks, so no CORS stands between them.
    const done = await read(page, rebound);
    assert.ok(!done.saw.blocked);
    assert.equal(done.saw.status, 421);
    assert.doesNotMatch(done.saw.body, /visitor's data/);
    assert.deepEqual(done.executed, []);
    assert.equal(done.logged.error, "host_not_allowed");
    assert.deepEqual((await write(page, rebound)).executed, []);
    assert.equal((await socket(page, rebound)).saw, "refused");
    const without = await read(control, reboundOpen);
    assert.ok(!without.saw.blocked);
    assert.equal(without.saw.body, "the visitor's data");
  });

  it("the app's own page can read, write and open a socket", async () => {
    const page = await openPage(chromium.browser, app);
    const done = await read(page, api);
    assert.ok(!done.saw.blocked && done.saw.body === "the visitor's data");
    assert.deepEqual((await write(page, api)).executed, ["POST /write"]);
    assert.equal((await socket(page, api)).saw, "open");
  });
});
