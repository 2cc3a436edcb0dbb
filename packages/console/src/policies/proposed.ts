// Changes that another view proposes: Policies takes them up as an edit that a person reviews.

import { signal } from "@preact/signals";
import type { WrittenAt } from "../api/shapes.ts";

export interface ProposedChange {
  /** The policy's name; undefined: written inline. */
  readonly policy: string | undefined;
  /** `allow_origins` */
  readonly field: string;
  readonly from: unknown;
  readonly to: unknown;
  /** Where the field is written now. */
  readonly at?: WrittenAt;
}

export const proposed = signal<readonly ProposedChange[]>([]);
