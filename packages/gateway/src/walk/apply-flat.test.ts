import assert from "node:assert/strict";
import { test } from "node:test";
import { applyDecision, type Header } from "@corsway/cors";
import fc from "fast-check";
import { applyFlat } from "./apply-flat.ts";

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

test("applying a decision to flat fields gives the same result as the library's header list", () => {
  fc.assert(
    fc.property(decided, fc.array(header, { maxLength: 6 }), (decision, headers) => {
      const expected = applyDecision(decision, headers);
      assert.deepEqual(applyFlat(decision, headers.flat()), {
        fields: expected.headers.flat(),
        removed: expected.removed,
      });
    }),
    { numRuns: 3000 },
  );
});
