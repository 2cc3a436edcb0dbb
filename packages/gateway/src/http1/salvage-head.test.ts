import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isomorphicEncode } from "./isomorphic.ts";
import { salvageHead, type SalvagedHead } from "./salvage-head.ts";

const salvage = (text: string, limit = 1000): SalvagedHead =>
  salvageHead(isomorphicEncode(text)!, limit);

test("complete lines before a fault are kept", () => {
  assert.deepEqual(salvage("GET /x HTTP/2.0\r\nHost: a \r\nOrigin:https://b\r\nX: \0\r\nY: c"), {
    method: "GET",
    target: "/x",
    fields: ["Host", "a", "Origin", "https://b"],
    lines: "",
  });
});

test("a line that two readers could read differently is not kept", () => {
  const nothing = { method: "", target: "", fields: [], lines: "" };
  assert.deepEqual(salvage("GET /x HTTP/1.1\nOrigin: https://b\n\n"), nothing);
  assert.deepEqual(salvage("GET /x HTTP/1.1\r\nA: b\nOrigin: https://b\r\n\r\n").fields, []);
  assert.deepEqual(salvage("GET /x HTTP/1.1\r\nOrigin: https://b\r\n .evil\r\n\r\n").fields, []);
  assert.deepEqual(salvage("GET /x HTTP/1.1\r\nOrigin : https://b\r\n\r\n").fields, []);
  assert.deepEqual(salvage("GET /x HTTP/1.1\r\n\r\nOrigin: https://b\r\n\r\n").fields, []);
  assert.equal(salvage("GET /x y HTTP/1.1\r\n\r\n").target, "");
  assert.equal(salvage("GET /x HTTP/1.1").target, "");
});

test("an incomplete line is dropped wherever the limit falls, and no bytes throw", () => {
  assert.deepEqual(salvage("GET /x HTTP/1.1\r\nOrigin: https://bad\r\n", 35).fields, []);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const { fields } = salvageHead(bytes, 150);
      assert.ok(fields.length % 2 === 0);
    }),
  );
});
