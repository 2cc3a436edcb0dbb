import assert from "node:assert/strict";
import { test } from "node:test";
import { printLines, writeLines } from "../http1/lines.ts";
import { writeOutgoingHead, type OutgoingHead } from "./outgoing-head.ts";

const plain: OutgoingHead = {
  method: "GET",
  path: "/x?y",
  lines: printLines(["Host", "api.test", "X-A", "\u00e9\tb"]),
  chunked: false,
  upgrade: false,
};

test("a head is written as its line, its fields unchanged, and the framing fields", () => {
  assert.equal(
    writeOutgoingHead(plain),
    "GET /x?y HTTP/1.1\r\nHost: api.test\r\nX-A: \u00e9\tb\r\n\r\n",
  );
  assert.match(
    writeOutgoingHead({ ...plain, chunked: true })!,
    /b\r\nTransfer-Encoding: chunked\r\n\r\n$/,
  );
  assert.match(
    writeOutgoingHead({ ...plain, upgrade: true })!,
    /b\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n$/,
  );
});

for (const [name, fields] of [
  ["a line break in a value", ["A", "b\r\nEvil: c"]],
  ["a second head in a value", ["A", "b\r\n\r\nGET /evil HTTP/1.1"]],
  ["a bare line feed", ["A", "b\nEvil: c"]],
  ["a bare carriage return", ["A", "b\rEvil: c"]],
  ["a line break in a name", ["A: b\r\nEvil", "c"]],
  ["NUL", ["A", "b\0c"]],
  ["a control byte", ["A", "b\x0bc"]],
  ["a character that Latin-1 would truncate to a line feed", ["A", "b\u010aEvil: c"]],
] as const)
  test(`${name} is refused by the writer`, () => {
    assert.equal(writeLines(fields), undefined);
  });

for (const [name, change] of [
  ["a line break in the path", { path: "/x HTTP/1.1\r\nEvil: c\r\nA: /" }],
  ["a space in the path", { path: "/x y" }],
  ["a character in the path that Latin-1 would truncate to a line feed", { path: "/\u010a" }],
  ["a space in the method", { method: "GET /evil" }],
] as const)
  test(`${name} is refused by the writer`, () => {
    assert.equal(writeOutgoingHead({ ...plain, ...change }), undefined);
  });
