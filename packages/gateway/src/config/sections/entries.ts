// The tables of a section in the order in which they were written.

import type { Spot } from "../tree/spot.ts";
import { notATable } from "./section.ts";
import { isTable } from "../tree/tree.ts";

export type Entry = readonly [name: string, value: unknown, spot: Spot];

export function entriesOf(section: string, root: Spot): readonly Entry[] {
  const value = root.tree.value[section];
  if (value === undefined) return [];
  if (!isTable(value)) {
    notATable(root.at(section), value);
    return [];
  }
  const entries = Object.entries(value).map(([name, item]): Entry => [
    name,
    item,
    root.at(section, name),
  ]);
  // An object lists keys that look like numbers first; the file has its own order.
  if (entries.some(([name]) => /^\d+$/.test(name))) {
    const line = ([, , spot]: Entry): number => root.tree.where(spot.path)?.line ?? 0;
    entries.sort((left, right) => line(left) - line(right));
  }
  return entries;
}
