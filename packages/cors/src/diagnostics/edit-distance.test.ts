import assert from "node:assert/strict";
import { test } from "node:test";
import { editDistance } from "./edit-distance.ts";

test("an insertion, a deletion, a replacement or a swap of neighbours each counts as one edit", () => {
  for (const [a, b, distance] of [
    ["maxage", "maxage", 0],
    ["maxage", "max_age", 1],
    ["maxage", "maage", 1],
    ["maxage", "mazage", 1],
    ["maxage", "mxaage", 1],
    ["maxage", "mxaaeg", 2],
    ["", "abc", 3],
  ] as const)
    assert.equal(editDistance(a, b, 9), distance, `${a} ${b}`);
});

test("the distance never exceeds the limit, however different the words are", () => {
  assert.equal(editDistance("abcdef", "uvwxyz", 3), 3);
  assert.equal(editDistance("a".repeat(1e6), "b", 3), 3);
});
