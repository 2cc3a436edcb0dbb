import assert from "node:assert/strict";
import { test } from "node:test";
import { shownText, writtenOf } from "./field-text.ts";

test("a list is written as it was: an array stays one, a string stays one", () => {
  assert.deepEqual(
    writtenOf("lines", "https://a.example\nhttps://b.example", ["https://a.example"]),
    ["https://a.example", "https://b.example"],
  );
  assert.equal(writtenOf("list", "Content-Type, X-A", "Content-Type"), "Content-Type, X-A");
  assert.equal(writtenOf("lines", "*", undefined), "*");
  assert.equal(writtenOf("list", "  ", ["GET"]), undefined);
});

test("the commas of a list of ports do not divide it", () => {
  const origin = "http://localhost:[3000,8080]";
  assert.equal(shownText("lines", `${origin}, https://a.example`), `${origin}\nhttps://a.example`);
  assert.deepEqual(writtenOf("lines", origin, []), [origin]);
});

test("a number is a number, unless it was text", () => {
  assert.equal(writtenOf("text", "600", undefined), 600);
  assert.equal(writtenOf("text", "600", "24h"), "600");
  assert.equal(writtenOf("text", "24h", 600), "24h");
});
