// The bytes on a connection to an upstream, and when a connection is reused.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, Socket } from "node:net";
import { Readable } from "node:stream";
import { mock, test } from "node:test";
import { gatewayOf, socketServer, type Served } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";
import { askUpstream, upstreamGet } from "../../../../test/support/upstream-request.ts";
import type { UpstreamConfig } from "../config/config.ts";
import { Connection } from "./connection.ts";
import { Dialer } from "./dial.ts";
import { RequestBody } from "./request-body.ts";

const get = "GET /x HTTP/1.1\r\nHost: api.test\r\nConnection: close\r\n\r\n";
const ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

interface Wire {
  readonly served: Served;
  readonly port: number;
  /** What the upstream got on each connection, in the pieces in which it came. */
  readonly heard: string[][];
  readonly sockets: Socket[];
}

/** An upstream that answers the `n`th request head of all its connections with `answers[n]`, or the last. */
async function wireOf(
  answers: readonly (string | ((socket: Socket) => void))[],
  config: Partial<UpstreamConfig> = {},
): Promise<Wire> {
  const heard: string[][] = [];
  const sockets: Socket[] = [];
  let count = 0;
  const upstream = await socketServer((socket) => {
    const pieces: string[] = [];
    heard.push(pieces);
    sockets.push(socket);
    let seen = "";
    socket.on("data", (chunk: Buffer) => {
      pieces.push(chunk.toString("latin1"));
      seen += chunk.toString("latin1");
      for (let end = seen.indexOf("\r\n\r\n"); end >= 0; end = seen.indexOf("\r\n\r\n")) {
        const head = seen.slice(0, end);
        seen = seen.slice(end + 4);
        if (!/^[A-Z]+ \//.test(head)) continue;
        const answer = answers[Math.min(count++, answers.length - 1)]!;
        if (typeof answer === "string") socket.write(answer, "latin1");
        else answer(socket);
      }
    });
    socket.on("end", () => socket.end());
  });
  const served = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream], ...config } },
  });
  return { served, port: served.port, heard, sockets };
}

const closed = async (socket: Socket): Promise<void> => {
  if (!socket.closed) await once(socket, "close");
};

for (const [name, answer, method] of [
  ["a length", ok, "GET"],
  [
    "chunks and trailers",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;a=b\r\nok\r\n0\r\nX-Sum: 1\r\n\r\n",
    "GET",
  ],
  ["a response to HEAD with a length", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", "HEAD"],
  ["a chunked response to HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", "HEAD"],
  ["204", "HTTP/1.1 204 No Content\r\n\r\n", "GET"],
  ["304 with a length", "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "GET"],
  [
    "HTTP/1.0 with keep-alive",
    "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 2\r\n\r\nok",
    "GET",
  ],
  [
    "HTTP/1.0 with keep-alive among other options",
    "HTTP/1.0 200 OK\r\nConnection: x, Keep-Alive\r\nContent-Length: 2\r\n\r\nok",
    "GET",
  ],
] as const)
  test(`a connection is reused after ${name}`, async () => {
    const { port, heard } = await wireOf([answer]);
    for (let i = 0; i < 3; i++) {
      const { status, text } = await sendRaw(port, get.replace("GET", method));
      assert.ok(status >= 200 && status < 400, text);
      assert.doesNotMatch(text, /X-Sum/, "trailers end at this hop");
    }
    assert.equal(heard.length, 1);
  });

for (const [name, answer] of [
  ["Connection: close", ok.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")],
  ["close among other options", ok.replace("\r\n\r\n", "\r\nConnection: x, Close\r\n\r\n")],
  ["HTTP/1.0", ok.replace("1.1", "1.0")],
  ["bytes after its end", `${ok}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`],
  ["a Keep-Alive timeout of a second", ok.replace("\r\n\r\n", "\r\nKeep-Alive: timeout=1\r\n\r\n")],
  [
    "such a timeout among other parameters",
    ok.replace("\r\n\r\n", "\r\nKeep-Alive: max=9, timeout=1\r\n\r\n"),
  ],
] as const)
  test(`a connection is not reused after ${name}`, async () => {
    const { port, heard } = await wireOf([answer]);
    for (let i = 0; i < 3; i++) assert.match((await sendRaw(port, get)).body, /^ok$/);
    assert.equal(heard.length, 3);
  });

test("an unused connection is closed after idle_timeout", async () => {
  const { port, sockets, heard } = await wireOf([ok], { idleTimeout: 100 });
  assert.equal((await sendRaw(port, get)).body, "ok");
  await closed(sockets[0]!);
  assert.equal((await sendRaw(port, get)).body, "ok");
  assert.equal(heard.length, 2);
});

test("bytes that arrive without a request close the connection and answer no later request", async () => {
  const { port, heard, sockets } = await wireOf([ok]);
  assert.equal((await sendRaw(port, get)).body, "ok");
  sockets[0]!.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");
  await closed(sockets[0]!);
  assert.equal((await sendRaw(port, get)).body, "ok");
  assert.equal(heard.length, 2);
});

/** Node's own name for one write to the system; `_writev` and `_write` both end in it. */
const system = Socket.prototype as unknown as Record<"_writeGeneric", (...given: never[]) => void>;

test("a request with a small body is a single system write", async () => {
  const { port, heard, sockets } = await wireOf([ok]);
  const writes = mock.method(system, "_writeGeneric");
  const post = "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello";
  assert.equal((await sendRaw(port, post)).status, 200);
  const upstream = sockets[0]!.localPort;
  const sent = writes.mock.calls.filter(({ this: by }) => (by as Socket).remotePort === upstream);
  writes.mock.restore();
  assert.equal(sent.length, 1);
  assert.match(heard[0]!.join(""), /^POST \/x HTTP\/1\.1\r\nHost: a\r\n[^]*\r\n\r\nhello$/);
});

test("a body without a length is sent chunked, with its end in the last write", async () => {
  const { port, heard } = await wireOf([(socket) => socket.once("data", () => undefined)]);
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nxyz\r\n4;x=y\r\nuvwx\r\n0\r\nX-Sum: 1\r\n\r\n",
  );
  while (!heard[0]?.join("").endsWith("0\r\n\r\n"))
    await new Promise((resolve) => setTimeout(resolve, 5));
  const [head, body] = heard[0].join("").split("\r\n\r\n", 2);
  assert.match(head!, /\r\nTransfer-Encoding: chunked(\r\n|$)/);
  assert.doesNotMatch(head!, /Content-Length/);
  const whole = body!.replaceAll(/[0-9a-f]+\r\n/g, "").replaceAll("\r\n", "");
  assert.equal(whole.replace(/0$/, ""), "xyzuvwx");
  socket.destroy();
});

test("a response that arrives before the request's body is forwarded, and its connection is not reused", async () => {
  const { port, heard, sockets } = await wireOf([
    "HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nlate",
    ok,
  ]);
  const socket = connect(port, "127.0.0.1");
  const client = hear(socket);
  socket.write("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc");
  assert.match(await client.until("late"), /^HTTP\/1\.1 413 /);
  assert.equal((await sendRaw(port, get)).body, "ok");
  assert.equal(heard.length, 2);
  await closed(sockets[0]!);
  socket.destroy();
});

test("a response is forwarded while the request's body is still being sent", async () => {
  const { port, sockets, heard } = await wireOf([
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
  ]);
  const socket = connect(port, "127.0.0.1");
  const client = hear(socket);
  socket.write("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 6\r\n\r\nabc");
  await client.until("one");
  socket.write("def");
  while (!heard[0]!.join("").endsWith("abcdef"))
    await new Promise((resolve) => setTimeout(resolve, 5));
  sockets[0]!.write("3\r\ntwo\r\n0\r\n\r\n");
  await client.until("two");
  socket.destroy();
});

test("an upstream that responds early with `Connection: close` receives no more of the body", async () => {
  const { port, heard, sockets } = await wireOf([
    "HTTP/1.1 413 Too Large\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
  ]);
  const socket = connect(port, "127.0.0.1");
  const client = hear(socket);
  socket.write("POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nabc");
  await client.until("one");
  socket.write("def");
  await new Promise((resolve) => setTimeout(resolve, 50));
  sockets[0]!.write("3\r\ntwo\r\n0\r\n\r\n");
  await client.until("two");
  socket.destroy();
  assert.doesNotMatch(heard[0]!.join(""), /def/);
});

test("a chunked body that exceeds its location's limit gets a 413 and is not read further", async () => {
  const upstream = await socketServer(
    (socket) => void socket.resume().on("error", () => undefined),
  );
  const { port, gateway } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", bodyLimit: 1000 }],
    upstreams: { api: { ports: [upstream] } },
  });
  const chunk = `258\r\n${"x".repeat(600)}\r\n`;
  const head = "POST /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  assert.equal((await sendRaw(port, [head + chunk, chunk])).status, 413);
  assert.equal((await gateway.status()).upstreams[0]!.addresses[0]!.active, 0);
});

test("an empty piece of a request body does not end it", async () => {
  const heard: string[] = [];
  const port = await socketServer((socket) => {
    socket.on("data", (chunk: Buffer) => {
      heard.push(chunk.toString("latin1"));
      if (heard.join("").endsWith("0\r\n\r\n")) socket.end(ok);
    });
  });
  const owner = { idleTimeout: 1000, idle() {}, gone() {} };
  const dialer = new Dialer({}, "127.0.0.1", port);
  const connection = new Connection(owner, dialer, { name: "", timeout: 5000 });
  const pieces = [Buffer.from("ab"), Buffer.alloc(0), Buffer.from("c")];
  const body = new RequestBody(Readable.from(pieces), 100, () => undefined);
  const head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  await askUpstream((asker) =>
    connection.ask({ ...upstreamGet, head, method: "POST", body }, asker),
  );
  assert.equal(heard.join(""), `${head}2\r\nab\r\n1\r\nc\r\n0\r\n\r\n`);
});

test("1xx do not extend the wait for the response", async () => {
  const { port } = await wireOf(
    [
      (socket) => {
        const timer = setInterval(() => socket.write("HTTP/1.1 102 Processing\r\n\r\n"), 150);
        socket.once("close", () => clearInterval(timer));
      },
    ],
    { readTimeout: 600 },
  );
  // Without the bound the eleventh 102 would end it, as a 502.
  assert.equal((await sendRaw(port, get, 5000)).status, 504);
});

test("a truncated body delimited by the connection's end does not look complete", async () => {
  const { port, served } = await wireOf([
    (socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\nabc");
      setTimeout(() => socket.resetAndDestroy(), 20);
    },
  ]);
  const answer = await sendRaw(port, get);
  assert.equal(answer.status, 200);
  assert.ok(!answer.text.endsWith("0\r\n\r\n"));
  const [record] = await served.logged(1);
  assert.equal(record?.error, "upstream_truncated");
  assert.equal(record?.cause, "ECONNRESET");
});

test("after two kept connections died, the request is sent on a new one, not on the other", async () => {
  let dying = false;
  let requests = 0;
  const upstream = await socketServer((socket) => {
    let answered = 0;
    socket.on("data", () => {
      requests++;
      // Together, so that there are two connections to keep.
      if (answered++ > 0 && dying) socket.resetAndDestroy();
      else setTimeout(() => socket.write(ok), 50);
    });
    socket.on("end", () => socket.end());
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  await Promise.all([sendRaw(port, get), sendRaw(port, get)]);
  dying = true;
  assert.equal((await sendRaw(port, get)).body, "ok");
  assert.equal(requests, 4);
});

test("the caller may end the exchange in any callback and receives no more calls", async () => {
  const upstream = await socketServer((socket) => {
    socket.once("data", () =>
      socket.write(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n0\r\n\r\n",
      ),
    );
    socket.on("error", () => undefined);
  });
  for (const last of ["sent", "answered", "chunk"] as const) {
    const calls: string[] = [];
    let gone: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (gone = resolve));
    const owner = { idleTimeout: 1000, idle: () => calls.push("idle"), gone };
    const connection = new Connection(owner, new Dialer({}, "127.0.0.1", upstream), {
      name: "",
      timeout: 1000,
    });
    const call = (name: string): true => {
      calls.push(name);
      if (name === last) connection.destroy();
      return true;
    };
    const request = {
      head: "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      method: "GET",
      body: undefined,
      length: undefined,
      upgrade: false,
      headTimeout: 1000,
      bodyTimeout: 1000,
    };
    connection.ask(request, {
      sent: () => void call("sent"),
      answered: () => void call("answered"),
      headAlone: () => void call("headAlone"),
      chunk: () => call("chunk"),
      ended: () => void call("ended"),
      switched: () => void call("switched"),
      failed: () => void call("failed"),
    });
    await ended;
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(calls, ["sent", "answered", "chunk"].slice(0, calls.length));
    assert.equal(calls.at(-1), last);
  }
});

test("an upstream that never reads a large body causes a 504, and a client that never sends it a 408", async () => {
  const deaf = await socketServer((socket) => void socket.pause());
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "deaf", requestTimeout: 500 }],
    upstreams: { deaf: { ports: [deaf] } },
  });
  const size = 8 * 1024 * 1024;
  const head = `POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`;
  const unread = await sendRaw(port, [head, Buffer.alloc(size)], 5000);
  assert.equal(unread.status, 504);
  assert.match(unread.body, /upstream_timeout/);
  const unsent = await sendRaw(port, head, 5000);
  assert.equal(unsent.status, 408);
});
