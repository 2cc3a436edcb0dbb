// Writes docs/recipes from the table of recipes: node --conditions=source scripts/recipes.ts

import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { recipePage, recipeIndex } from "../packages/gateway/src/recipes/recipe-page.ts";
import { recipes } from "../packages/gateway/src/recipes/recipes.ts";
import { root } from "./checks.ts";

export function recipeFiles(): ReadonlyMap<string, string> {
  const files = new Map([["docs/recipes/README.md", recipeIndex(recipes)]]);
  for (const recipe of recipes) files.set(`docs/recipes/${recipe.name}.md`, recipePage(recipe));
  return files;
}

if (import.meta.main) {
  mkdirSync(path.join(root, "docs/recipes"), { recursive: true });
  for (const [file, text] of recipeFiles()) writeFileSync(path.join(root, file), text);
}
