// The pages in docs/recipes match the table of recipes.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../scripts/checks.ts";
import { recipeFiles } from "../../scripts/recipes.ts";

test("the pages of docs/recipes match the table of recipes", () => {
  const files = recipeFiles();
  const hint = "write them anew: npx node --conditions=source scripts/recipes.ts";
  for (const [file, text] of files)
    assert.equal(readFileSync(path.join(root, file), "utf8"), text, `${file}: ${hint}`);
  const there = readdirSync(path.join(root, "docs/recipes")).map((file) => `docs/recipes/${file}`);
  assert.deepEqual(there.sort(), [...files.keys()].sort(), hint);
});
