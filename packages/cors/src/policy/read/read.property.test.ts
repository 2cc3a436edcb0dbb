import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { hasErrors } from "../../diagnostics/diagnostic.ts";
import type { ValuePath } from "../../diagnostics/diagnostic.ts";
import { renderText } from "../../diagnostics/render-text.ts";
import { arbitraryPolicy } from "../../../../../test/support/arbitrary-policy.ts";
import type { Part } from "./faults.ts";
import { policyFields } from "../field.ts";
import { parseOriginPattern } from "./parse-origin-pattern.ts";
import { printOriginPattern } from "../origin-pattern.ts";
import { readPolicy } from "./read.ts";
import { writePolicy } from "../write.ts";

test("a policy that is written out reads back as the same policy", () => {
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

test("reading never throws, and returns a policy exactly when there is no error", () => {
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

test("a parsed pattern prints to text that parses to the same pattern", () => {
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

test("hostile objects produce faults, not exceptions", () => {
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

/** What stands at each place that was asked for, so that an edit can be made in the value. */
interface Spot {
  readonly path: ValuePath;
  readonly part: Part | undefined;
}

test("applying a proposed edit removes its fault and causes no error", () => {
  let made = 0;
  const texts = fc.oneof(
    { weight: 1, arbitrary: oddText },
    {
      weight: 3,
      arbitrary: fc.constantFrom(
        "https://A.com",
        "https://a.com/",
        "https://a.com:443",
        "[https://a.com](https://a.com)",
        "https://\u00fc.com/",
        "https://127.1",
        "https://ok.example",
        "HTTP://X.com:80/",
        "<https://a.com>",
      ),
    },
  );
  fc.assert(
    fc.property(
      fc.array(texts, { minLength: 1, maxLength: 4 }),
      fc.boolean(),
      (origins, asText) => {
        const input = {
          allow_origins: asText ? origins.join(" , ") : origins,
          max_aeg: 600,
          preflight_status: "204",
          timing_allow_origin: "False",
        };
        const spots: Spot[] = [];
        const { diagnostics } = readPolicy(input, (path, part) => {
          spots.push({ path, part });
          return { file: "", line: spots.length, column: 1 };
        });
        // from the end, so that spans before an edit stay where they were
        const edits = diagnostics.flatMap(({ code, fix }) =>
          fix?.edit === undefined
            ? []
            : [{ code, text: fix.edit.text, ...spots[fix.edit.at.line - 1]! }],
        );
        edits.sort((a, b) => (b.part?.span?.[0] ?? 0) - (a.part?.span?.[0] ?? 0));
        const mended: Record<string, unknown> = structuredClone(input);
        for (const edit of edits) makeEdit(mended, edit);
        made += edits.length;
        const after = readPolicy(mended).diagnostics.filter(({ severity }) => severity === "error");
        const before = diagnostics.filter(({ severity }) => severity === "error");
        assert.ok(after.length <= before.length - edits.length);
      },
    ),
    { numRuns: 2000 },
  );
  assert.ok(made > 5000, `${made} edits`);
});

function makeEdit(
  value: Record<string, unknown>,
  { path, part, text }: Spot & { readonly text: string },
): void {
  const [key, index] = path as [string, number | undefined];
  if (part?.key === true) {
    value[text] = value[key];
    delete value[key];
  } else if (part?.span === undefined) value[key] = JSON.parse(text);
  else {
    const [start, end] = part.span;
    const splice = (old: string): string => old.slice(0, start) + text + old.slice(end);
    if (index === undefined) value[key] = splice(value[key] as string);
    else (value[key] as string[])[index] = splice((value[key] as string[])[index]!);
  }
}
