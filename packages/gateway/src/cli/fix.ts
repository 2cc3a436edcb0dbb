// Mends what can be mended safely, and says what it did.

import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { fixText } from "../config/fix.ts";
import { loadConfig, type Loaded, type LoadOptions } from "../config/load.ts";
import type { Terminal } from "./terminal.ts";

/** A mended fault may uncover another one, a few times over. */
const ROUNDS = 5;

/** Loads, mends, loads again; gives what is left. */
export function loadMended(path: string, options: LoadOptions, terminal: Terminal): Loaded {
  let loaded = loadConfig(path, options);
  for (let round = 0; round < ROUNDS; round += 1) {
    let mended = 0;
    for (const [file, text] of loaded.sources) {
      const fixed = fixText(text, file, loaded.diagnostics);
      if (fixed.mended.length === 0) continue;
      write(resolve(terminal.cwd, file), fixed.text);
      mended += fixed.mended.length;
      for (const { at, fix } of fixed.mended) {
        terminal.err(`fixed  ${at?.file}:${at?.line}:${at?.column}  ${fix?.say}\n`);
      }
    }
    if (mended === 0) return loaded;
    loaded = loadConfig(path, options);
  }
  return loaded;
}

function write(path: string, text: string): void {
  const marked = readFileSync(path)
    .subarray(0, 3)
    .equals(Buffer.from([0xef, 0xbb, 0xbf]));
  writeFileSync(path, marked ? `\uFEFF${text}` : text);
}
