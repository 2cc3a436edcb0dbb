// Faults of an upstream, one by one. After each, the client has a status it can read, or a visible break
// if bytes had been sent already, and the next request is answered.

import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { test } from "node:test";
import { gatewayOf, httpServer, socketServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";
const cors = { allowOrigins: [app], exposeHeaders: ["X-Request-Id"] };
const get = `GET /x HTTP/1.1\r\nHost: api.test\r\nOrigin: ${app}\r\nConnection: close\r\n\r\n`;

/** Answers each request head on a connection with these bytes, then does `then`. */
function answering(bytes: string | Buffer, then: (socket: Socket) => void = () => undefined) {
  return (socket: Socket): void => {
    let seen = "";
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      if (!seen.includes("\r\n\r\n")) return;
      seen = "";
      socket.write(bytes);
      then(socket);
    });
    socket.on("end", () => socket.end());
  };
}

const end = (socket: Socket): void => void setTimeout(() => socket.end(), 5);
const reset = (socket: Socket): void => void setTimeout(() => socket.resetAndDestroy(), 5);

interface Fault {
  readonly name: string;
  readonly upstream: (socket: Socket) => void;
  /** The status that the client reads; 0: it may be cut before it has one. */
  readonly status: number;
  readonly body?: RegExp;
  /** The body is not ended as if it were whole. */
  readonly truncated?: boolean;
}

const faults: readonly Fault[] = [
  { name: "closes before the first byte", upstream: (socket) => socket.end(), status: 502 },
  {
    name: "resets before the first byte",
    upstream: (socket) => socket.resetAndDestroy(),
    status: 502,
  },
  {
    name: "closes within the head",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-", end),
    status: 502,
  },
  {
    name: "resets within the head",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-", reset),
    status: 502,
  },
  {
    name: "sends bytes that are not HTTP",
    upstream: answering("SSH-2.0-OpenSSH_9.2\r\n\r\n", end),
    status: 502,
  },
  { name: "sends HTTP/0.9", upstream: answering("hello\n", end), status: 502 },
  {
    name: "sends status 99",
    upstream: answering("HTTP/1.1 099 Odd\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "sends status 600",
    upstream: answering("HTTP/1.1 600 Odd\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "sends status 1000",
    upstream: answering("HTTP/1.1 1000 Odd\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "switches protocols unasked",
    upstream: answering(
      "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ),
    status: 502,
  },
  {
    name: "sends two lengths",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", end),
    status: 502,
  },
  {
    name: "sends a length and chunks",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "sends another transfer coding",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "sends NUL in a value",
    upstream: answering("HTTP/1.1 200 OK\r\nX-A: a\0b\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "sends a folded field",
    upstream: answering("HTTP/1.1 200 OK\r\nX-A: a\r\n b\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "sends a head of 200 KiB",
    upstream: answering(
      `HTTP/1.1 200 OK\r\nX-A: ${"a".repeat(200_000)}\r\nContent-Length: 0\r\n\r\n`,
      end,
    ),
    status: 502,
  },
  {
    name: "sends 5000 fields",
    upstream: answering(
      `HTTP/1.1 200 OK\r\n${"A: b\r\n".repeat(20_000)}Content-Length: 0\r\n\r\n`,
      end,
    ),
    status: 502,
  },
  {
    name: "sends a bad first chunk",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\na\r\n0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "closes before the body",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n", end),
    status: 502,
  },
  {
    name: "closes within the body",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", end),
    status: 200,
    truncated: true,
  },
  {
    name: "resets within the body",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", reset),
    status: 200,
    truncated: true,
  },
  {
    name: "closes within chunks",
    upstream: answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", end),
    status: 200,
    truncated: true,
  },
  {
    name: "breaks off with a bad chunk",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n",
      end,
    ),
    status: 200,
    truncated: true,
  },
  {
    name: "sends bytes after the response",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcEXTRA BYTES"),
    status: 200,
    body: /^abc$/,
  },
  {
    name: "sends two responses",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
    ),
    status: 200,
    body: /^abc$/,
  },
  {
    name: "sends a body with 204",
    upstream: answering("HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nevil"),
    status: 204,
    body: /^$/,
  },
  {
    name: "sends a body with 304",
    upstream: answering("HTTP/1.1 304 Not Modified\r\n\r\nevil", end),
    status: 304,
    body: /^$/,
  },
  {
    name: "sends 103 responses without end",
    upstream: answering(
      `${"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(50)}HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc`,
    ),
    status: 502,
    body: /bad_upstream_response/,
  },
  {
    name: "sends ten 103 responses before the final one",
    upstream: answering(
      `${"HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(10)}HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc`,
    ),
    status: 200,
    body: /^abc$/,
  },
  {
    name: "sends 100 Continue unasked",
    upstream: answering(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
    ),
    status: 200,
    body: /^abc$/,
  },
  {
    name: "speaks HTTP/2.0 on the status line",
    upstream: answering("HTTP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", end),
    status: 502,
  },
  {
    name: "speaks HTTP/2",
    upstream: answering(Buffer.from("000012040000000000000300000064", "hex"), end),
    status: 502,
  },
  {
    name: "sends a TLS alert",
    upstream: answering(Buffer.from("15030100020250", "hex"), end),
    status: 502,
  },
  {
    name: "has a status that is not three digits",
    upstream: answering("HTTP/1.1 2x0 OK\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "ends its lines with only LF",
    upstream: answering("HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", end),
    status: 502,
  },
  {
    name: "sends a bare CR in a value",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nX-A: a\rSet-Cookie: b\r\nContent-Length: 0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "sends a control byte in a value",
    upstream: answering("HTTP/1.1 200 OK\r\nX-A: a\u001bb\r\nContent-Length: 0\r\n\r\n", end),
    status: 502,
  },
  {
    name: "sends a space before the colon",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length : 3\r\n\r\nabc", end),
    status: 502,
  },
  {
    name: "sends a line without a colon",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length 3\r\n\r\nabc", end),
    status: 502,
  },
  {
    name: "sends a length with a sign",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: +3\r\n\r\nabc", end),
    status: 502,
  },
  {
    name: "sends a list of lengths",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 3, 3\r\n\r\nabc", end),
    status: 502,
  },
  {
    name: "sends the same length twice",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\ncontent-length: 3\r\n\r\nabc",
      end,
    ),
    status: 502,
  },
  {
    name: "sends chunks in HTTP/1.0",
    upstream: answering(
      "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "declares chunked twice",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "sends a chunk size too large for a number",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff3\r\nabc\r\n0\r\n\r\n",
      end,
    ),
    status: 502,
  },
  {
    name: "sends an endless chunk extension",
    upstream: answering(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;${"a".repeat(100_000)}`,
    ),
    status: 502,
  },
  {
    name: "sends a chunk longer than its size",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n",
      end,
    ),
    status: 200,
    truncated: true,
  },
  {
    name: "sends malformed trailers",
    upstream: answering(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nContent Length: 0\r\n\r\n",
      end,
    ),
    status: 200,
    truncated: true,
  },
  {
    name: "omits the body in response to a GET",
    upstream: answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", end),
    status: 502,
  },
  {
    name: "closes after a 1xx",
    upstream: answering("HTTP/1.1 103 Early Hints\r\n\r\n", end),
    status: 502,
  },
  {
    name: "ends the body by closing",
    upstream: answering("HTTP/1.1 200 OK\r\n\r\nabc", end),
    status: 200,
    body: /abc/,
  },
  {
    name: "speaks HTTP/1.0",
    upstream: answering("HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\nabc", end),
    status: 200,
    body: /abc/,
  },
];

for (const { name, upstream, status, body, truncated } of faults) {
  test(`if an upstream ${name}, the client reads ${status} with CORS, and the next request is answered`, async () => {
    const faulty = await socketServer(upstream);
    const good = await httpServer((_request, response) => response.end("well"));
    const { port, logged } = await gatewayOf({
      locations: [
        { path: "/x", upstream: "faulty", cors },
        { path: "/good", upstream: "good", cors },
      ],
      upstreams: { faulty: { ports: [faulty] }, good: { ports: [good] } },
    });
    const answer = await sendRaw(port, get, 800);
    const [record] = await logged(1);
    assert.equal(answer.status, status, answer.text);
    assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
    assert.deepEqual(answer.header("Vary"), ["Origin"]);
    if (body !== undefined) assert.match(answer.body, body);
    if (status === 502) {
      assert.equal(answer.header("Proxy-Status").length, 1);
      const told = JSON.parse(answer.body) as { error: string; request_id: string };
      assert.equal(told.request_id, answer.header("X-Request-Id")[0]);
      assert.equal(record?.error, told.error);
    }
    if (truncated === true) {
      assert.ok(!answer.text.endsWith("0\r\n\r\n"), "ended as if it were whole");
      assert.equal(record?.error, "upstream_truncated");
    }
    const next = await sendRaw(port, get.replace("/x", "/good"));
    assert.match(next.body, /well/);
  });
}

test("a body that breaks off does not look complete to an HTTP/1.0 client", async () => {
  let cut: (() => void) | undefined;
  const upstream = await socketServer((socket) => {
    socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    cut = () => socket.destroy();
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
  const socket = connect(port, "127.0.0.1");
  const end = new Promise<string | undefined>((resolve) => {
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    socket.once("close", () => resolve("whole"));
  });
  const heard = hear(socket);
  socket.write("GET /x HTTP/1.0\r\nHost: a\r\n\r\n");
  await heard.until("abc");
  cut?.();
  assert.equal(await end, "ECONNRESET");
});

test("an upstream that refuses connections causes a 502 with CORS, after the other address was tried", async () => {
  const good = await httpServer((_request, response) => response.end("well"));
  const { port } = await gatewayOf({
    locations: [
      { path: "/x", upstream: "dead", cors },
      { path: "/both", upstream: "both", cors },
    ],
    upstreams: { dead: { ports: [1] }, both: { ports: [1, good] } },
  });
  const refused = await sendRaw(port, get);
  assert.equal(refused.status, 502);
  assert.deepEqual(refused.header("Proxy-Status"), ["corsway; error=connection_refused"]);
  assert.deepEqual(refused.header("Access-Control-Allow-Origin"), [app]);
  for (let i = 0; i < 4; i++) {
    const post = `POST /both HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`;
    const answer = await sendRaw(port, post);
    assert.equal(
      answer.status,
      200,
      "nothing was sent to the dead one, so a POST may go to the other",
    );
  }
});

test("a silent upstream causes a 504 with CORS after read_timeout, and is requested once", async () => {
  let asked = 0;
  const silent = await socketServer((socket) => void socket.on("data", () => asked++));
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "silent", cors }],
    upstreams: { silent: { ports: [silent], readTimeout: 300 } },
  });
  const answer = await sendRaw(port, get, 4000);
  assert.equal(answer.status, 504);
  assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
  assert.equal(asked, 1);
});

for (const [name, first, request] of [
  [
    "a request with a body",
    "",
    get.replace("GET", "PUT").replace("\r\n\r\n", "\r\nContent-Length: 1\r\n\r\na"),
  ],
  ["a request whose response had begun", "HTTP/1.1 200 OK\r\nContent-", get],
] as const)
  test(`${name} is not retried when its connection dies`, async () => {
    let asked = 0;
    const dying = await socketServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", () => {
        asked++;
        socket.write(first);
        setTimeout(() => socket.resetAndDestroy(), 10);
      });
    });
    const { port } = await gatewayOf({
      locations: [{ path: "/", upstream: "dying", cors }],
      upstreams: { dying: { ports: [dying] } },
    });
    assert.equal((await sendRaw(port, request)).status, 502);
    assert.equal(asked, 1);
  });

test("a location's request_timeout applies if it is shorter than the upstream's timeout", async () => {
  const silent = await socketServer(() => undefined);
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "silent", cors, requestTimeout: 300 }],
    upstreams: { silent: { ports: [silent] } },
  });
  assert.equal((await sendRaw(port, get, 3000)).status, 504);
});

test("a response that stalls is aborted after read_timeout", async () => {
  const stalling = await socketServer(
    answering("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"),
  );
  const { port, logged } = await gatewayOf({
    locations: [{ path: "/x", upstream: "stalling", cors }],
    upstreams: { stalling: { ports: [stalling], readTimeout: 300 } },
  });
  const answer = await sendRaw(port, get, 3000);
  assert.equal(answer.status, 200);
  assert.ok(answer.body.length < 10);
  const [record] = await logged(1);
  assert.equal(record?.error, "upstream_truncated");
});

test("requests that wait too long for an upstream at its limit get a 503 with CORS", async () => {
  const silent = await socketServer(() => undefined);
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "silent", cors }],
    upstreams: { silent: { ports: [silent], maxConnections: 1, queueTimeout: 100 } },
  });
  const first = sendRaw(port, get, 1000);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const second = await sendRaw(port, get, 1000);
  assert.equal(second.status, 503);
  assert.deepEqual(second.header("Access-Control-Allow-Origin"), [app]);
  assert.deepEqual(second.header("Retry-After"), ["1"]);
  await first;
});

for (const [method, status] of [
  ["GET", 200],
  ["DELETE", 200],
  ["POST", 502],
  ["PATCH", 502],
] as const) {
  test(`a ${method} on a kept connection that dies is ${status === 200 ? "sent once more" : "never sent twice"}`, async () => {
    let requests = 0;
    const dying = await socketServer((socket) => {
      let answered = 0;
      socket.on("data", () => {
        requests++;
        if (answered++ === 0) socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        else socket.resetAndDestroy();
      });
    });
    const { port } = await gatewayOf({
      locations: [{ path: "/", upstream: "dying", cors }],
      upstreams: { dying: { ports: [dying] } },
    });
    assert.equal((await sendRaw(port, get)).status, 200);
    assert.equal((await sendRaw(port, get.replace("GET", method))).status, status);
    assert.equal(requests, status === 200 ? 3 : 2);
  });
}
