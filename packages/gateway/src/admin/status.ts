// What the admin listener shows: one plain value, rendered as JSON, as a page and as metrics.

import type { DecisionCount } from "../observe/counters.ts";

/** What the admin listener reports, as `/status` in JSON. */
export interface Status {
  readonly version: string;
  /** False while it drains, or while no process is serving: a load balancer should send nothing more. */
  readonly ready: boolean;
  readonly started: string;
  /** The ids of the processes that serve. */
  readonly processes: readonly number[];
  readonly generation: { readonly number: number; readonly hash: string; readonly since: string };
  readonly files: readonly string[];
  /** Why the last attempt to apply a changed configuration failed; absent if it succeeded. */
  readonly reloadProblem?: string;
  readonly reloads: { readonly taken: number; readonly refused: number };
  readonly servers: readonly ServerStatus[];
  readonly upstreams: readonly UpstreamStatus[];
  readonly requests: {
    readonly total: number;
    /** By class: `2xx` …; `0` means no response. */
    readonly byClass: Readonly<Record<string, number>>;
  };
  /** Our own error responses, and exchanges that were cut off, by the error in the access log. */
  readonly errors: Readonly<Record<string, number>>;
  /** Client connections. `refused`: closed at once because the limit was reached. */
  readonly connections: { readonly open: number; readonly refused: number };
  readonly decisions: readonly DecisionCount[];
  /** Lines that were dropped because they could not be written. */
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
  readonly locationCount: number;
  /** The first thousand; `corsway check --print effective` prints all. */
  readonly locations: readonly {
    readonly name: string;
    readonly host: string;
    readonly path: string;
    readonly methods: string;
    readonly upstream: string;
    /** The name of the policy, or what applies instead of one. */
    readonly cors: string;
  }[];
}

export interface UpstreamStatus {
  readonly name: string;
  /** Whether it has a health check. */
  readonly checked: boolean;
  /** WebSocket handshakes that were refused because `max_websockets` were open. */
  readonly websocketsRefused: number;
  readonly addresses: readonly {
    readonly address: string;
    readonly healthy: boolean;
    /** Requests in progress. */
    readonly active: number;
    /** Open WebSockets. */
    readonly websockets: number;
  }[];
}
