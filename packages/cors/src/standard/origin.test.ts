import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  isSameOrigin,
  isScheme,
  originOfUrl,
  parseOrigin,
  parsePort,
  serializeOrigin,
} from "./origin.ts";

test("an origin serialised by a browser parses and serialises to itself", () => {
  for (const text of [
    "https://a.example",
    "http://a.example:8080",
    "https://a.example:80",
    "http://localhost",
    "http://127.0.0.1:1",
    "http://[::1]",
    "http://[2001:db8::1]:65535",
    "https://xn--bcher-kva.example",
    "https://a_b.example",
    "https://a`b.example",
    "https://a'b\".example",
    "https://a.example.",
    "https://{}.example",
    "chrome-extension://abcdef",
    "capacitor://localhost:1",
    "app+x.y-z://h",
    "null",
    "app://1.2",
    "https://a..example",
    `https://${"a".repeat(63)}.example`,
  ]) {
    const origin = parseOrigin(text);
    assert.ok(origin !== undefined, text);
    assert.equal(serializeOrigin(origin), text);
  }
});

test("a value that merely resembles an origin does not parse", () => {
  for (const text of [
    "",
    "a.example",
    "https:",
    "https://",
    "://a",
    "https:/a.example",
    "HTTPS://a.example",
    "https://A.example",
    "https://a.example/",
    "https://a.example?",
    "https://a.example#",
    "https://a.example\\",
    "https://u@a.example",
    "https://a.example:",
    "https://a.example:443",
    "http://a.example:80",
    "https://a.example:0",
    "https://a.example:08",
    "https://a.example:65536",
    "https://a.example:1:2",
    "https://a.example:+1",
    "https://a b.example",
    "https://b\u00fccher.example",
    "https://a%20.example",
    "https://a^b",
    "https://a|b",
    "https://a<b",
    "https://a\u007f",
    "https://a.example, https://b.example",
    " https://a.example",
    "https://a.example ",
    "https://a.example\n",
    "1s://a",
    "ht_tp://a",
    "http://[::1",
    "http://[]",
    "http://[::g]",
    "http://::1",
    "http://[::1]a",
    "http://[0:0:0:0:0:0:0:1]",
    "http://[::1%25a]",
    "http://[::127.0.0.1]",
    "http://127.1",
    "http://0x7f.0.0.1",
    "http://127.0.0.01",
    "http://256.0.0.1",
    "http://127.0.0.1.",
    "http://1",
    "Null",
    "NULL",
    "null ",
    `https://${"a.".repeat(150)}com`,
    "a".repeat(400),
    `${"a".repeat(65)}://a`,
    "*",
    "https://*\u0000",
  ])
    assert.equal(parseOrigin(text), undefined, text);
});

test("the serialised origin of any URL parses back to that origin", () => {
  fc.assert(
    fc.property(fc.webUrl({ withFragments: true, withQueryParameters: true }), (text) => {
      const url = new URL(text);
      const origin = originOfUrl(url);
      assert.equal(serializeOrigin(origin), url.origin);
      const parsed = parseOrigin(url.origin);
      assert.ok(parsed !== undefined && isSameOrigin(parsed, origin), url.origin);
    }),
    { numRuns: 300 },
  );
});

test("no bytes make the parser throw, and what parses serialises to itself", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        fc
          .string({ unit: fc.constantFrom(..."https://[]:.@a1fx0%*") })
          .map((text) => `https://${text}`),
      ),
      (text) => {
        const origin = parseOrigin(text);
        if (origin !== undefined) assert.equal(serializeOrigin(origin), text);
      },
    ),
    { numRuns: 5000 },
  );
});

test("URLs without a tuple origin have an opaque origin, which is same-origin with no other", () => {
  for (const url of [
    "data:text/plain,x",
    "about:blank",
    "file:///x",
    "blob:null/x",
    "javascript:0",
    "app://x",
  ])
    assert.equal(serializeOrigin(originOfUrl(new URL(url))), "null", url);
  assert.equal(
    serializeOrigin(originOfUrl(new URL("blob:https://a.example:1/x"))),
    "https://a.example:1",
  );
  const opaque = parseOrigin("null")!;
  assert.ok(!isSameOrigin(opaque, opaque));
  const a = parseOrigin("https://a.example")!;
  assert.ok(isSameOrigin(a, parseOrigin("https://a.example")!));
  for (const other of ["http://a.example", "https://b.example", "https://a.example:1"])
    assert.ok(!isSameOrigin(a, parseOrigin(other)!), other);
});

test("ports and schemes are parsed strictly", () => {
  for (const [text, port] of [
    ["1", 1],
    ["65535", 65_535],
    ["65536", undefined],
    ["0", undefined],
    ["01", undefined],
    ["", undefined],
    ["1a", undefined],
    ["\u0661", undefined],
    ["123456", undefined],
  ] as const)
    assert.equal(parsePort(text), port, text);
  for (const scheme of ["a", "h2", "app+x", "a.b-c"]) assert.ok(isScheme(scheme), scheme);
  for (const scheme of ["", "A", "1a", "+a", "a_b", "a:", "a".repeat(65)])
    assert.ok(!isScheme(scheme), scheme);
});

test("the longest host has 253 characters and a trailing dot", () => {
  const longest = `${"a.".repeat(126)}a.`;
  assert.ok(parseOrigin(`https://${longest}`));
  assert.equal(parseOrigin(`https://a${longest}`), undefined);
});

test("URLs of the special schemes have tuple origins of scheme, host and port", () => {
  for (const scheme of ["http", "https", "ws", "wss", "ftp"]) {
    assert.equal(
      serializeOrigin(originOfUrl(new URL(`${scheme}://a.example/x`))),
      `${scheme}://a.example`,
    );
    assert.equal(
      serializeOrigin(originOfUrl(new URL(`${scheme}://a.example:9/`))),
      `${scheme}://a.example:9`,
    );
  }
  for (const [scheme, port] of [
    ["http", 80],
    ["https", 443],
    ["ws", 80],
    ["wss", 443],
    ["ftp", 21],
  ] as const) {
    assert.equal(
      parseOrigin(`${scheme}://a.example:${port}`),
      undefined,
      "its own port is not written",
    );
    assert.ok(parseOrigin(`${scheme}://a.example:${port + 1}`));
  }
});
