// Engines by the names that people know.

import type { EngineName } from "../browser/engine.ts";

const titles: Readonly<Record<EngineName, string>> = {
  standard: "the standard",
  chromium: "Chromium",
  firefox: "Firefox",
  webkit: "WebKit",
};

export function titleOf(engine: EngineName): string {
  return titles[engine];
}

/** `a`, `a and b`, `a, b and c`. */
export function listOf(items: readonly string[]): string {
  return items.length < 2
    ? items.join("")
    : `${items.slice(0, -1).join(", ")} and ${items.at(-1)!}`;
}
