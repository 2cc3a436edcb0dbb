// "Did you mean": the nearest known word, if one is near enough to be a slip.

/** The known word that was probably meant. */
export function suggestion(word: string, known: Iterable<string>): string | undefined {
  const folded = fold(word);
  let best: string | undefined;
  let least = Math.min(3, Math.ceil(folded.length / 3)) + 1;
  for (const candidate of known) {
    const distance = distanceOf(folded, fold(candidate), least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

/** Case, dashes and underscores are not what a person gets wrong on purpose. */
function fold(word: string): string {
  return word.slice(0, 64).toLowerCase().replaceAll(/[-_ ]/g, "");
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
