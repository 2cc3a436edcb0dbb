// The newest finished requests of one process, numbered: whoever shows them live asks again and again for
// what came after a number. Nobody has to be told about a request, so a reader costs the request nothing,
// and a reader that was away for a while misses nothing that is still here.

import { randomBytes } from "node:crypto";
import type { AccessRecord } from "./access-record.ts";

/** Finished requests of one process, oldest first. */
export interface DecisionBatch {
  /** Names the process: another one, also a later one with the same id, has another name. */
  readonly source: string;
  /** The number of the newest request of this process; the first one is 1. */
  readonly last: number;
  /** The newest ones up to `last`, without a gap. */
  readonly records: readonly AccessRecord[];
}

/** How many are kept. */
export const mostKept = 500;

export class Backlog {
  readonly source: string = randomBytes(6).toString("hex");
  readonly #ring: AccessRecord[] = [];
  #last = 0;

  add(record: AccessRecord): void {
    this.#ring[this.#last++ % mostKept] = record;
  }

  /** Those after the number that are still here. */
  after(number: number): DecisionBatch {
    const count = Math.min(Math.max(this.#last - number, 0), this.#ring.length);
    const records: AccessRecord[] = [];
    for (let at = this.#last - count; at < this.#last; at++)
      records.push(this.#ring[at % mostKept]!);
    return { source: this.source, last: this.#last, records };
  }
}
