// The lean reader against the full one: what the first accepts, the second reads alike; and what a
// browser sends is accepted by the first.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { WireFault } from "./fault.ts";
import { HeadGatherer } from "./head-bytes.ts";
import { isomorphicEncode } from "./isomorphic.ts";
import { defaultLimits, type WireLimits } from "./limits.ts";
import { scanRequestHead, scanResponseHead } from "./plain-head.ts";
import { parseRequestHead } from "./request-head.ts";
import { parseResponseHead } from "./response-head.ts";

/** The head at the start of `bytes` as the full way reads it. */
function full<Head>(
  bytes: Uint8Array,
  limits: WireLimits,
  prefix: string,
  parse: (head: Uint8Array, limits: WireLimits) => Head | WireFault,
): Head | WireFault | "more" {
  const gatherer = new HeadGatherer(limits.headSize, prefix);
  const end = gatherer.push(bytes);
  if (typeof end !== "number") return end;
  return end < 0 ? "more" : parse(gatherer.bytes, limits);
}
const fullRequest = (bytes: Uint8Array, limits = defaultLimits) =>
  full(bytes, limits, "", parseRequestHead);
const fullResponse = (bytes: Uint8Array, limits = defaultLimits) =>
  full(bytes, limits, "HTTP/", (head) => parseResponseHead(head, limits, "faithful"));

const startLines = [
  "GET / HTTP/1.1",
  "POST /a/b?c=%20 HTTP/1.0",
  "OPTIONS * HTTP/1.1",
  "GET  / HTTP/1.1",
  "GET /a b HTTP/1.1",
  "GET /\x7f HTTP/1.1",
  "GET / HTTP/1.2",
  "GET / http/1.1",
  "G(T / HTTP/1.1",
  "GET /",
  "",
  "HTTP/1.1 200 OK",
  "HTTP/1.0 404",
  "HTTP/1.1 200 ",
  "HTTP/1.1 500 caf\xe9 \t x",
  "HTTP/1.1 099 x",
  "HTTP/1.1 600 x",
  "HTTP/1.1 200\tOK",
  "HTTP/1.1 200 \x01",
  "HTTP/2.0 200 OK",
];
const line = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom("Host: a", "Origin: https://b", "x:  y \t", "z:") },
  fc.constantFrom(
    "Host: a",
    "Origin: https://app.example.com",
    "content-length:3",
    "a:  b \t",
    "a:",
    "a: \t ",
    "a: caf\xe9",
    "a: \x0b",
    "a: b\0",
    "a : b",
    " folded",
    ": b",
    "no colon",
    "a: b\rc",
    "a: b\nc",
  ),
  fc
    .array(fc.integer({ min: 0, max: 255 }), { maxLength: 6 })
    .map((codes) => `x: ${String.fromCharCode(...codes)}`),
);
const head = fc
  .tuple(
    fc.constantFrom(...startLines),
    fc.array(line, { maxLength: 5 }),
    fc.constantFrom("\r\n", "\r\n", "\r\n", "\r\n", "\n"),
    fc.constantFrom("", "BODY", "\r\n", "GET / HTTP/1.1\r\n\r\n"),
  )
  .map(([start, lines, end, rest]) => [start, ...lines, "", ""].join(end) + rest);
/** Some bytes of it replaced, removed or put in, so that no place is always the right one. */
const mutated = fc
  .tuple(
    head,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.constantFrom("set", "cut", "put")), {
      maxLength: 2,
    }),
  )
  .map(([text, changes]) => {
    const bytes = [...isomorphicEncode(text)!];
    for (const [place, byte, change] of changes) {
      const at = place % (bytes.length + 1);
      if (change === "set") bytes.splice(at, 1, byte);
      else if (change === "cut") bytes.splice(at, 1);
      else bytes.splice(at, 0, byte);
    }
    return Uint8Array.from(bytes);
  });

test("the full reader reads every head that the lean reader accepts alike, whatever the limits", () => {
  let accepted = 0;
  const limits = fc.record({
    headSize: fc.constantFrom(20, 60, 16_384, 16_384, 16_384),
    headerCount: fc.constantFrom(0, 3, 100, 100, 100),
    targetSize: fc.constantFrom(1, 8192, 8192, 8192),
  });
  fc.assert(
    fc.property(mutated, limits, (bytes, some) => {
      const bounds = { ...defaultLimits, ...some };
      const request = scanRequestHead(bytes, bounds);
      if (request !== undefined) assert.deepEqual(request, fullRequest(bytes, bounds));
      const response = scanResponseHead(bytes, bounds, "faithful");
      if (response !== undefined) assert.deepEqual(response, fullResponse(bytes, bounds));
      const strict = scanResponseHead(bytes, bounds, "strict");
      if (strict !== undefined) assert.deepEqual(strict, response);
      if (request !== undefined || response !== undefined) accepted++;
    }),
    { numRuns: 20_000 },
  );
  assert.ok(accepted > 1000, `only ${accepted} heads were accepted: nothing is proved`);
});

test("the lean reader accepts every head of up to 128 fields that the full reader accepts", () => {
  fc.assert(
    fc.property(mutated, (bytes) => {
      const request = fullRequest(bytes);
      if (request !== "more" && request.kind === "request")
        assert.deepEqual(scanRequestHead(bytes, defaultLimits), request);
      const response = fullResponse(bytes);
      if (response !== "more" && response.kind === "response")
        assert.deepEqual(scanResponseHead(bytes, defaultLimits, "faithful"), response);
    }),
    { numRuns: 20_000 },
  );
});

test("an incomplete head is not returned, wherever it is cut", () => {
  const request = isomorphicEncode("GET /x HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\n\r\n")!;
  const response = isomorphicEncode(
    "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nVary: Origin\r\n\r\n",
  )!;
  for (let end = 0; end < request.length; end++)
    assert.equal(scanRequestHead(request.subarray(0, end), defaultLimits), undefined);
  for (let end = 0; end < response.length; end++)
    assert.equal(scanResponseHead(response.subarray(0, end), defaultLimits, "strict"), undefined);
  assert.equal(scanRequestHead(request, defaultLimits)?.size, request.length);
  assert.equal(scanResponseHead(response, defaultLimits, "strict")?.size, response.length);
});

test("a head with too many fields for the lean reader is left to the full reader", () => {
  const many = isomorphicEncode(`GET / HTTP/1.1\r\n${"a: b\r\n".repeat(200)}\r\n`)!;
  const limits = { ...defaultLimits, headerCount: 1000 };
  assert.equal(scanRequestHead(many, limits), undefined);
  const read = fullRequest(many, limits);
  assert.ok(read !== "more" && read.kind === "request" && read.fields.length === 400);
});
