import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { arbitraryPolicy, browserOrigins } from "../../../../../test/support/arbitrary-policy.ts";
import { permitsOrigin } from "../permits.ts";
import type { PolicyInput } from "../policy.ts";
import { definePolicy } from "./define.ts";
import { shadowedRules } from "./shadowed-rules.ts";

function shadowed(...inputs: readonly (string | readonly string[] | PolicyInput)[]): unknown {
  const rules = inputs.map((input) =>
    definePolicy(
      typeof input === "string" || Array.isArray(input)
        ? { allowOrigins: input as string }
        : (input as PolicyInput),
    ),
  );
  return shadowedRules(rules).map(({ rule, by }) => [rule].concat(by));
}

test("a rule is never reached if earlier rules allow all of its origins", () => {
  const a = "https://a.example";
  const b = "https://b.example";
  const everyTuple: PolicyInput = {
    allowOrigins: "*",
    allowCredentials: true,
    dangerouslyAllowAnyOriginWithCredentials: true,
  };
  const nobody: PolicyInput = { allowOrigins: "null", dangerouslyAllowNullOrigin: true };
  assert.deepEqual(shadowed(a, "*"), []);
  assert.deepEqual(shadowed(a, b, "*"), []);
  assert.deepEqual(shadowed("*", a), [[1, 0]]);
  assert.deepEqual(shadowed(a, "*", b, "*"), [
    [2, 1],
    [3, 1],
  ]);
  assert.deepEqual(shadowed(a, a), [[1, 0]]);
  assert.deepEqual(shadowed([a, b], b), [[1, 0]]);
  assert.deepEqual(shadowed(b, [a, b]), [], "one of its origins is left to it");
  assert.deepEqual(shadowed(a, b, [b, a]), [[2, 0, 1]], "two together take all");
  assert.deepEqual(shadowed("https://*.x.example:*", "https://a.x.example:8443"), [[1, 0]]);
  assert.deepEqual(shadowed("app://*", "app://obsidian.md"), [[1, 0]]);
  assert.deepEqual(shadowed(everyTuple, a, everyTuple), [
    [1, 0],
    [2, 0],
  ]);
  assert.deepEqual(shadowed(everyTuple, nobody), [], "`*` with credentials is not for `null`");
  assert.deepEqual(shadowed(everyTuple, "*"), [], "`null` is left to it");
  assert.deepEqual(shadowed("*", nobody), [[1, 0]]);
  assert.deepEqual(shadowed(nobody, nobody), [[1, 0]]);
});

test("no origin is answered by a rule reported as never reached", () => {
  let told = 0;
  fc.assert(
    fc.property(fc.array(arbitraryPolicy, { minLength: 2, maxLength: 4 }), (rules) => {
      for (const { rule, by } of shadowedRules(rules)) {
        told++;
        for (const origin of browserOrigins) {
          if (!permitsOrigin(rules[rule]!, origin)) continue;
          assert.ok(
            by.some((other) => permitsOrigin(rules[other]!, origin)),
            origin,
          );
          assert.ok(by.every((other) => other < rule));
        }
      }
    }),
    { numRuns: 1500 },
  );
  assert.ok(told > 100, `only ${told} were told`);
});
