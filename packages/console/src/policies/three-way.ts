// Two changes of one text brought together by lines. Undefined where both changed the same lines: then a
// person decides.

import { commonLines } from "./line-difference.ts";

export function bringTogether(base: string, mine: string, theirs: string): string | undefined {
  if (mine === base) return theirs;
  if (theirs === base || theirs === mine) return mine;
  const [b, m, t] = [base.split("\n"), mine.split("\n"), theirs.split("\n")];
  const inMine = new Map(commonLines(b, m));
  const inTheirs = new Map(commonLines(b, t));
  const merged: string[] = [];
  let [i, j, k] = [0, 0, 0];
  for (;;) {
    // The next line of the base that both still have.
    let next = i;
    while (next < b.length && !(inMine.has(next) && inTheirs.has(next))) next++;
    const was = b.slice(i, next).join("\n");
    const endMine = next < b.length ? inMine.get(next)! : m.length;
    const endTheirs = next < b.length ? inTheirs.get(next)! : t.length;
    const [partMine, partTheirs] = [m.slice(j, endMine), t.slice(k, endTheirs)];
    const isMine = partMine.join("\n") !== was || partMine.length !== next - i;
    const isTheirs = partTheirs.join("\n") !== was || partTheirs.length !== next - i;
    if (isMine && isTheirs && partMine.join("\n") !== partTheirs.join("\n")) return undefined;
    merged.push(...(isMine ? partMine : partTheirs));
    if (next >= b.length) return merged.join("\n");
    merged.push(b[next]!);
    [i, j, k] = [next + 1, endMine + 1, endTheirs + 1];
  }
}
