// Mutations of valid bytes, from clients and from upstreams: whatever they become, the gateway keeps
// running, the connection is closed or answered, and an upstream receives only well-formed bytes.

import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import fc from "fast-check";
import { gatewayOf, httpServer, socketServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { judgeRequest, judgeResponse } from "../../../../test/support/wire-judge.ts";

/** A thousandth of the messages that the codec alone is tried with: each is a connection. */
const numRuns = Math.max(40, Number(process.env["CORSWAY_FUZZ"] ?? 0) / 1000);

const app = "https://app.example.com";
const cors = { allowOrigins: [app] };

const requests = [
  `GET /x?q HTTP/1.1\r\nHost: api.test\r\nOrigin: ${app}\r\nConnection: close\r\n\r\n`,
  `OPTIONS /x HTTP/1.1\r\nHost: api.test\r\nOrigin: ${app}\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n`,
  `POST /x HTTP/1.1\r\nHost: api.test\r\nContent-Length: 3\r\nConnection: close\r\n\r\nabc`,
  `POST /x HTTP/1.1\r\nHost: api.test\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n0\r\n\r\n`,
  `GET /x HTTP/1.1\r\nHost: api.test\r\nOrigin: ${app}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n`,
];
const responses = [
  "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nVary: Accept\r\n\r\nabc",
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
  "HTTP/1.1 304 Not Modified\r\nETag: x\r\n\r\n",
];

interface Mutation {
  readonly at: number;
  readonly cut: number;
  readonly put: string;
}

const byte = fc.constantFrom(
  "\0",
  "\r",
  "\n",
  "\r\n",
  " ",
  "\t",
  ":",
  ",",
  "/",
  "%",
  "0",
  "9",
  "\x7f",
  "\xff",
  "A",
  "\r\n\r\n",
  "chunked",
);
const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  cut: fc.nat({ max: 4 }),
  put: fc.array(byte, { maxLength: 3 }).map((parts) => parts.join("")),
});

function mutate(text: string, mutations: readonly Mutation[]): string {
  let result = text;
  for (const { at, cut, put } of mutations) {
    const index = Math.floor(at * result.length);
    result = result.slice(0, index) + put + result.slice(index + cut);
  }
  return result;
}

/** Whatever the gateway said: answer after answer, each of them well formed. */
function assertAnswers(got: string, sent: string): void {
  for (let rest = got; rest !== "";) {
    if (rest.startsWith("HTTP/1.1 101 ")) return;
    const answer = judgeResponse(rest, sent.startsWith("HEAD ") ? "HEAD" : "GET");
    assert.ok(answer !== undefined, JSON.stringify({ sent, got }));
    rest = rest.slice(answer.length);
  }
}

test("after mutated requests the gateway answers the next one, and no upstream receives malformed bytes", async () => {
  let malformed = "";
  const upstream = await socketServer((socket: Socket) => {
    let seen = "";
    socket.on("data", (chunk: Buffer) => {
      seen += chunk.toString("latin1");
      const request = judgeRequest(seen);
      if (request === undefined) return;
      if (request.length < seen.length) malformed = seen; // more than was asked for: smuggled
      seen = "";
      socket.end("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
    });
    // What is not whole now never will be: all of it must at least begin as a request does.
    socket.on("close", () => {
      if (
        seen !== "" &&
        !/^[!-~]+ \/[!-~]* HTTP\/1\.1\r\n([!-9;-~]+: [^\0\r\n]*\r\n)*\r\n/.test(seen)
      )
        malformed = seen;
    });
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors }],
    upstreams: { api: { ports: [upstream], readTimeout: 1000 } },
    limits: { headerTimeout: 1000, requestTimeout: 300 },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(fc.constantFrom(...requests), fc.array(mutation, { minLength: 1, maxLength: 3 })),
        { minLength: 8, maxLength: 8 },
      ),
      async (batch) => {
        await Promise.all(
          batch.map(async ([text, mutations]) => {
            const sent = mutate(text, mutations);
            const { text: got } = await sendRaw(port, sent, 60);
            assertAnswers(got, sent);
          }),
        );
        assert.equal(malformed, "");
        assert.equal((await sendRaw(port, requests[0]!)).status, 200);
      },
    ),
    { numRuns },
  );
});

test("after a mutated response the client gets a status or a reset, and the next request is answered", async () => {
  let next = "";
  const upstream = await socketServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.from(next, "latin1"));
      setTimeout(() => socket.end(), 5);
    });
  });
  const good = await httpServer((_request, response) => response.end("well"));
  const { port } = await gatewayOf({
    locations: [
      { path: "/x", upstream: "odd", cors },
      { path: "/good", upstream: "good", cors },
    ],
    upstreams: { odd: { ports: [upstream], readTimeout: 500 }, good: { ports: [good] } },
  });
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...responses),
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      async (text, mutations) => {
        next = mutate(text, mutations);
        const answer = await sendRaw(port, requests[0]!, 1500);
        assert.ok(
          answer.status >= 200 && answer.status <= 599,
          JSON.stringify([next, answer.text]),
        );
        assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app], answer.text);
        const after = await sendRaw(port, requests[0]!.replace("/x?q", "/good"));
        assert.match(after.body, /well/);
      },
    ),
    { numRuns: 2 * numRuns },
  );
});
