// Named attacks on HTTP/1.1 servers and proxies: what each one needs, and that it cannot have it here.
// The upstream records every byte that it receives.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayOf, socketServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { judgeRequest } from "../../../../test/support/wire-judge.ts";

const app = "https://app.example.com";
const host = "Host: api.test\r\n";

/** A gateway before an upstream that answers each request with its target, and keeps what it got. */
async function attacked() {
  const targets: string[] = [];
  const upstream = await socketServer((socket) => {
    let seen = "";
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      for (let next = judgeRequest(seen); next !== undefined; next = judgeRequest(seen)) {
        targets.push(`${next.method} ${next.target} ${next.body}`.trim());
        seen = seen.slice(next.length);
        const body = `<${next.target}>`;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);
      }
    });
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: { allowOrigins: [app] } }],
    upstreams: { api: { ports: [upstream] } },
  });
  return {
    targets,
    send: async (bytes: string) => {
      const { text } = await sendRaw(port, bytes, 150);
      return Array.from(text.matchAll(/HTTP\/1\.1 (\d+)/g), ([, status]) => status);
    },
  };
}

const smuggled = `GET /smuggled HTTP/1.1\r\n${host}\r\n`;
const post = (fields: string, body: string, version = "1.1"): string =>
  `POST /x HTTP/${version}\r\n${host}${fields}\r\n\r\n${body}`;

interface Attack {
  readonly name: string;
  readonly bytes: string;
  /** What the client is answered, and what the upstream is asked. */
  readonly statuses: readonly string[];
  readonly targets: readonly string[];
}

const attacks: readonly Attack[] = [
  {
    name: "CVE-2025-4366 (Pingora): a body after a response sent without reading it",
    bytes: `OPTIONS /x HTTP/1.1\r\n${host}Origin: ${app}\r\nAccess-Control-Request-Method: PUT\r\nContent-Length: ${smuggled.length}\r\n\r\n${smuggled}`,
    statuses: ["204"],
    targets: [],
  },
  {
    name: "CVE-2026-2833 (Pingora): bytes after an Upgrade, forwarded before the upstream agreed",
    bytes: `GET /ws HTTP/1.1\r\n${host}Origin: ${app}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n${smuggled}`,
    statuses: ["200"],
    targets: ["GET /ws"],
  },
  {
    name: "CVE-2026-2835 (Pingora): HTTP/1.0 with a transfer coding",
    bytes: post(
      "Connection: keep-alive\r\nTransfer-Encoding: chunked",
      `0\r\n\r\n${smuggled}`,
      "1.0",
    ),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2026-2835 (Pingora): a request whose body ends with the connection",
    bytes: post("Connection: close", smuggled, "1.0"),
    statuses: ["200"],
    targets: ["POST /x"],
  },
  {
    name: "CVE-2026-2835 (Pingora): Content-Length and Transfer-Encoding together",
    bytes: post("Content-Length: 5\r\nTransfer-Encoding: chunked", `0\r\n\r\n${smuggled}`),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2026-2836 (Pingora): a request without a host",
    bytes: "GET /x HTTP/1.1\r\n\r\n",
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2022-32213 and CVE-2022-35256 (Node): a coding that is nearly chunked",
    bytes: post("Transfer-Encoding: chunkedchunked", `0\r\n\r\n${smuggled}`),
    statuses: ["501"],
    targets: [],
  },
  {
    name: "CVE-2022-32213 (Node): a line feed before Transfer-Encoding",
    bytes: post("Dummy: x\nTransfer-Encoding: chunked", `0\r\n\r\n${smuggled}`),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2023-30589 (Node): fields separated by a bare carriage return",
    bytes: post("A: b\rContent-Length: 5", smuggled),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2023-23936 (undici): a line break in Host",
    bytes: `GET /x HTTP/1.1\r\nHost: api.test\rX: y\r\n\r\n`,
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2024-22019 (Node): endless chunk extensions",
    bytes: post("Transfer-Encoding: chunked", `1;${"a".repeat(8000)}`),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2024-27982 (Node): a space before Content-Length",
    bytes: post(" Content-Length: 5", smuggled),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2025-23167 (Node): a head that ends in CR LF CR and another byte",
    bytes: `GET /x HTTP/1.1\r\n${host}\r\rX${smuggled}`,
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2026-1525 (undici): two Content-Length fields in different case",
    bytes: post("Content-Length: 0\r\ncontent-length: 5", smuggled),
    statuses: ["400"],
    targets: [],
  },
  {
    name: "CVE-2026-21710 (Node): a field named __proto__",
    bytes: `GET /x HTTP/1.1\r\n${host}__proto__: x\r\nconstructor: y\r\nConnection: close\r\n\r\n`,
    statuses: ["200"],
    targets: ["GET /x"],
  },
  {
    name: "TE.TE: a second coding that hides the first",
    bytes: post(
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
      `0\r\n\r\n${smuggled}`,
    ),
    statuses: ["501"],
    targets: [],
  },
  {
    name: "a chunk size with a sign, which some parsers accept",
    bytes: post("Transfer-Encoding: chunked", `+0\r\n\r\n${smuggled}`),
    statuses: ["400"],
    targets: [],
  },
];

for (const { name, bytes, statuses, targets } of attacks)
  test(name, async () => {
    const gateway = await attacked();
    const answered = await gateway.send(bytes);
    assert.deepEqual(answered, statuses);
    assert.deepEqual(gateway.targets, targets);
  });
