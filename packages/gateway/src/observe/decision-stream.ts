// The live stream of decisions: whoever watches gets each finished request. Without a watcher it costs a
// comparison.

import type { AccessRecord } from "./access-record.ts";

export class DecisionStream {
  readonly #watchers = new Set<(record: AccessRecord) => void>();

  /** Is anybody watching? */
  get watched(): boolean {
    return this.#watchers.size > 0;
  }

  publish(record: AccessRecord): void {
    if (this.#watchers.size === 0) return;
    for (const watcher of this.#watchers) watcher(record);
  }

  /** Returns what ends it. */
  watch(watcher: (record: AccessRecord) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }
}
