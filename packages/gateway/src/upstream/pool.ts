// The connections to one address. The one used last is used next: those that are not needed become idle and end, and the one at
// hand is the least likely to have been closed by the other side. Whether a request may have a connection at all is decided above,
// so the pool never waits and never refuses.

import type { UpstreamConfig } from "../config/config.ts";
import { Connection, type ConnectionOwner } from "./connection.ts";
import { Dialer } from "./dial.ts";

/** How far down the list a connection with the right name is searched for. */
const lookedAt = 8;

export class Pool implements ConnectionOwner {
  readonly idleTimeout: number;
  readonly #connectTimeout: number;
  readonly #most: number;
  readonly #dialer: Dialer;
  /** The last element is the one used last. */
  readonly #idle: Connection[] = [];
  readonly #all = new Set<Connection>();
  #closing = false;

  constructor(config: UpstreamConfig, host: string, port: number) {
    this.idleTimeout = config.idleTimeout;
    this.#connectTimeout = config.connectionTimeout;
    this.#most = config.maxConnections;
    this.#dialer = new Dialer(config, host, port);
  }

  /** Open, idle ones included. */
  get size(): number {
    return this.#all.size;
  }

  /** A connection to use. `host`: the Host of the request; `fresh`: one that was never used before. */
  take(host: string, fresh: boolean): Connection {
    const name = this.#dialer.serverName(host);
    const kept = fresh ? undefined : this.#pop(name);
    if (kept !== undefined) return kept;
    // Only if idle ones have other names, or a fresh one is wanted, could there be too many.
    if (this.#all.size >= this.#most) this.#idle[0]?.destroy();
    const timeout = this.#connectTimeout;
    const connection = new Connection(this, this.#dialer, { name, timeout });
    this.#all.add(connection);
    return connection;
  }

  idle(connection: Connection): void {
    if (this.#closing) connection.destroy();
    else this.#idle.push(connection);
  }

  gone(connection: Connection): void {
    this.#all.delete(connection);
    const at = this.#idle.lastIndexOf(connection);
    if (at >= 0) this.#idle.splice(at, 1);
  }

  /** Idle ones end now, the others when they are done. */
  close(): void {
    this.#closing = true;
    // Each removes itself from the list.
    while (this.#idle.length > 0) (this.#idle.at(-1) as Connection).destroy();
  }

  destroy(): void {
    this.#closing = true;
    for (const connection of this.#all) connection.destroy();
  }

  #pop(name: string): Connection | undefined {
    const idle = this.#idle;
    const last = idle.length - 1;
    for (let i = last; i >= 0 && i > last - lookedAt; i--) {
      const connection = idle[i] as Connection;
      if (connection.name !== name) continue;
      if (i === last) idle.pop();
      else idle.splice(i, 1);
      return connection;
    }
    return undefined;
  }
}
