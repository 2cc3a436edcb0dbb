// The seam between the gateway's walk and whatever speaks HTTP to the client. An engine parses and
// frames; everything that decides is above it and sees only what is declared here: a request, and the
// way back. Neither knows of connections, which another version of HTTP has in another way. Fields are
// flat (`name, value, name, value…`) because that is what an engine has and what a socket takes.

import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Address, Limits } from "../config/config.ts";
import type { Certificate } from "./certificate.ts";

/** One request as its engine hands it over: the head is parsed, the body is still on the wire. */
export interface Arrival {
  readonly method: string;
  /** The request target as it stood on the line. */
  readonly target: string;
  /** `1.1`, `1.0`, or what else the line said. */
  readonly version: string;
  readonly fields: readonly string[];
  /** The peer's address, IPv4 written as IPv4. */
  readonly peer: string;
  /** The body, paused; absent where the head says that there is none. */
  readonly body?: Readable | undefined;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly awaitsContinue: boolean;
  /** A request to change the protocol to WebSocket. */
  readonly upgrade: boolean;
  /**
   * There is no request that could be served: it has to be refused, and its connection ends. The other
   * members hold what is certain of it, and are empty where nothing is.
   */
  readonly flaw?: Flaw | undefined;
}

/** Why a head is not one: its bytes, the time it took, its size, its version. */
export type Flaw = "malformed" | "late" | "too-large" | "version";

/** The way back to the client. Once that is gone, every method does nothing. */
export interface Reply {
  /** Has a head been written? */
  readonly started: boolean;
  /** Tells a waiting client to send its body. */
  sendContinue(): void;
  /** A whole answer in one write. `body` empty: none. */
  send(status: number, fields: readonly string[], body: string, close: boolean): void;
  /** False where the fields cannot be written as they are: then nothing has been. */
  start(status: number, fields: readonly string[]): boolean;
  /** Sends a head that was started, though nothing of its body is there. */
  flush(): void;
  /** False: wait for `drained`. */
  write(chunk: Uint8Array): boolean;
  /** `bodyLeft`: the request's body was not read to its end; the connection is not kept. */
  end(bodyLeft: boolean): void;
  /**
   * Answers an upgrade: 101, and the connection is the caller's; what the client sent behind its
   * request is the first thing to read from it. Undefined where it is gone, or where the fields cannot
   * be written.
   */
  switchProtocols(fields: readonly string[]): Socket | undefined;
  /** Cuts the connection: the only honest end of a body that cannot be completed. */
  destroy(): void;
}

/** What an engine tells the one who walks a request. */
export interface Visitor {
  /** The engine is ready for an answer. Called once, first. */
  go(): void;
  /** The client takes more. */
  drained(): void;
  /** The answer is out whole, or the connection is gone before it was. Called once. */
  finished(complete: boolean): void;
  /** The body turned out to be malformed on its way; the engine has stopped reading. */
  malformed(): void;
}

/** What a listener asks for each request. */
export interface Reception {
  visit(arrival: Arrival, reply: Reply): Visitor;
  /** A connection was turned away. */
  refused(shortage: Shortage): void;
}

/** There are as many connections as may be. */
export interface Shortage {
  readonly most: number;
  /** What says how many: the configuration, or the system's limit of open files. */
  readonly by: "max_connections" | "open files";
}

/** One listening address. */
export interface Listener {
  readonly address: Address;
  /** Takes over changed limits and a renewed certificate without closing a connection. */
  configure(limits: Limits, certificate: Certificate | undefined): void;
  /** No new connections; idle ones close, busy ones after their answer. Resolves when all are gone. */
  drain(): Promise<void>;
  /** Gives the address back, and cuts what is left. */
  destroy(): void;
  connections(): number;
}

export interface ListenOptions {
  readonly address: Address;
  /** Absent: without TLS. */
  readonly certificate: Certificate | undefined;
  readonly limits: Limits;
  readonly reception: Reception;
}
