// Which fields of an upstream's head reach the client, and what the decision makes of them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { applyDecision, type Header } from "@corsway/cors";
import fc from "fast-check";
import { printLines, splitLines } from "../http1/lines.ts";
import { passOn } from "./pass-on.ts";

const head = (fields: readonly string[]) => ({ fields, lines: printLines(fields) });
/** The flat fields that are left of a text of names and values. */
const left = (text: string, bodiless = false): string[] =>
  splitLines(passOn(head(text.split(" ")), undefined, bodiless).lines);

test("hop-by-hop fields and those named by Connection are not forwarded", () => {
  assert.deepEqual(
    left("Connection x-mine X-Mine 1 Keep-Alive timeout=5 Transfer-Encoding chunked A b"),
    ["A", "b"],
  );
  assert.deepEqual(left("A b X-Mine 1 C d Connection x-mine E f"), ["A", "b", "C", "d", "E", "f"]);
});

test("Connection cannot remove fields that policy and framing rely on", () => {
  assert.deepEqual(
    left("Connection vary,access-control-allow-origin Vary Origin Content-Length 1"),
    ["Vary", "Origin", "Content-Length", "1"],
  );
});

test("a response without content has no Content-Length", () => {
  assert.deepEqual(left("Content-Length 0 A b", true), ["A", "b"]);
  assert.deepEqual(left("Content-Length 9"), ["Content-Length", "9"]);
});

test("what the walk adds to a response is found among its fields", () => {
  const found = (name: string) => {
    const { named, dated } = passOn(head(["A", "b", name, "1"]), undefined, false);
    return [named, dated];
  };
  assert.deepEqual(found("x-Request-ID"), [true, false]);
  assert.deepEqual(found("DATE"), [false, true]);
  assert.deepEqual(found("Etag"), [false, false]);
});

const name = fc.constantFrom(
  "Content-Type",
  "vary",
  "Vary",
  "ACCESS-CONTROL-Allow-Origin",
  "Access-Control-",
  "access-control-x",
  "access-controls",
  "Timing-Allow-Origin",
  "ETag",
  "Date",
);
const value = fc.constantFrom("", "*", "Origin", "Accept, origin", "x");
const header = fc.tuple(name, value) as fc.Arbitrary<Header>;
const decided = fc.record({
  headers: fc.subarray<Header>([
    ["Access-Control-Allow-Origin", "https://a.example"],
    ["Access-Control-Allow-Credentials", "true"],
    ["Timing-Allow-Origin", "https://a.example"],
  ]),
  vary: fc.subarray(["Origin", "Access-Control-Request-Method"]),
});

test("a decision applied to lines gives the same result as the library's header list", () => {
  fc.assert(
    fc.property(decided, fc.array(header, { maxLength: 6 }), (decision, headers) => {
      const expected = applyDecision(decision, headers);
      // Again with the block that was kept.
      for (let turn = 0; turn < 2; turn++) {
        const { lines, removed } = passOn(head(headers.flat()), decision, false);
        assert.deepEqual(splitLines(lines), expected.headers.flat());
        assert.equal(removed, expected.removed);
      }
    }),
    { numRuns: 3000 },
  );
});
