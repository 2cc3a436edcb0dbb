// "Did you mean": the nearest known word, if one is near enough. Suggesting a word is different from
// writing it: `min_connections` is near `max_connections`, but is not a misspelling of it.

import { editDistance } from "@corsway/cors/diagnostics";

/** The known word that was probably meant. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const folded = fold(word);
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(folded.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(folded, fold(candidate), least);
    // The first letter is rarely wrong: `local-wins` is not `global-wins`.
    const alike = distance < 2 || folded[0] === fold(candidate)[0];
    if (alike && distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** At most one typo: nothing else can be meant, and it may be fixed. */
export function isSlip(word: string, meant: string): boolean {
  return editDistance(fold(word), fold(meant), 2) < 2;
}

/** People do not deliberately vary case, dashes, underscores or a plural in -ies. */
function fold(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, "").replace(/ies$/, "y");
}
