// One upstream: its addresses, who of them is asked, and how many requests it gets at a time. A cap
// on connections without a bound on waiting would turn one slow upstream into an outage, hence the
// queue with a deadline.

import { isIP } from "node:net";
import { buildConnector, Pool } from "undici";
import type { UpstreamConfig } from "../config/config.ts";
import { balance, type Choose } from "./balance.ts";
import { watchHealth } from "./health-check.ts";

/** One address of an upstream. */
export interface Backend {
  readonly key: string;
  readonly host: string;
  readonly port: number;
  readonly weight: number;
  readonly pool: Pool;
  active: number;
  /** By the health check; true where there is none. */
  healthy: boolean;
  /** No connection could be had: asked last until then (ms of the monotonic clock). */
  avoidUntil: number;
}

/** Who waits for a place. Exactly one of the two is called, once. */
export interface Waiting {
  admitted(): void;
  turnedAway(): void;
}

/** How long an address that refused a connection is asked last. */
const avoidance = 1000;

export class Upstream {
  readonly config: UpstreamConfig;
  readonly backends: readonly Backend[];
  readonly #choose: Choose<Backend>;
  readonly #queue: { waiting: Waiting | undefined; deadline: number }[] = [];
  #active = 0;
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
        pool: openPool(config, key),
        active: 0,
        healthy: true,
        avoidUntil: 0,
      };
    });
    const { healthCheck } = config;
    if (healthCheck !== undefined)
      this.#stopHealth = this.backends.map((backend) => watchHealth(backend, healthCheck));
  }

  get active(): number {
    return this.#active;
  }

  /** Takes a place now, or waits for one. `release` gives it back; the result ends the wait. */
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
    return () => {
      entry.waiting = undefined;
    };
  }

  release(): void {
    this.#active--;
    for (let entry = this.#queue.shift(); entry !== undefined; entry = this.#queue.shift()) {
      if (entry.waiting === undefined) continue;
      this.#active++;
      entry.waiting.admitted();
      return;
    }
    if (this.#closing && this.#active === 0) this.#closePools();
  }

  /**
   * The next address to ask, none of `tried`. Unhealthy ones only where there is no other: a health
   * check that is wrong about all of them must not be what makes the outage.
   */
  pick(key: string, tried: readonly Backend[]): Backend | undefined {
    const [only] = this.backends;
    if (this.backends.length === 1) return tried.length === 0 ? only : undefined;
    const left = this.backends.filter((backend) => !tried.includes(backend));
    if (left.length === 0) return undefined;
    const now = performance.now();
    const good = left.filter((backend) => backend.healthy && backend.avoidUntil <= now);
    return this.#choose(good.length > 0 ? good : left, key);
  }

  /** A connection to this address could not be had. */
  avoid(backend: Backend): void {
    backend.avoidUntil = performance.now() + avoidance;
  }

  /** Ends the health checks, and closes once the requests under way and waiting are done. */
  close(): void {
    for (const stop of this.#stopHealth) stop();
    this.#closing = true;
    if (this.#active === 0) this.#closePools();
  }

  destroy(): void {
    for (const stop of this.#stopHealth) stop();
    clearTimeout(this.#timer);
    for (const { pool } of this.backends) pool.destroy().catch(() => undefined);
  }

  #closePools(): void {
    for (const { pool } of this.backends) pool.close().catch(() => undefined);
  }

  // All wait equally long, so the first in the queue is the first whose time is up: one timer for all.
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
          this.#queue.shift();
          entry.waiting?.turnedAway();
        }
        this.#arm();
      },
      Math.max(1, first.deadline - performance.now()),
    );
  }
}

function openPool(config: UpstreamConfig, key: string): Pool {
  const { tls } = config;
  const connector = buildConnector({
    timeout: config.connectionTimeout,
    allowH2: false,
    ...(tls === undefined ? undefined : { rejectUnauthorized: tls.verify }),
  });
  // Undefined (`sni = "$host"`): undici asks TLS for the request's host. Empty: no SNI, since an address
  // is no name for it (RFC 6066 §3); the certificate is verified against the address.
  const named = tls === undefined || isIP(tls.sni ?? "") !== 0 ? "" : tls.sni;
  return new Pool(`${tls === undefined ? "http" : "https"}://${key}`, {
    connections: config.maxConnections,
    pipelining: 1,
    allowH2: false,
    headersTimeout: config.readTimeout,
    bodyTimeout: config.readTimeout,
    keepAliveTimeout: config.idleTimeout,
    keepAliveMaxTimeout: config.idleTimeout,
    maxHeaderSize: 65536,
    strictContentLength: true,
    connect: (options, done) =>
      connector(named === undefined ? options : { ...options, servername: named }, done),
  });
}
