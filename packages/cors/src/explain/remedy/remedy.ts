// What turns a verdict, as data.

import type { Change } from "./change.ts";

/**
 * What turns the verdict, on one side: the smallest change that was applied to the model and seen to
 * work, or advice where nothing can be tried.
 */
export interface Remedy {
  readonly side: "server" | "client";
  readonly say: string;
  /** Empty: advice (a certificate, a firewall). */
  readonly change: readonly Change[];
}
