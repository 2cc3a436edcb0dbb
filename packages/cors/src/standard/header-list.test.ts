import assert from "node:assert/strict";
import { test } from "node:test";
import {
  extractHeaderListValues,
  failure,
  getHeader,
  hasHeader,
  headerLines,
  normalizeHeaderValue,
  parseTokenList,
} from "./header-list.ts";
import type { HeaderList } from "./message.ts";

const headers: HeaderList = [
  ["Access-Control-Allow-Origin", "https://a.example"],
  ["X", ""],
  ["access-control-allow-origin", "*"],
];

test("lines with the same name are combined in order, whatever their case", () => {
  assert.equal(getHeader(headers, "access-control-allow-origin"), "https://a.example, *");
  assert.deepEqual(headerLines(headers, "access-control-allow-origin"), ["https://a.example", "*"]);
});

test("an empty value is an empty string, and an absent one is null", () => {
  assert.equal(getHeader(headers, "x"), "");
  assert.equal(getHeader(headers, "y"), null);
  assert.ok(hasHeader(headers, "x") && !hasHeader(headers, "y"));
  // U+212A lower-cases to `k` by Unicode, and is none here
  assert.equal(getHeader([["\u212aey", "1"]], "key"), null);
});

test("a list, an absent list and a malformed list are distinguished", () => {
  const read = (...values: string[]): unknown =>
    extractHeaderListValues(
      values.map((value) => ["Allow", value] as const),
      "allow",
    );
  assert.equal(read(), null);
  assert.deepEqual(read(""), []);
  assert.deepEqual(read(" , ,"), []);
  assert.deepEqual(read("a,B", "\tc , d "), ["a", "B", "c", "d"]);
  for (const value of ["a b", "a;b", '"a"', "a\u0000", "\u00e9", "a,b c", "a\u00a0"])
    assert.equal(read(value), failure, JSON.stringify(value));
  assert.equal(read("a", "b c"), failure, "one malformed line spoils all");
  assert.deepEqual(parseTokenList("a, b"), ["a", "b"]);
});

test("normalising a value strips only tab, space, LF and CR at its ends", () => {
  assert.equal(normalizeHeaderValue("\r\n\t a \t b\n "), "a \t b");
  assert.equal(normalizeHeaderValue("\u00a0a\u000b"), "\u00a0a\u000b");
  assert.equal(normalizeHeaderValue(" \t"), "");
});
