// A response that is cut at any byte is a failure that the client can see, and one that arrives in two
// pieces is the same response as one that arrives in one. Node's own client judges, because it shares no
// code with the gateway.

import assert from "node:assert/strict";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { after, test } from "node:test";
import fc from "fast-check";
import { gatewayOf, socketServer } from "../../../../test/support/harness.ts";

interface Response {
  readonly bytes: Buffer;
  /** What a client reads where all of it came. */
  readonly status: number;
  readonly body: string;
}

const name = fc.constantFrom("X-A", "Etag", "Vary", "Set-Cookie", "X-Request-Id", "Server");
const value = fc.string({ unit: fc.constantFrom(...'ab ,;=\t"\u00e9'.split("")), maxLength: 12 });
const body = fc.string({ unit: fc.constantFrom(..."01aF\r\n:\0 \u00ff".split("")), maxLength: 24 });
const status = fc.constantFrom(200, 201, 206, 404, 500);

function chunked(text: string, sizes: readonly number[]): string {
  let out = "";
  let at = 0;
  for (const size of sizes) {
    const part = text.slice(at, at + size);
    if (part === "") break;
    out += `${part.length.toString(16)}${size % 2 === 0 ? ";a=b" : ""}\r\n${part}\r\n`;
    at += size;
  }
  const rest = text.slice(at);
  if (rest !== "") out += `${rest.length.toString(16).toUpperCase()}\r\n${rest}\r\n`;
  return `${out}0\r\n${sizes.length % 2 === 0 ? "X-Sum: 1\r\n" : ""}\r\n`;
}

const response: fc.Arbitrary<Response> = fc
  .record({
    status,
    body,
    interim: fc.nat({ max: 2 }),
    fields: fc.array(fc.tuple(name, value), { maxLength: 3 }),
    framing: fc.constantFrom("length", "chunked", "close", "none"),
    sizes: fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 4 }),
  })
  .map(({ status, body, interim, fields, framing, sizes }) => {
    const lines = fields.map((field) => `${field.join(": ")}\r\n`).join("");
    const before = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n".repeat(interim);
    const code = framing === "none" ? 204 : status;
    const head = `${before}HTTP/1.1 ${code} Some Reason\r\n${lines}`;
    const text = {
      length: `${head}Content-Length: ${body.length}\r\n\r\n${body}`,
      chunked: `${head}Transfer-Encoding: chunked\r\n\r\n${chunked(body, sizes)}`,
      close: `${head}\r\n${body}`,
      none: `${head}\r\n`,
    }[framing];
    return {
      bytes: Buffer.from(text, "latin1"),
      status: code,
      body: framing === "none" ? "" : body,
    };
  });

/** `cut` in the status's place: the client saw that it is not whole. */
type Seen = { readonly status: number; readonly body: string } | "cut";

const agent = new Agent({ keepAlive: true, maxSockets: 16 });
after(() => agent.destroy());

function ask(port: number, path: string): Promise<Seen> {
  return new Promise((resolve) => {
    const asked = httpRequest({ port, path, agent }, (answer: IncomingMessage) => {
      let text = "";
      answer.setEncoding("latin1");
      answer.on("data", (chunk: string) => (text += chunk));
      answer.on("error", () => resolve("cut"));
      answer.on("end", () => {
        if (answer.complete) resolve({ status: answer.statusCode ?? 0, body: text });
        else resolve("cut");
      });
    });
    asked.on("error", () => resolve("cut"));
    asked.end();
  });
}

test("a response cut at any byte is a visible failure, and one that arrives in two pieces is unchanged", async () => {
  let bytes: Buffer = Buffer.alloc(0);
  const upstream = await socketServer((socket) => {
    socket.on("data", (chunk: Buffer) => {
      const [, way, offset] = /^GET \/(cut|two)\/(\d+) /.exec(chunk.toString("latin1"))!;
      const at = Number(offset);
      socket.write(bytes.subarray(0, at));
      if (way === "two") setImmediate(() => socket.end(bytes.subarray(at)));
      // Reset, and not closed, since a body may end with the connection.
      else if (at < bytes.length) setTimeout(() => socket.resetAndDestroy(), 1);
      else socket.end();
    });
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  await fc.assert(
    fc.asyncProperty(response, async (whole) => {
      ({ bytes } = whole);
      const { status, body } = whole;
      const offsets = Array.from({ length: bytes.length + 1 }, (_, at) => at);
      await Promise.all(
        offsets.map(async (at) => {
          const cut = await ask(port, `/cut/${at}`);
          if (at === bytes.length) assert.deepEqual(cut, { status, body });
          else assert.ok(cut === "cut" || cut.status === 502, `${at}: ${JSON.stringify(cut)}`);
          assert.deepEqual(await ask(port, `/two/${at}`), { status, body }, `in two at ${at}`);
        }),
      );
    }),
    { numRuns: 15, endOnFailure: true },
  );
});
