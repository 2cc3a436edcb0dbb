// The difference of two texts by lines: the longest common subsequence, after what both begin and end
// with is set aside. Where the rest is too large for that, it is replaced as a whole.

export interface DifferenceLine {
  readonly kind: "same" | "removed" | "added";
  readonly text: string;
}

const mostCells = 4_000_000;

export function lineDifference(before: string, after: string): readonly DifferenceLine[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const pairs = commonLines(a, b);
  const lines: DifferenceLine[] = [];
  let [i, j] = [0, 0];
  for (const [x, y] of [...pairs, [a.length, b.length] as const]) {
    while (i < x) lines.push({ kind: "removed", text: a[i++]! });
    while (j < y) lines.push({ kind: "added", text: b[j++]! });
    if (i < a.length) lines.push({ kind: "same", text: a[i]! });
    i++;
    j++;
  }
  return lines;
}

/** Indexes of lines that both have, in order. */
export function commonLines(
  a: readonly string[],
  b: readonly string[],
): readonly (readonly [number, number])[] {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (
    tail < a.length - head &&
    tail < b.length - head &&
    a[a.length - 1 - tail] === b[b.length - 1 - tail]
  )
    tail++;
  const [n, m] = [a.length - head - tail, b.length - head - tail];
  const pairs: [number, number][] = Array.from({ length: head }, (_, index) => [index, index]);
  if (n > 0 && m > 0 && n * m <= mostCells) {
    const longest = Array.from({ length: n + 1 }, () => new Uint32Array(m + 1));
    for (let i = n - 1; i >= 0; i--)
      for (let j = m - 1; j >= 0; j--)
        longest[i]![j] =
          a[head + i] === b[head + j]
            ? longest[i + 1]![j + 1]! + 1
            : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!);
    for (let i = 0, j = 0; i < n && j < m;) {
      if (a[head + i] === b[head + j]) pairs.push([head + i++, head + j++]);
      else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++;
      else j++;
    }
  }
  for (let index = tail; index > 0; index--) pairs.push([a.length - index, b.length - index]);
  return pairs;
}
