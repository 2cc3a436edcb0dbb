// What is known about a configuration while it is assembled. Text that could not be read, an unknown name,
// a misspelt key: each may be exactly what seems to be missing somewhere else. Before anything else is
// reported (this name does not exist, that policy is unused), this is consulted.

import type { Merge } from "./levels/layers.ts";
import { globalSection } from "./sections/definition.ts";
import { lacks, type Values } from "./sections/section.ts";
import { isTable, type Lost, type Tree } from "./tree/tree.ts";

export class Known {
  readonly #tree: Tree;
  readonly #lost: Lost;
  /** How levels are merged; undefined if that is written but cannot be read. */
  readonly merge: Merge | undefined;

  /** `lost`: text that could not be read. `global`: what was read from [global]. */
  constructor(tree: Tree, lost: Lost, global: Values<typeof globalSection>) {
    this.#tree = tree;
    this.#lost = lost;
    const written = tree.value["global"];
    const unclear =
      global.merge === undefined && isTable(written) && !lacks(written, "merge", globalSection);
    this.merge = unclear ? undefined : (global.merge ?? "replace");
  }

  /** Every table was read: a name that is not defined does not exist. */
  get tables(): boolean {
    return this.#lost !== "tables";
  }

  /** Every key and name was understood: what seems unused really is. */
  get uses(): boolean {
    const doubts = ["config/unknown-name", "config/unknown-key", "config/two-policies"] as const;
    return (
      this.#lost === "nothing" &&
      this.merge !== undefined &&
      !doubts.some((code) => this.#tree.faults.has(code))
    );
  }

  /** Under a merge that a policy takes part in, missing origins cannot come from another policy. */
  get origins(): boolean {
    if (this.merge === "replace") return true;
    const found = this.tables && !this.#tree.faults.has("config/unknown-name");
    return this.merge !== undefined && found;
  }
}
