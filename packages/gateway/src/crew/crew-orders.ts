// The messages between the leader and the processes that serve.

import type { LogForm } from "../observe/access-log.ts";
import type { Piece } from "../load/pack.ts";
import type { Shortage } from "../engine/engine.ts";
import type { Certificates } from "../engine/certificate.ts";

/** An order to a serving process. Each order is answered once. */
export type Order =
  | {
      readonly kind: "begin";
      readonly debug: boolean;
      readonly log: LogForm;
      readonly color: boolean;
    }
  /** A piece of the configuration to prepare next; answered when the next piece may come. */
  | { readonly kind: "piece"; readonly piece: Piece }
  /** Answered with the addresses: readonly Listening[]. */
  | {
      readonly kind: "prepare";
      readonly number: number;
      readonly hash: string;
      readonly certificates: Certificates;
    }
  | { readonly kind: "commit" }
  | { readonly kind: "abort" }
  /** Answered with a Tally. */
  | { readonly kind: "count" }
  /** Answered with the newest finished requests: readonly DecisionBatch[]. */
  | { readonly kind: "recent"; readonly after: ReadonlyMap<string, number> }
  | { readonly kind: "stop"; readonly grace: number };

/** A message from a serving process. */
export type Report =
  | { readonly kind: "done"; readonly id: number; readonly value: unknown }
  | { readonly kind: "failed"; readonly id: number; readonly error: PlainError }
  /** Lines for the access log; answered with `logged`. */
  | { readonly kind: "log"; readonly text: string }
  /** Lines were dropped for the first time, because `logged` does not arrive. */
  | { readonly kind: "log-loss" }
  /** Connections are being rejected, for the first time. */
  | { readonly kind: "shortage"; readonly shortage: Shortage }
  /** The first request to a server with a host name that it does not answer to. */
  | { readonly kind: "misdirected"; readonly server: string; readonly name: string }
  /** After an uncaught exception: it finishes the requests it has and accepts no more. */
  | { readonly kind: "ending" };

export type Said = { readonly id: number; readonly order: Order } | "logged";

/** An error as it is sent: between processes its own fields (`code`, `port`…) would be lost. */
export interface PlainError {
  readonly message: string;
  readonly code?: string;
  readonly address?: string;
  readonly port?: number;
  readonly path?: string;
}

export function plainError(error: unknown): PlainError {
  const { message, code, address, port, path } = (
    error instanceof Error ? error : new Error(String(error))
  ) as PlainError;
  return {
    message,
    ...(code !== undefined && { code }),
    ...(address !== undefined && { address }),
    ...(port !== undefined && { port }),
    ...(path !== undefined && { path }),
  };
}

export function errorOf({ message, ...fields }: PlainError): Error {
  return Object.assign(new Error(message), fields);
}
