// The starting state of one run of the model.

import type { CorsPreflightCache } from "./cors-preflight-cache.ts";
import type { Engine } from "./engine.ts";

/** Which browser, and what it remembers from earlier requests. */
export interface RunOptions {
  /** @default the standard */
  readonly engine?: Engine;
  /**
   * Shared by the requests of one browser.
   * @default a fresh cache for this request
   */
  readonly cache?: CorsPreflightCache;
  /**
   * Milliseconds; only differences matter.
   * @default Date.now
   */
  readonly now?: () => number;
  /**
   * The network partition key, usually the top-level site.
   * @default one partition for all
   */
  readonly partition?: string;
}
