// An upstream's head, however little the client in front of it refused by itself.

import assert from "node:assert/strict";
import { test } from "node:test";
import { readSwitchFields, readUpstreamHead } from "./upstream-head.ts";

for (const [name, status, raw] of [
  ["a status below 200", 199, []],
  ["a status above 599", 600, []],
  ["a status that is no whole number", 200.5, []],
  ["two Content-Lengths", 200, ["Content-Length", "1", "content-length", "1"]],
  ["an empty Content-Length", 200, ["Content-Length", ""]],
  ["a Content-Length with a sign before it", 200, ["Content-Length", "-1"]],
  ["a Content-Length with a sign behind it", 200, ["Content-Length", "1/"]],
  ["a Content-Length that is no number", 200, ["Content-Length", ":"]],
  ["a Content-Length of 16 digits", 200, ["Content-Length", "1".repeat(16)]],
  ["two Transfer-Encodings", 200, ["Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked"]],
  ["a coding that is not chunked", 200, ["Transfer-Encoding", "gzip"]],
  ["both framings", 200, ["Transfer-Encoding", "chunked", "Content-Length", "1"]],
  ["more than a thousand fields", 200, Array.from({ length: 2002 }, () => "a")],
] as const)
  test(`${name}: no head`, () => {
    assert.equal(readUpstreamHead(status, raw), undefined);
  });

test("a head at the limits is taken", () => {
  const fields = Array.from({ length: 2000 }, () => "a");
  assert.equal(readUpstreamHead(200, fields)?.headers.length, 1000);
  assert.equal(readUpstreamHead(599, [])?.status, 599);
  assert.deepEqual(readUpstreamHead(200, ["Content-Length", "1".repeat(15)])?.headers, [
    ["Content-Length", "1".repeat(15)],
  ]);
});

test("a response without content says no length of it", () => {
  assert.deepEqual(readUpstreamHead(204, ["Content-Length", "0", "A", "b"])?.headers, [["A", "b"]]);
  assert.deepEqual(readUpstreamHead(304, ["Content-Length", "9"])?.headers, [
    ["Content-Length", "9"],
  ]);
});

test("of the fields that change the protocol those pass that do not end at this hop", () => {
  const fields = "Upgrade websocket Connection Upgrade,X-Mine X-Mine 1 Content-Length 0 A b";
  const raw = fields.split(" ").map((part) => Buffer.from(part));
  assert.deepEqual(readSwitchFields(raw), [["A", "b"]]);
});
