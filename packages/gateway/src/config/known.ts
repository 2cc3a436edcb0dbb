// What is known of a configuration while it is put together. Text that could not be read, a name
// that leads nowhere, a misspelt key: each may be just what seems to be missing elsewhere. So what is
// said of the rest (this name is nowhere, that policy is unused) asks here first.

import type { Merge } from "./levels/layers.ts";
import { globalSection } from "./sections/definition.ts";
import { lacks, type Values } from "./sections/section.ts";
import { isTable, type Lost, type Tree } from "./tree/tree.ts";

export class Known {
  readonly #tree: Tree;
  readonly #lost: Lost;
  /** How levels are merged; undefined where that is written, and cannot be read. */
  readonly merge: Merge | undefined;

  /** `lost`: text that could not be read. `global`: what was read of [global]. */
  constructor(tree: Tree, lost: Lost, global: Values<typeof globalSection>) {
    this.#tree = tree;
    this.#lost = lost;
    const written = tree.value["global"];
    const unclear =
      global.merge === undefined && isTable(written) && !lacks(written, "merge", globalSection);
    this.merge = unclear ? undefined : (global.merge ?? "replace");
  }

  /** Every table was read: what is not there is nowhere. */
  get tables(): boolean {
    return this.#lost !== "tables";
  }

  /** Every key and name was understood: what seems to be unused is. */
  get uses(): boolean {
    const doubts = ["config/unknown-name", "config/unknown-key", "config/two-policies"] as const;
    return (
      this.#lost === "nothing" &&
      this.merge !== undefined &&
      !doubts.some((code) => this.#tree.faults.has(code))
    );
  }

  /** No origins that a policy lacks can follow from another one, under a merge that it is part of. */
  get origins(): boolean {
    if (this.merge === "replace") return true;
    const found = this.tables && !this.#tree.faults.has("config/unknown-name");
    return this.merge !== undefined && found;
  }
}
