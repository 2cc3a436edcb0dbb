// What one run of the model starts from.

import type { CorsPreflightCache } from "./cors-preflight-cache.ts";
import type { Engine } from "./engine.ts";

/** Whose browser, and what it remembers from before. */
export interface RunOptions {
  /** The standard, by default. */
  readonly engine?: Engine;
  /** Shared by the requests of one browser; by default a fresh one for this request. */
  readonly cache?: CorsPreflightCache;
  /** Milliseconds; only differences count. */
  readonly now?: () => number;
  /** The network partition key: the top-level site, usually. By default one for all. */
  readonly partition?: string;
}
