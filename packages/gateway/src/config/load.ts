// PATH → Config. Total: never throws; every fault at once, with its place.

import type { Diagnostic } from "@corsway/cors";
import type { Config } from "./config.ts";

export interface Loaded {
  /** Present exactly when no diagnostic is an error. */
  readonly config?: Config;
  readonly diagnostics: readonly Diagnostic[];
  /** Text of each file read, by the name used in diagnostics, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
  /** The path itself could not be read (missing, no permission): exit 2, not 1. */
  readonly unreadable?: string;
}

export interface LoadOptions {
  /** `--env NAME`: lays `corsway.NAME.toml` over the rest. */
  readonly env?: string;
}

/** Reads a file or a directory of `*.toml` (absolute path). */
export function loadConfig(path: string, options?: LoadOptions): Loaded;
