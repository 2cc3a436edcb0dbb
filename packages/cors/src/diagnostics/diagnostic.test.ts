import assert from "node:assert/strict";
import { test } from "node:test";
import { printPath } from "./diagnostic.ts";

test("a path quotes keys that are not bare TOML keys", () => {
  assert.equal(
    printPath(["policies", "web app", "allow_origins", 2]),
    'policies."web app".allow_origins[2]',
  );
  assert.equal(printPath([]), "");
  assert.equal(printPath(["a.b"]), '"a.b"');
});
