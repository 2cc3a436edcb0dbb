// Faults of a client, in bytes. Nothing malformed reaches the upstream; a client that sent a head gets a
// response, with CORS if the head could be parsed; and the next client is served.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { hear, parseAnswer, sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";
const cors = { allowOrigins: [app] };
const origin = `Origin: ${app}\r\n`;

interface Fault {
  readonly name: string;
  readonly bytes: string;
  readonly status: number;
  /** Nobody can say what of it is a field: no origin is known. */
  readonly opaque?: boolean;
}

const host = "Host: api.test\r\n";
const faults: readonly Fault[] = [
  {
    name: "both Content-Length and Transfer-Encoding",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: "two Content-Lengths",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Content-Length: 1\r\nContent-Length: 1\r\n\r\na`,
    status: 400,
  },
  {
    name: "a signed Content-Length",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Content-Length: +1\r\n\r\na`,
    status: 400,
  },
  {
    name: "another transfer coding",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    status: 501,
  },
  {
    name: "an empty element in Transfer-Encoding",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Transfer-Encoding: ,chunked\r\n\r\n0\r\n\r\n`,
    status: 501,
  },
  {
    name: "chunks in HTTP/1.0",
    bytes: `POST /x HTTP/1.0\r\n${host}${origin}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    status: 400,
  },
  {
    name: "a field that reads as Content-Length",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Content_Length: 3\r\n\r\n`,
    status: 400,
  },
  {
    name: "a field that reads as Transfer-Encoding",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Transfer_Encoding: chunked\r\n\r\n`,
    status: 400,
  },
  {
    name: "two Hosts",
    bytes: `GET /x HTTP/1.1\r\n${host}Host: other.test\r\n${origin}\r\n`,
    status: 400,
  },
  { name: "no Host", bytes: `GET /x HTTP/1.1\r\n${origin}\r\n`, status: 400 },
  {
    name: "user info in Host",
    bytes: `GET /x HTTP/1.1\r\nHost: a@api.test\r\n${origin}\r\n`,
    status: 400,
  },
  {
    name: "a path in Host",
    bytes: `GET /x HTTP/1.1\r\nHost: api.test/x\r\n${origin}\r\n`,
    status: 400,
  },
  {
    name: "a port beyond 65535",
    bytes: `GET /x HTTP/1.1\r\nHost: api.test:99999\r\n${origin}\r\n`,
    status: 400,
  },
  {
    name: "an absolute target of another host",
    bytes: `GET http://evil.test/x HTTP/1.1\r\n${host}${origin}\r\n`,
    status: 400,
  },
  {
    name: "a file target",
    bytes: `GET file:///etc/passwd HTTP/1.1\r\n${host}${origin}\r\n`,
    status: 400,
  },
  { name: "a fragment", bytes: `GET /x#y HTTP/1.1\r\n${host}${origin}\r\n`, status: 400 },
  {
    name: "an escaped slash",
    bytes: `GET /x%2f..%2fadmin HTTP/1.1\r\n${host}${origin}\r\n`,
    status: 400,
  },
  { name: "an escaped NUL", bytes: `GET /x%00 HTTP/1.1\r\n${host}${origin}\r\n`, status: 400 },
  { name: "a backslash", bytes: `GET /x\\y HTTP/1.1\r\n${host}${origin}\r\n`, status: 400 },
  { name: "a broken escape", bytes: `GET /x%zz HTTP/1.1\r\n${host}${origin}\r\n`, status: 400 },
  { name: "HTTP/2.0 on the line", bytes: `GET /x HTTP/2.0\r\n${host}${origin}\r\n`, status: 505 },
  { name: "CONNECT", bytes: `CONNECT api.test:80 HTTP/1.1\r\n${host}${origin}\r\n`, status: 405 },
  {
    name: "an expectation",
    bytes: `GET /x HTTP/1.1\r\n${host}${origin}Expect: coffee\r\n\r\n`,
    status: 417,
  },
  {
    name: "too long a URL",
    bytes: `GET /x?${"a".repeat(9000)} HTTP/1.1\r\n${host}${origin}\r\n`,
    status: 414,
  },
  {
    name: "too many fields",
    bytes: `GET /x HTTP/1.1\r\n${host}${"A: b\r\n".repeat(150)}${origin}\r\n`,
    status: 431,
  },
  {
    name: "too large a head",
    bytes: `GET /x HTTP/1.1\r\n${host}${origin}X: ${"a".repeat(20_000)}\r\n\r\n`,
    status: 431,
  },
  {
    name: "NUL in a value",
    bytes: `GET /x HTTP/1.1\r\n${host}X: a\0b\r\n${origin}\r\n`,
    status: 400,
  },
  {
    name: "NUL in the target",
    bytes: `GET /x\0 HTTP/1.1\r\n${host}${origin}\r\n`,
    status: 400,
  },
  {
    name: "a bare line feed",
    bytes: `GET /x HTTP/1.1\n${host}${origin}\n`,
    status: 400,
    opaque: true,
  },
  {
    name: "a folded field",
    bytes: `GET /x HTTP/1.1\r\n${host}X: a\r\n b\r\n${origin}\r\n`,
    status: 400,
  },
  {
    name: "a space before the colon",
    bytes: `GET /x HTTP/1.1\r\n${host}X : a\r\n${origin}\r\n`,
    status: 400,
  },
  {
    name: "a TLS handshake",
    bytes: "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    status: 400,
    opaque: true,
  },
  {
    name: "a bad chunk",
    bytes: `POST /x HTTP/1.1\r\n${host}${origin}Transfer-Encoding: chunked\r\n\r\n1\r\na\r\nzz\r\n`,
    status: 400,
  },
];

for (const { name, bytes, status, opaque } of faults) {
  test(`a request with ${name} gets ${status}, and the upstream receives no complete request`, async () => {
    let whole = 0;
    const upstream = await httpServer((request, response) => {
      request.on("error", () => undefined);
      request.on("end", () => {
        if (request.url === "/x") whole++;
        response.end("well");
      });
      request.resume();
    });
    const { port } = await gatewayOf({
      locations: [
        { path: "/x", upstream: "api", cors },
        { path: "/good", upstream: "api", cors },
      ],
      upstreams: { api: { ports: [upstream] } },
      fallback: cors,
    });
    const answer = await sendRaw(port, bytes, 1000);
    assert.equal(answer.status, status, answer.text);
    assert.equal(typeof (JSON.parse(answer.body) as { error: string }).error, "string");
    assert.deepEqual(answer.header("Connection"), ["close"]);
    assert.deepEqual(answer.header("Access-Control-Allow-Origin"), opaque === true ? [] : [app]);
    assert.deepEqual(answer.header("Vary"), ["Origin"]);
    assert.equal(whole, 0);
    const next = await sendRaw(port, `GET /good HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    assert.match(next.body, /well/);
  });
}

test("a policy for any origin sends `*` even in response to invalid bytes", async () => {
  const { port } = await gatewayOf({ locations: [], fallback: { allowOrigins: "*" } });
  const answer = await sendRaw(port, "nonsense\r\n\r\n");
  assert.equal(answer.status, 400);
  assert.deepEqual(answer.header("Access-Control-Allow-Origin"), ["*"]);
});

test("requests before garbage are answered in order, and the garbage is refused once", async () => {
  const upstream = await httpServer((request, response) => {
    setTimeout(() => response.end(`asked ${request.url}`), 50);
  });
  const { port, log } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  const two = `GET /1 HTTP/1.1\r\n${host}\r\nGET /2 HTTP/1.1\r\n${host}\r\n`;
  const { text } = await sendRaw(port, [`${two}\x00\x01garbage\r\n\r\n`, "more\r\n\r\n"], 500);
  assert.match(text, /asked \/1[^]*asked \/2[^]*HTTP\/1\.1 400 /);
  assert.equal(text.match(/HTTP\/1\.1 /g)?.length, 3, text);
  assert.deepEqual(
    log.map(({ status, error }) => [status, error]),
    [
      [200, undefined],
      [200, undefined],
      [400, "malformed_head"],
    ],
  );
});

test("a head that does not arrive in time gets 408, and the connection is closed", async () => {
  const { port } = await gatewayOf({ locations: [], limits: { headerTimeout: 300 } });
  const answer = await sendRaw(port, `GET /x HTTP/1.1\r\n${host}`, 3000);
  assert.equal(answer.status, 408);
});

test("a body that does not arrive in time gets 408 with CORS", async () => {
  const upstream = await httpServer((request) => request.resume());
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "api", cors, requestTimeout: 200 }],
    upstreams: { api: { ports: [upstream] } },
  });
  const answer = await sendRaw(
    port,
    `POST /x HTTP/1.1\r\n${host}${origin}Content-Length: 10\r\n\r\nabc`,
  );
  assert.equal(answer.status, 408);
  assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
});

test("when a client disconnects, its request to the upstream is aborted", async () => {
  let cutNow: (() => void) | undefined;
  const cut = new Promise<void>((resolve) => (cutNow = resolve));
  const upstream = await httpServer((request, response) => {
    response.write("begun");
    response.on("close", () => cutNow?.());
    request.resume();
  });
  const { port, logged } = await gatewayOf({
    locations: [{ path: "/x", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
  const socket = connect(port, "127.0.0.1");
  socket.write(`GET /x HTTP/1.1\r\n${host}\r\n`);
  await once(socket, "data");
  socket.destroy();
  const [record] = await logged(1);
  assert.equal(record?.error, "client_gone");
  await cut;
});

for (const [name, head] of [
  ["declared", "Content-Length: 2000\r\n\r\n"],
  ["chunked", "Transfer-Encoding: chunked\r\n\r\n7d0\r\n"],
] as const) {
  test(`a ${name} body over the limit gets a 413 that the page can read, even while it is still sending`, async () => {
    const upstream = await httpServer((request) => request.resume());
    const { port } = await gatewayOf({
      locations: [{ path: "/x", upstream: "api", cors, bodyLimit: 1000 }],
      upstreams: { api: { ports: [upstream] } },
    });
    const answer = await sendRaw(port, [
      `POST /x HTTP/1.1\r\n${host}${origin}${head}`,
      "a".repeat(1500),
      "a".repeat(500),
    ]);
    assert.equal(answer.status, 413);
    assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
    assert.equal(
      (JSON.parse(answer.body) as { message: string }).message,
      "Request size limit exceeded",
    );
  });
}

test("a client that waits for 100 Continue receives it only when its body is needed", async () => {
  const upstream = await httpServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk));
    request.on("end", () => response.end(`got ${text}`));
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "api", cors, bodyLimit: 10 }],
    upstreams: { api: { ports: [upstream] } },
  });
  const head = (length: number): string =>
    `POST /x HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`;
  const refused = await sendRaw(port, head(11), 500);
  assert.equal(refused.status, 413);
  const socket = connect(port, "127.0.0.1");
  socket.write(head(3));
  const heard = hear(socket);
  assert.match(await heard.until("\r\n\r\n"), /^HTTP\/1\.1 100 Continue/);
  socket.write("abc");
  assert.match(parseAnswer(await heard.until("got abc")).body, /got abc/);
  socket.destroy();
});

test("a preflight body sent one byte at a time does not keep its connection open forever", async (t) => {
  const { port } = await gatewayOf({
    limits: { requestTimeout: 300 },
    locations: [{ path: "/x", cors }],
  });
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  const heard = hear(socket);
  socket.write(
    `OPTIONS /x HTTP/1.1\r\n${host}${origin}Access-Control-Request-Method: GET\r\nContent-Length: 60000\r\n\r\n`,
  );
  const dribble = setInterval(() => socket.write("a"), 50);
  t.after(() => clearInterval(dribble));
  assert.match(await heard.until("\r\n\r\n"), /^HTTP\/1\.1 204/);
  await once(socket, "close");
});

test("an HTTP/1.0 client never receives 100 Continue", async () => {
  const upstream = await httpServer((request, response) => request.pipe(response));
  const { port } = await gatewayOf({
    locations: [{ path: "/x", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
  const answer = await sendRaw(
    port,
    `POST /x HTTP/1.0\r\n${host}Expect: 100-continue\r\nContent-Length: 3\r\n\r\nabc`,
  );
  assert.equal(answer.status, 200);
  assert.equal(answer.body, "abc");
});

test("a preflight with a body is answered, and its body is not read as the next request", async () => {
  const upstream = await httpServer((request, response) => response.end(`asked ${request.url}`));
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream] } },
  });
  const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`;
  const preflight = `OPTIONS /x HTTP/1.1\r\n${host}${origin}Access-Control-Request-Method: PUT\r\nContent-Length: ${smuggled.length}\r\n\r\n`;
  const answer = await sendRaw(
    port,
    `${preflight}${smuggled}GET /next HTTP/1.1\r\n${host}Connection: close\r\n\r\n`,
  );
  assert.equal(answer.status, 204);
  assert.match(answer.text, /asked \/next/);
  assert.doesNotMatch(answer.text, /smuggled/);
});
