// Which fields of an upstream's head are forwarded to the client.

import assert from "node:assert/strict";
import { test } from "node:test";
import { isWebSocketSwitch, readSwitchFields, readUpstreamHead } from "./upstream-head.ts";

function head(status: number, text: string) {
  const fields = text === "" ? [] : text.split(" ");
  return { kind: "response", version: "1.1", status, reason: "", fields, size: 0 } as const;
}

test("hop-by-hop fields and those named by Connection are not forwarded", () => {
  const text = "Connection x-mine X-Mine 1 Keep-Alive timeout=5 Transfer-Encoding chunked A b";
  assert.deepEqual(readUpstreamHead(head(200, text)), { status: 200, fields: ["A", "b"] });
});

test("Connection cannot remove fields that policy and framing rely on", () => {
  const { fields } = readUpstreamHead(
    head(200, "Connection vary,access-control-allow-origin Vary Origin Content-Length 1"),
  );
  assert.deepEqual(fields, ["Vary", "Origin", "Content-Length", "1"]);
});

test("a response without content has no Content-Length", () => {
  assert.deepEqual(readUpstreamHead(head(204, "Content-Length 0 A b")).fields, ["A", "b"]);
  assert.deepEqual(readUpstreamHead(head(304, "Content-Length 9")).fields, ["Content-Length", "9"]);
});

test("only the end-to-end fields of a protocol upgrade are forwarded", () => {
  const fields = "Upgrade websocket Connection Upgrade,X-Mine X-Mine 1 Content-Length 0 A b";
  assert.deepEqual(readSwitchFields(head(101, fields)), ["A", "b"]);
});

test("a 101 for a protocol other than WebSocket is refused", () => {
  assert.equal(isWebSocketSwitch(head(101, "upgrade WebSocket")), true);
  assert.equal(isWebSocketSwitch(head(101, "Upgrade h2c")), false);
  assert.equal(isWebSocketSwitch(head(101, "A b")), false);
});
