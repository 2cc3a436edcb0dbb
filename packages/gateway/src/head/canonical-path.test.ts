import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canonicalPath } from "./canonical-path.ts";

for (const [path, canonical] of [
  ["/", "/"],
  ["/a/b", "/a/b"],
  ["/%61%7E%2D", "/a~-"],
  ["/a%3Bb%2b", "/a%3Bb%2B"],
  ["/%252e%252e/x", "/%252e%252e/x"],
  ["/a/./b", "/a/b"],
  ["/a/../b", "/b"],
  ["/api/%2e%2e/admin", "/admin"],
  ["/api/%2E./admin", "/admin"],
  ["/../../x", "/x"],
  ["/a/..", "/"],
  ["/a/b/.", "/a/b/"],
  ["//evil/x", "//evil/x"],
  ["/.//evil/x", "//evil/x"],
  ["/...", "/..."],
  ["/.well-known/x", "/.well-known/x"],
] as const)
  test(`${path} has the canonical form ${canonical}`, () =>
    assert.equal(canonicalPath(path), canonical));

for (const path of [
  "",
  "x",
  "/%00",
  "/%2f",
  "/%2F",
  "/%5c",
  "/a\\b",
  "/%",
  "/%4",
  "/%zz",
  "/a b",
  "/a#b",
  "/\u00e9",
  "/\x7f",
])
  test(`${JSON.stringify(path)} has no canonical form`, () =>
    assert.equal(canonicalPath(path), undefined));

test("canonicalising is idempotent, removes dot segments and keeps the meaning", () => {
  const part = fc.constantFrom(
    "/",
    ".",
    "..",
    "a",
    "%2e",
    "%41",
    "%3B",
    "%25",
    "//",
    "~",
    "..;",
    "%2E%2e",
  );
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const once = canonicalPath(`/${parts.join("")}`);
      if (once === undefined) return;
      assert.equal(canonicalPath(once), once);
      assert.ok(once.startsWith("/"));
      for (const segment of once.split("/")) assert.ok(segment !== "." && segment !== "..", once);
    }),
  );
});
