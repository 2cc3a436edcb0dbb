// Who serves: this process (crew-of-one.ts), or several that this one leads (crew-of-many.ts). A
// gateway reads, checks and decides what is to be served; its crew does.

import type { UpstreamStatus } from "../admin/status.ts";
import type { Counts } from "../observe/counters.ts";
import type { Listening } from "./door.ts";
import type { Blueprint } from "./generation.ts";

export interface Crew {
  /**
   * Makes everything ready to serve it, new addresses bound, and changes nothing yet. Rejects with
   * the reason why it cannot be served, and leaves everything as it was.
   */
  prepare(next: Blueprint): Promise<Prepared>;
  tally(): Promise<Tally>;
  /** Those that serve at the moment, by their ids. */
  readonly processes: readonly number[];
  /** No new connections; requests under way are finished, at most `grace` ms. */
  close(grace: number): Promise<void>;
}

/** Exactly one of the two is called, once. */
export interface Prepared {
  readonly addresses: readonly Listening[];
  /** From here on it is served; resolves when every process serves it. */
  commit(): Promise<void>;
  abort(): void;
}

/** What was counted since the start, and how the upstreams are at the moment. */
export interface Tally {
  readonly counts: Counts;
  /** Open connections of clients. */
  readonly connections: number;
  readonly upstreams: readonly UpstreamStatus[];
}

/** How long requests under way may take to end; ms. */
export const drainGrace = 30_000;
