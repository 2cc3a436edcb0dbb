import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  adversarialOrigins,
  arbitraryOriginValue,
  browserOrigins,
} from "../../../../../test/support/arbitrary-policy.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import { compileOriginSet } from "./origin-set.ts";
import { parseOriginPattern } from "../read/parse-origin-pattern.ts";
import { permitsOrigin } from "../permits.ts";
import { readPolicy } from "../read/read.ts";
import { CountedText } from "../../../../../test/support/counted-text.ts";

function patterns(...texts: string[]): OriginPattern[] {
  return texts.map((text) => {
    const parsed = parseOriginPattern(text);
    assert.ok("pattern" in parsed, text);
    return parsed.pattern;
  });
}

function accepted(texts: string[], origins: string[]): string[] {
  const set = compileOriginSet(patterns(...texts));
  return origins.filter((origin) => set.match(origin) !== undefined);
}

test("foo.com and bar.com never allow barfoo.com or any similar host", () => {
  const lists = [
    ["https://foo.com", "https://bar.com"],
    ["https://*.foo.com", "https://*.bar.com"],
    ["https://foo.com:*", "https://bar.com:*"],
    ["https://pr-*.foo.com", "https://foo.com"],
  ];
  const good = new Set([
    "https://foo.com",
    "https://bar.com",
    "https://a.foo.com",
    "https://x.foo.com",
    "https://y.x.foo.com",
    "https://pr-1.foo.com",
    "https://x.pr-1.foo.com",
    "https://1-pr.foo.com",
    "https://pr-1-pr.foo.com",
    "https://p1r.bar.com",
    "https://pr.bar.com",
    "https://foo.com:8443",
    "https://bar.com:8443",
    "https://foo.com:1",
    "https://x_y.foo.com",
    "https://pr-.foo.com",
  ]);
  for (const list of lists)
    for (const origin of accepted(list, [...adversarialOrigins, ...browserOrigins]))
      assert.ok(good.has(origin), `${list.join(" ")} let ${origin} pass`);
});

test("`*.` matches one or more labels, and never the apex", () => {
  assert.deepEqual(
    accepted(
      ["https://*.foo.com"],
      [
        "https://a.foo.com",
        "https://a.b.foo.com",
        "https://foo.com",
        "https://.foo.com",
        "https://a..foo.com",
        "http://a.foo.com",
        "https://a.foo.com:8443",
        "https://afoo.com",
      ],
    ),
    ["https://a.foo.com", "https://a.b.foo.com"],
  );
});

test("`*` inside a label matches at least one character, and never a dot", () => {
  assert.deepEqual(
    accepted(
      ["https://pr-*.foo.com", "https://a*a.foo.com"],
      [
        "https://pr-1.foo.com",
        "https://pr-.foo.com",
        "https://pr-1.x.foo.com",
        "https://x.pr-1.foo.com",
        "https://aa.foo.com",
        "https://aba.foo.com",
        "https://a.foo.com",
        "https://pr-a.b.foo.com",
      ],
    ),
    ["https://pr-1.foo.com", "https://aba.foo.com"],
  );
});

test("a port is the default, any, or one of a list", () => {
  assert.deepEqual(
    accepted(
      [
        "http://localhost:*",
        "https://a.com:[443,8443]",
        "https://*.b.com:[3000]",
        "http://[::1]:*",
      ],
      [
        "http://localhost",
        "http://localhost:1",
        "http://localhost:65535",
        "http://localhost:80",
        "http://localhost:065",
        "https://a.com",
        "https://a.com:443",
        "https://a.com:8443",
        "https://a.com:8444",
        "https://x.b.com",
        "https://x.b.com:3000",
        "http://[::1]",
        "http://[::1]:5",
        "http://[::1]:05",
      ],
    ),
    [
      "http://localhost",
      "http://localhost:1",
      "http://localhost:65535",
      "https://a.com",
      "https://a.com:8443",
      "https://x.b.com:3000",
      "http://[::1]",
      "http://[::1]:5",
    ],
  );
});

test("the fast matcher and the naive one agree on all similar origins", () => {
  const all = [
    "https://foo.com",
    "https://bar.com:8443",
    "https://*.foo.com",
    "https://*.foo.com:*",
    "https://pr-*.foo.com",
    "https://*x.bar.com:[8443,9443]",
    "http://localhost:*",
    "http://[::1]:*",
    "https://foo.com.",
    "null",
    "app+x://thing",
    "https://foo_bar.example",
    "https://*.x.foo.com.",
  ];
  const matched = { exact: 0, pattern: 0, none: 0 };
  fc.assert(
    fc.property(fc.subarray(all, { minLength: 1 }), arbitraryOriginValue, (texts, origin) => {
      const { policy } = readPolicy({ allowOrigins: texts, dangerouslyAllowNullOrigin: true });
      assert.ok(policy !== undefined && policy.allowOrigins !== "*");
      const match = compileOriginSet(policy.allowOrigins).match(origin);
      matched[match ?? "none"]++;
      assert.equal(match !== undefined, permitsOrigin(policy, origin), origin);
    }),
    { numRuns: 10_000 },
  );
  for (const [kind, count] of Object.entries(matched)) assert.ok(count > 100, `${kind}: ${count}`);
});

test("matching against a hundred thousand patterns costs the same as against one", () => {
  const many: OriginPattern[] = patterns("https://pr-*.foo.com");
  const label = (i: number): string => i.toString(36);
  for (let i = 0; i < 25_000; i++)
    many.push(
      ...patterns(
        `https://${label(i)}.foo.com`,
        `https://*.${label(i)}.foo.com:*`,
        `https://p${label(i)}-*.foo.com`,
        `http://${label(i)}.bar.com:*`,
      ),
    );
  const one = compileOriginSet(many.slice(0, 1));
  const all = compileOriginSet(many);
  for (const origin of [
    "https://pr-1.foo.com",
    "https://nobody.example",
    "https://zzzzz.x.foo.com",
  ]) {
    const [few, lots] = [one, all].map((set) => {
      const text = new CountedText(origin);
      set.match(text as unknown as string);
      return text.looks;
    });
    // the wildcards' distinct shapes add a little; their number does not
    assert.ok(lots! <= few! + 300, `${origin}: ${few} looks with one, ${lots} with all`);
  }
  assert.equal(all.match(`https://${label(24_999)}.foo.com`), "exact");
  assert.equal(all.match("https://x.y.abc.foo.com:1"), "pattern");
});

test("an over-long origin is rejected without being scanned", () => {
  const set = compileOriginSet(patterns("https://*.foo.com", "http://localhost:*"));
  const text = new CountedText(`https://${"a.".repeat(500_000)}foo.com`);
  assert.equal(set.match(text as unknown as string), undefined);
  assert.equal(text.looks, 0);
});
