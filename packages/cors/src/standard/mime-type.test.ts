import assert from "node:assert/strict";
import { test } from "node:test";
import { mimeTypeEssence } from "./mime-type.ts";

test("the essence of a MIME type is its type and subtype in lower case", () => {
  for (const [value, essence] of [
    ["Text/HTML; charset=x", "text/html"],
    ["\n a/b\t;", "a/b"],
    ["a/b c", undefined],
    ["a/", undefined],
    ["/b", undefined],
    ["", undefined],
    ["a", undefined],
    ["text", undefined],
    ["a /b", undefined],
    ["a/ b", undefined],
    ["a/b/c", undefined],
  ] as const)
    assert.equal(mimeTypeEssence(value), essence, JSON.stringify(value));
});
