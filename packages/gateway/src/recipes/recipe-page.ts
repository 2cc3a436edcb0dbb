// A recipe as a page of docs/recipes, from the same table as the file that `init --for` writes.

import type { Recipe } from "./apis/recipe.ts";
import { writeRecipe } from "./write-recipe.ts";

export function recipePage(recipe: Recipe): string {
  return `# ${recipe.title}

${recipe.about}

\`\`\`sh
corsway init --for ${recipe.name} --api ADDRESS --origins ORIGINS
\`\`\`

writes this file:

\`\`\`toml
${writeRecipe(recipe, { listen: "127.0.0.1:8080" })}\`\`\`

${recipe.notes.map((note) => `- ${note}\n`).join("")}`;
}

export function recipeIndex(recipes: readonly Recipe[]): string {
  return `# Recipes

Policies for what people most often put behind a gateway. \`corsway init --for NAME\` writes the file; from then on
it is yours, and nothing in it refers to the recipe. Each recipe is tried in a real browser, with the client that it
is for.

| \`--for\` | what it is for |
|---|---|
${recipes.map(({ name, title }) => `| [\`${name}\`](${name}.md) | ${title} |\n`).join("")}`;
}
