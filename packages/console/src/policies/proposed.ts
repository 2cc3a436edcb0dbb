// Changes that another view proposes: Policies takes them up as an edit that a person reviews.

import { signal } from "@preact/signals";
import type { WrittenAt } from "../api/shapes.ts";

export interface ProposedChange {
  readonly policy: string | undefined;
  readonly field: string;
  readonly to: unknown;
  readonly at?: WrittenAt;
}

export const proposed = signal<readonly ProposedChange[]>([]);
