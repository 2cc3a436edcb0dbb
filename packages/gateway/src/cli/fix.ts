// Applies the fixes that are safe, and reports them.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fixText } from "../config/documents/fix.ts";
import { loadConfig, type Loaded, type LoadOptions } from "../config/load.ts";
import type { Terminal } from "./terminal.ts";

/** Fixing one fault may uncover another; this is the maximum number of rounds. */
const mostRounds = 5;

/** Loads, fixes, loads again; returns what remains. */
export function loadMended(path: string, options: LoadOptions, terminal: Terminal): Loaded {
  let loaded = loadConfig(path, options);
  const locked = new Set<string>();
  for (let round = 0; round < mostRounds; round += 1) {
    let mended = 0;
    for (const [file, text] of loaded.sources) {
      const fixed = fixText(text, file, loaded.diagnostics);
      if (fixed.mended.length === 0 || locked.has(file)) continue;
      const reason = write(resolve(terminal.cwd, file), text, fixed.text);
      if (reason !== undefined) {
        locked.add(file);
        terminal.err(`corsway: ${file} cannot be fixed: ${reason}\n`);
        continue;
      }
      mended += fixed.mended.length;
      for (const { at, fix } of fixed.mended) {
        terminal.err(
          `fixed  ${at?.file}:${at?.line}:${at?.column}  it is now ${fix?.edit?.text}\n`,
        );
      }
    }
    if (mended === 0) return loaded;
    loaded = loadConfig(path, options);
  }
  return loaded;
}

/** Writes the fixed text; returns the reason if that fails. */
function write(path: string, text: string, mended: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    const mark = bytes.subarray(0, 3).equals(Buffer.from([0xef, 0xbb, 0xbf])) ? "\uFEFF" : "";
    // The file has changed: the edits were made for the text that was read.
    if (!bytes.equals(Buffer.from(`${mark}${text}`))) return "it has changed since it was read";
    writeFileSync(path, `${mark}${mended}`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
