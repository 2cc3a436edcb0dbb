// What the contract of the adapters is held against: one small application, written once in the way of
// each framework, with the same routes.

import type { NodeMiddleware } from "@corsway/cors/node";

/** What every `cors()` takes and carries, whichever entry it comes from. */
export type Policy = Parameters<typeof import("@corsway/cors/node").cors>[0];
export type Settings = NonNullable<Parameters<typeof import("@corsway/cors/node").cors>[1]>;
export type Controls = Pick<
  NodeMiddleware,
  "policy" | "diagnostics" | "update" | "debug" | "admitsUpgrade"
>;

export interface Served {
  /** `http://127.0.0.1:54321` */
  readonly address: string;
  readonly middleware: Controls;
  /** The requests that came through to the application: `GET /plain`. */
  readonly reached: string[];
  close(): Promise<void>;
}

/**
 * The routes of each application, all of them for any method but where one is named:
 * - `/plain` 200 `ok`, with `X-Request-ID: 7`; OPTIONS too
 * - `/vary` sets `Vary: Accept-Encoding`, late
 * - `/layer` sets its own `Access-Control-Allow-Origin: *` and -Credentials, as a nested layer would
 * - `/head` gives its whole head at once: `Vary: Accept`, `Access-Control-Allow-Origin: null`, two cookies
 * - `/stream` two chunks of an event stream
 * - `/error` 500 · `/not-modified` 304 · `/throws` throws · everything else is not there
 */
export interface Application {
  readonly name: string;
  serve(policy: Policy, settings?: Settings): Promise<Served>;
  /** Case → why it cannot hold here. */
  readonly skips?: Readonly<Record<string, string>>;
}
