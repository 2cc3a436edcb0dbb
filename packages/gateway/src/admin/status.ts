// What the admin listener tells: one plain value, rendered as JSON, as a page and as metrics.

import type { DecisionCount } from "../observe/counters.ts";

/** What the admin listener reports, as `/status` in JSON. */
export interface Status {
  readonly version: string;
  /** False while it drains, or while no process serves: a load balancer should send nothing more. */
  readonly ready: boolean;
  readonly started: string;
  /** Those that serve, by their ids. */
  readonly processes: readonly number[];
  readonly generation: { readonly number: number; readonly hash: string; readonly since: string };
  readonly files: readonly string[];
  /** The last attempt to take a changed configuration, where it failed. */
  readonly reloadProblem?: string;
  readonly reloads: { readonly taken: number; readonly refused: number };
  readonly servers: readonly ServerStatus[];
  readonly upstreams: readonly UpstreamStatus[];
  readonly requests: {
    readonly total: number;
    /** By class: `2xx` …; `0` got no answer. */
    readonly byClass: Readonly<Record<string, number>>;
  };
  /** Our own answers, and exchanges that broke off, by the error that the access log names. */
  readonly errors: Readonly<Record<string, number>>;
  /** Of clients. `refused`: closed at once, since there were as many as may be. */
  readonly connections: { readonly open: number; readonly refused: number };
  readonly decisions: readonly DecisionCount[];
  /** Lines that were not written, as nobody took them. */
  readonly accessLog: { readonly dropped: number };
  readonly warnings: readonly {
    readonly code: string;
    readonly message: string;
    readonly at: string;
  }[];
}

export interface ServerStatus {
  readonly name: string;
  readonly urls: readonly string[];
  readonly locations: readonly {
    readonly name: string;
    readonly host: string;
    readonly path: string;
    readonly methods: string;
    readonly upstream: string;
    /** The policy's name, or what stands in its place. */
    readonly cors: string;
  }[];
}

export interface UpstreamStatus {
  readonly name: string;
  /** Has it a health check? */
  readonly checked: boolean;
  /** WebSocket handshakes that were refused, because `max_websockets` were open. */
  readonly websocketsRefused: number;
  readonly addresses: readonly {
    readonly address: string;
    readonly healthy: boolean;
    /** Requests under way. */
    readonly active: number;
    /** Open WebSockets. */
    readonly websockets: number;
  }[];
}
