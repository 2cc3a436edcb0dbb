import assert from "node:assert/strict";
import { test } from "node:test";
import { link, snapshot } from "./snapshot.ts";

test("links point to terms of the pinned standard", () => {
  assert.equal(link("concept-cors-check"), "https://fetch.spec.whatwg.org/#concept-cors-check");
  assert.match(snapshot.commit, /^[0-9a-f]{7,40}$/);
});
