// "Did you mean": the nearest known word, if one is near enough. Suggesting it is one thing, writing it
// is another: `min_connections` is near `max_connections`, but no misspelling of it.

/** The known word that was probably meant. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const folded = fold(word);
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(folded.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceOf(folded, fold(candidate), least);
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
  return distanceOf(fold(word), fold(meant), 2) < 2;
}

/** Case, dashes, underscores and a plural in -ies are not what a person gets wrong on purpose. */
function fold(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, "").replace(/ies$/, "y");
}

/** Edits, insertions, deletions and swaps of neighbours from one word to the other; `bound` is as good as more. */
function distanceOf(left: string, right: string, bound: number): number {
  if (Math.abs(left.length - right.length) >= bound) return bound;
  let before: number[] = [];
  let last = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      let cost = Math.min(
        last[column]! + 1,
        next[column - 1]! + 1,
        last[column - 1]! + (same ? 0 : 1),
      );
      if (
        row > 1 &&
        column > 1 &&
        left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1]
      ) {
        cost = Math.min(cost, before[column - 2]! + 1);
      }
      next.push(cost);
    }
    before = last;
    last = next;
  }
  return last[right.length]!;
}
