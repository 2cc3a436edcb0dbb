// A field's value as the form shows it, and back to what is written: in the way it was written before.

import type { FormField } from "./fields.ts";

export function shownText(kind: FormField["kind"], value: unknown): string {
  if (value === undefined || value === null) return "";
  const items = Array.isArray(value) ? value.map(String) : undefined;
  if (kind === "lines") return (items ?? itemsOf(String(value))).join("\n");
  return items?.join(", ") ?? String(value);
}

/** Undefined: the key is removed. `was`: the value as it is written now. */
export function writtenOf(kind: FormField["kind"], text: string, was: unknown): unknown {
  const trimmed = text.trim();
  if (trimmed === "") return undefined;
  if (kind === "lines" || kind === "list") {
    const items = itemsOf(trimmed);
    if (typeof was === "string") return items.join(", ");
    return items.length === 1 && items[0] === "*" && was === undefined ? "*" : items;
  }
  return /^\d+$/.test(trimmed) && typeof was !== "string" ? Number(trimmed) : trimmed;
}

/** Split at commas and lines, but not inside `[3000,8080]`. */
function itemsOf(text: string): readonly string[] {
  return text
    .split(/[\n,](?![^[\]\n]*\])/)
    .map((item) => item.trim())
    .filter((item) => item !== "");
}
