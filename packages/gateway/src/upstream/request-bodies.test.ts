// Requests with bodies of every size and framing, some of them answered before they were read. Each
// request at the upstream is the one that was sent, whatever its connection carried before. Node's own
// server judges, because it shares no code with the gateway.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Agent, request as httpRequest } from "node:http";
import { after, test } from "node:test";
import fc from "fast-check";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";

interface Sent {
  readonly method: string;
  /** Pieces, each written by itself. */
  readonly pieces: readonly number[];
  readonly chunked: boolean;
  /** Answered at the head, and with the body left unread. */
  readonly early: boolean;
  /** The answer's connection is not kept. */
  readonly close: boolean;
}

const sent: fc.Arbitrary<Sent> = fc.record({
  method: fc.constantFrom("POST", "PUT", "PATCH", "DELETE", "GET"),
  pieces: fc.array(fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 70_000 })), { maxLength: 4 }),
  chunked: fc.boolean(),
  early: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  close: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
});

const agent = new Agent({ keepAlive: true, maxSockets: 6 });
after(() => agent.destroy());

const digestOf = (bytes: Buffer): string => createHash("sha1").update(bytes).digest("hex");

/** `undefined`: the connection was closed, which an early answer allows. */
function ask(port: number, path: string, request: Sent, body: Buffer): Promise<string | undefined> {
  return new Promise((resolve) => {
    const { method, pieces, chunked, early, close } = request;
    const asked = httpRequest(
      {
        port,
        path: `/${path}?early=${early}&close=${close}`,
        agent,
        method,
        headers: chunked ? { "Transfer-Encoding": "chunked" } : { "Content-Length": body.length },
      },
      (answer) => {
        let text = "";
        answer.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
        answer.on("error", () => resolve(undefined));
        answer.on("end", () => resolve(text));
      },
    );
    asked.on("error", () => resolve(undefined));
    let at = 0;
    for (const size of pieces) {
      asked.write(body.subarray(at, at + size));
      at += size;
    }
    asked.end();
  });
}

test("an upstream receives each request on kept connections exactly as it was sent", async () => {
  const upstream = await httpServer((request, response) => {
    const { url = "", method = "" } = request;
    if (url.includes("close=true")) response.setHeader("Connection", "close");
    if (url.includes("early=true")) {
      response.end(`${method} ${url} early`);
      return;
    }
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => response.end(`${method} ${url} ${digestOf(Buffer.concat(chunks))}`));
  });
  const { port, gateway } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream], maxConnections: 6 } },
  });
  let number = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(sent, { minLength: 6, maxLength: 12 }), async (requests) => {
      await Promise.all(
        requests.map(async (request) => {
          const path = String(number++);
          const size = request.pieces.reduce((sum, piece) => sum + piece, 0);
          const body = Buffer.alloc(size, `${path} \r\n0\r\n\r\nGET /evil HTTP/1.1\r\n\r\n`);
          const seen = await ask(port, path, request, body);
          const { method, early, close } = request;
          const end = early ? "early" : digestOf(body);
          const expected = `${method} /${path}?early=${early}&close=${close} ${end}`;
          if (!early || seen !== undefined) assert.equal(seen, expected);
        }),
      );
      assert.equal((await gateway.status()).upstreams[0]!.addresses[0]!.active, 0);
    }),
    { numRuns: 25, endOnFailure: true },
  );
});
