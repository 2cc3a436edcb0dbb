// docs/compare.md states what the compared libraries respond today.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../scripts/checks.ts";
import { ledger, place } from "../scripts/compare.ts";

test("the ledger of differences matches what the libraries respond", async (t) => {
  t.mock.method(console, "warn", () => undefined);
  const text = readFileSync(path.join(root, "docs/compare.md"), "utf8");
  assert.equal(text, place(text, await ledger()), "run `npm run compare`");
});
