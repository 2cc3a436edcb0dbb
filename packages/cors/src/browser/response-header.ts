// Reads a response header as an engine does: the standard joins every line of the name, including empty
// ones, so `*` and an empty second line are `*, `, which is not a wildcard.

import type { HeaderList } from "../standard/message.ts";
import { getHeader, headerLines } from "../standard/header-list.ts";
import type { Engine } from "./engine.ts";

/** Fetch: concept-header-list-get, with `dropsEmptyLines` if the engine has it. */
export function responseHeader(
  headers: HeaderList,
  lowerName: string,
  engine: Engine,
): string | null {
  if (!engine.quirks.dropsEmptyLines) return getHeader(headers, lowerName);
  const lines = responseHeaderLines(headers, lowerName, engine);
  return lines.length === 0 ? null : lines.join(", ");
}

/** The lines that count, in order. */
export function responseHeaderLines(
  headers: HeaderList,
  lowerName: string,
  engine: Engine,
): string[] {
  const lines = headerLines(headers, lowerName);
  if (!engine.quirks.dropsEmptyLines || lines.length < 2) return lines;
  const filled = lines.filter((line) => line !== "");
  return filled.length === 0 ? [""] : filled;
}
