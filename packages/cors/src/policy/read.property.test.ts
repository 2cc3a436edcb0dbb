import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hasErrors } from "../diagnostics/diagnostic.ts";
import { renderText } from "../diagnostics/render-text.ts";
import { arbitraryPolicy } from "./arbitrary.ts";
import { policyFields } from "./field.ts";
import { parseOriginPattern } from "./parse-origin-pattern.ts";
import { printOriginPattern } from "./origin-pattern.ts";
import { readPolicy } from "./read.ts";
import { writePolicy } from "./write.ts";

test("a policy that is written reads back as the same policy", () => {
  fc.assert(
    fc.property(arbitraryPolicy, (policy) => {
      const again = readPolicy(writePolicy(policy));
      assert.ok(!hasErrors(again.diagnostics), renderText(again.diagnostics));
      assert.deepEqual(again.policy, policy);
      // and in the language of files
      assert.deepEqual(readPolicy(JSON.parse(JSON.stringify(writePolicy(policy)))).policy, policy);
    }),
    { numRuns: 2000 },
  );
});

const keys = policyFields.flatMap(({ camel, snake, header }) => [camel, snake, header ?? camel]);

/** Text near what fields hold. */
const oddText = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 20 }),
  fc
    .array(
      fc.constantFrom(
        "https://",
        "http://",
        "*",
        ".",
        "[",
        "]",
        ":",
        "/",
        "a.com",
        "@",
        "x",
        "ü",
        "3000",
        ",",
        "(",
        "null",
        "$http_origin",
        "%",
        "\\",
        "-1h",
        "24h",
        "1",
      ),
      { maxLength: 8 },
    )
    .map((parts) => parts.join("")),
);

test("reading never throws, and a policy is there exactly when nothing is an error", () => {
  const values = fc.oneof(
    oddText,
    fc.array(oddText, { maxLength: 5 }),
    fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withSparseArray: true,
      withTypedArray: true,
    }),
  );
  const inputs = fc.oneof(
    fc.dictionary(
      fc.oneof(
        { weight: 8, arbitrary: fc.constantFrom(...keys) },
        { weight: 1, arbitrary: oddText },
      ),
      values,
      { maxKeys: 8 },
    ),
    values,
  );
  fc.assert(
    fc.property(inputs, (input) => {
      const { policy, diagnostics } = readPolicy(input);
      assert.equal(policy !== undefined, !hasErrors(diagnostics));
      for (const { message, why } of diagnostics) {
        assert.ok(
          message.length < 400 && !message.includes("\n") && !message.includes("\u001b"),
          message,
        );
        assert.ok(why.length > 0);
      }
      renderText(diagnostics);
      if (policy !== undefined) assert.deepEqual(readPolicy(writePolicy(policy)).policy, policy);
    }),
    { numRuns: 4000 },
  );
});

test("a pattern that parses prints as a pattern that parses the same", () => {
  let parsed = 0;
  fc.assert(
    fc.property(oddText, (text) => {
      const first = parseOriginPattern(text);
      if ("fault" in first) {
        // what is offered instead is sound
        const { replace } = first.fault;
        if (replace !== undefined) assert.ok("pattern" in parseOriginPattern(replace), replace);
        return;
      }
      parsed++;
      const again = parseOriginPattern(printOriginPattern(first.pattern));
      assert.deepEqual(again, first);
    }),
    { numRuns: 20_000 },
  );
  assert.ok(parsed > 20, `${parsed} of the texts were patterns`);
});

test("hostile objects are faults, not exceptions", () => {
  const throwing = (): never => {
    throw new Error("no");
  };
  const { proxy: revoked, revoke } = Proxy.revocable([], {});
  revoke();
  const cycle: Record<string, unknown> = { allowOrigins: [] };
  (cycle["allowOrigins"] as unknown[]).push(cycle);
  const hostile: unknown[] = [
    new Proxy({}, { ownKeys: throwing }),
    new Proxy(
      {},
      {
        get: throwing,
        ownKeys: () => ["allowOrigins"],
        getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true, value: 1 }),
      },
    ),
    {
      get allowOrigins(): never {
        return throwing();
      },
    },
    { allowOrigins: new Proxy([], { get: throwing }) },
    { allowOrigins: revoked },
    revoked,
    { allowOrigins: Object.assign([], { length: 4_294_967_295 }) },
    {
      allowOrigins: [{ toString: throwing }],
      allowCredentials: { valueOf: throwing },
      maxAge: Symbol("x"),
    },
    cycle,
    { ["x".repeat(1_000_000)]: 1, allowOrigins: "*" },
    { allowOrigins: "[".repeat(1_000_000) },
    { allowOrigins: ",".repeat(10_000) },
    { allowOrigins: "*", maxAge: "1".repeat(1_000_000) },
    Object.create({ allowOrigins: "*" }),
    () => 1,
  ];
  for (const [index, input] of hostile.entries()) {
    const { policy, diagnostics } = readPolicy(input, throwing);
    assert.equal(policy, undefined, String(index));
    assert.ok(hasErrors(diagnostics), String(index));
  }
});
