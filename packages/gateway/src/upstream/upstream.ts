// One upstream: its addresses, which of them gets a request, and how many requests it gets at a time. A limit on connections without
// a limit on waiting would turn one slow upstream into an outage, hence the queue with a deadline.

import type { UpstreamConfig } from "../config/config.ts";
import { balance, type Choose } from "./balance.ts";
import { watchHealth } from "./health-check.ts";
import { Pool } from "./pool.ts";

/** One address of an upstream. */
export interface Backend {
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly pool: Pool;
  /** Requests in progress and open WebSockets. */
  active: number;
  /** Of these, the WebSockets. */
  websockets: number;
  /** According to the health check; true if there is none. */
  healthy: boolean;
  /** No connection could be opened: used last until then (ms of the monotonic clock). */
  avoidUntil: number;
}

/** Something that waits for a place. Exactly one of the two is called, once. */
export interface Waiting {
  admitted(): void;
  turnedAway(): void;
}

/** A request whose client currently accepts nothing. */
export interface Stalled {
  evict(): void;
}

/**
 * How long a client may accept nothing before others may have its place in the upstream; ms. Shorter than what ends it anyway
 * (`write_stall_timeout`), because here others are waiting for it.
 */
const stallLimit = 5000;

/** How long an address that refused a connection is used last; ms. */
const avoidance = 1000;

export class Upstream {
  readonly config: UpstreamConfig;
  readonly backends: readonly Backend[];
  readonly #choose: Choose<Backend>;
  /** Since when; the longest first. */
  readonly #stalled = new Map<Stalled, number>();
  readonly #queue: { waiting: Waiting | undefined; deadline: number }[] = [];
  #active = 0;
  #websockets = 0;
  #websocketsRefused = 0;
  #admitting = false;
  #timer: NodeJS.Timeout | undefined;
  #stopHealth: (() => void)[] = [];
  #closing = false;

  constructor(config: UpstreamConfig) {
    this.config = config;
    this.#choose = balance<Backend>(config.algo);
    this.backends = config.addresses.map(({ host, port, weight }): Backend => {
      const key = `${host.includes(":") ? `[${host}]` : host}:${port}`;
      return {
        key,
        host,
        port,
        weight,
        pool: new Pool(config, host, port),
        active: 0,
        websockets: 0,
        healthy: true,
        avoidUntil: 0,
      };
    });
    const { healthCheck } = config;
    if (healthCheck !== undefined)
      this.#stopHealth = this.backends.map((backend) => watchHealth(backend, healthCheck, config));
  }

  get active(): number {
    return this.#active;
  }

  /** Takes a place now, or waits for one. `release` returns it; the result ends the wait. */
  enter(waiting: Waiting): (() => void) | undefined {
    if (this.#active < this.config.maxConnections) {
      this.#active++;
      waiting.admitted();
      return undefined;
    }
    const entry: { waiting: Waiting | undefined; deadline: number } = {
      waiting,
      deadline: performance.now() + this.config.queueTimeout,
    };
    this.#queue.push(entry);
    this.#arm();
    this.#evict();
    return () => {
      entry.waiting = undefined;
    };
  }

  release(): void {
    this.#active--;
    this.#admit();
    if (this.#closing && this.#active === 0) this.#closePools();
  }

  // A request that fails at once returns its place from within `admitted`. The loop that admitted it then takes the next one: if that
  // were admitted from there, the stack would grow with the queue, whose length clients choose.
  #admit(): void {
    if (this.#admitting) return;
    this.#admitting = true;
    while (this.#active < this.config.maxConnections) {
      const entry = this.#queue.shift();
      if (entry === undefined) break;
      if (entry.waiting === undefined) continue;
      this.#active++;
      entry.waiting.admitted();
    }
    this.#admitting = false;
  }

  /** Handshakes that were refused because the maximum number of WebSockets were open. */
  get websocketsRefused(): number {
    return this.#websocketsRefused;
  }

  /**
   * Takes one of the places for WebSockets before the handshake is forwarded; returns false if there is none. They are counted
   * separately from requests: they stay for hours, so a queue for their places would not help, and among requests they would eventually
   * take every place.
   */
  openWebSocket(): boolean {
    if (this.#websockets >= this.config.maxWebSockets) {
      this.#websocketsRefused++;
      return false;
    }
    this.#websockets++;
    return true;
  }

  /** Returns that place. */
  closeWebSocket(): void {
    this.#websockets--;
  }

  /** A request's client currently accepts nothing. */
  stalls(forward: Stalled): void {
    this.#stalled.set(forward, performance.now());
  }

  /** It accepts more again, or it is over. */
  moves(forward: Stalled): void {
    this.#stalled.delete(forward);
  }

  /**
   * The next address to use, none of `tried`. Unhealthy ones only if there is no other: a health check that is wrong about all of them
   * must not cause the outage.
   */
  pick(key: string, tried: readonly Backend[]): Backend | undefined {
    const [only] = this.backends;
    if (this.backends.length === 1) return tried.length === 0 ? only : undefined;
    // Usually all are healthy, and there is nothing to leave out.
    if (tried.length === 0 && this.backends.every(isWell)) return this.#choose(this.backends, key);
    const left = this.backends.filter((backend) => !tried.includes(backend));
    if (left.length === 0) return undefined;
    const good = left.filter(isWell);
    return this.#choose(good.length > 0 ? good : left, key);
  }

  /** A connection to this address could not be opened. */
  avoid(backend: Backend): void {
    backend.avoidUntil = performance.now() + avoidance;
  }

  /** Ends the health checks, and closes once the requests in progress and waiting are done. */
  close(): void {
    for (const stop of this.#stopHealth) stop();
    this.#closing = true;
    if (this.#active === 0) this.#closePools();
  }

  destroy(): void {
    for (const stop of this.#stopHealth) stop();
    clearTimeout(this.#timer);
    for (const { pool } of this.backends) pool.destroy();
  }

  #closePools(): void {
    for (const { pool } of this.backends) pool.close();
  }

  // All wait equally long, so the first in the queue is the first whose time expires: one timer for all.
  #arm(): void {
    if (this.#timer !== undefined) return;
    const first = this.#queue[0];
    if (first === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = undefined;
        const now = performance.now();
        while (this.#queue.length > 0) {
          const entry = this.#queue[0] as { waiting: Waiting | undefined; deadline: number };
          if (entry.waiting !== undefined && entry.deadline > now) break;
          if (entry.waiting !== undefined && this.#evict()) continue; // it has a place now
          this.#queue.shift();
          entry.waiting?.turnedAway();
        }
        this.#arm();
      },
      Math.max(1, first.deadline - performance.now()),
    );
  }

  /** Gives the place of the client that has accepted nothing for longest to the first that waits. */
  #evict(): boolean {
    for (const [forward, since] of this.#stalled) {
      if (performance.now() - since < stallLimit) return false;
      forward.evict();
      return true;
    }
    return false;
  }
}

function isWell({ healthy, avoidUntil }: Backend): boolean {
  return healthy && (avoidUntil === 0 || avoidUntil <= performance.now());
}
