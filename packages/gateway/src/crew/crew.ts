// What serves: this process (crew-of-one.ts), or several that it leads (crew-of-many.ts). A gateway reads,
// checks and decides what is served; its crew serves it.

import type { UpstreamStatus } from "../admin/status.ts";
import type { DecisionBatch } from "../observe/backlog.ts";
import type { Counts } from "../observe/counters.ts";
import type { Hour } from "../observe/timeline.ts";
import type { Listening } from "./door.ts";
import type { Blueprint } from "./generation.ts";

export interface Crew {
  /**
   * Prepares everything to serve it, including new addresses, and changes nothing yet. Rejects with the
   * reason if it cannot be served, and leaves everything as it was.
   */
  prepare(next: Blueprint): Promise<Prepared>;
  tally(): Promise<Tally>;
  /**
   * The newest finished requests of every process that answers; by the name of a process, the number after
   * which its requests are wanted.
   */
  recent(after: ReadonlyMap<string, number>): Promise<readonly DecisionBatch[]>;
  /** The ids of the processes that currently serve. */
  readonly processes: readonly number[];
  /** Accepts no new connections and finishes requests in progress, within `grace` ms. */
  close(grace: number): Promise<void>;
}

/** Exactly one of the two is called, once. */
export interface Prepared {
  readonly addresses: readonly Listening[];
  /** Starts serving it; resolves when every process does. */
  commit(): Promise<void>;
  abort(): void;
}

/** The counts since the start, and the current state of the upstreams. */
export interface Tally {
  readonly counts: Counts;
  readonly hour: Hour;
  /** Open client connections. */
  readonly connections: number;
  readonly upstreams: readonly UpstreamStatus[];
}

/** How long requests in progress may take to finish; ms. */
export const drainGrace = 30_000;
