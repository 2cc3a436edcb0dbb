// The decisions of all processes as one sequence that a reader can leave and come back to: each event has
// an id that says how far it has read of each process, and a reader that gives it as Last-Event-ID goes
// on there. What it missed because it was away or slow is counted.

import type { AccessRecord } from "../observe/access-record.ts";
import type { DecisionBatch } from "../observe/backlog.ts";

export interface DecisionEvent {
  readonly id: string;
  /** Oldest first. */
  readonly records: readonly AccessRecord[];
  /** Requests before these that are no longer known. */
  readonly dropped?: number;
  /** A process that the reader has read before is gone, and what it decided last with it. */
  readonly restarted?: boolean;
}

/** How many a reader gets who comes for the first time. */
const mostAtFirst = 200;
/** More processes than any gateway has: a longer id was not written here. */
const mostSources = 1024;

export class DecisionFeed {
  readonly #read: (after: ReadonlyMap<string, number>) => Promise<readonly DecisionBatch[]>;
  #positions: Map<string, number>;
  #isFirst = true;

  /** `lastEventId`: as the reader has received it; anything that is not one counts as none. */
  constructor(
    read: (after: ReadonlyMap<string, number>) => Promise<readonly DecisionBatch[]>,
    lastEventId: string | undefined,
  ) {
    this.#read = read;
    this.#positions = readId(lastEventId ?? "");
  }

  /** Undefined: nothing has happened since. */
  async next(): Promise<DecisionEvent | undefined> {
    const before = this.#positions;
    const isNew = this.#isFirst && before.size === 0;
    const batches = await this.#read(before);
    let dropped = 0;
    const positions = new Map<string, number>();
    const records: AccessRecord[] = [];
    for (const { source, last, records: newest } of batches) {
      const known = before.get(source);
      positions.set(source, last);
      records.push(...newest);
      if (known !== undefined) dropped += last - known - newest.length;
    }
    // A process that did not answer just now keeps its place; one that is gone would keep it for good.
    const gone = [...before.keys()].filter((source) => !positions.has(source));
    const restarted = this.#isFirst && gone.length > 0;
    if (!this.#isFirst)
      for (const source of gone)
        if (positions.size < mostSources) positions.set(source, before.get(source)!);
    this.#positions = positions;
    this.#isFirst = false;
    if (records.length === 0 && dropped === 0 && !restarted && !isNew) return undefined;
    if (batches.length > 1)
      records.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    return {
      id: printId(positions),
      records: isNew ? records.slice(-mostAtFirst) : records,
      ...(dropped > 0 && { dropped }),
      ...(restarted && { restarted }),
    };
  }
}

function printId(positions: ReadonlyMap<string, number>): string {
  return [...positions].map(([source, last]) => `${source}.${last}`).join(",");
}

/** Total: whoever connects has written it. */
function readId(id: string): Map<string, number> {
  const positions = new Map<string, number>();
  for (const part of id.split(",", mostSources)) {
    const match = /^([0-9a-f]{12})\.(\d{1,15})$/.exec(part);
    if (match !== null) positions.set(match[1]!, Number(match[2]));
  }
  return positions;
}
