import assert from "node:assert/strict";
import { test } from "node:test";
import { isWebSocketSwitch } from "./upstream-head.ts";

test("a 101 for a protocol other than WebSocket is refused", () => {
  assert.equal(isWebSocketSwitch({ fields: ["upgrade", "WebSocket"] }), true);
  assert.equal(isWebSocketSwitch({ fields: ["Upgrade", "h2c"] }), false);
  assert.equal(isWebSocketSwitch({ fields: ["A", "b"] }), false);
});
