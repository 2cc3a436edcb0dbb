// "Did you mean": the nearest known word, if one is near enough. Suggesting it is one thing, writing it
// is another: `min_connections` is near `max_connections`, but no misspelling of it.

import { editDistance } from "@corsway/cors/diagnostics";

/** The known word that was probably meant. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const folded = fold(word);
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(folded.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(folded, fold(candidate), least);
    // The first letter is seldom a slip: `local-wins` is not `global-wins`.
    const alike = distance < 2 || folded[0] === fold(candidate)[0];
    if (alike && distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** One slip at most: nothing else can be meant, and it may be mended. */
export function isSlip(word: string, meant: string): boolean {
  return editDistance(fold(word), fold(meant), 2) < 2;
}

/** Case, dashes, underscores and a plural in -ies are not what a person gets wrong on purpose. */
function fold(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, "").replace(/ies$/, "y");
}
