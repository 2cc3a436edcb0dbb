// The seam between the gateway's walk and whatever speaks HTTP to the client. An engine parses and
// frames; everything that decides is above it and sees only what is declared here. Fields are flat
// (`name, value, name, value…`) because that is what an engine has and what a socket takes.

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
  readonly body?: Readable;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly awaitsContinue: boolean;
  /** A request to change the protocol: the bytes that came behind its head, for the new one. */
  readonly upgrade?: Buffer;
}

/** The way back to the client. Once that is gone, every method does nothing. */
export interface Reply {
  /** Has a head been written? */
  readonly started: boolean;
  /** Tells a waiting client to send its body. */
  sendContinue(): void;
  /** A whole answer in one write. `body` empty: none. */
  send(status: number, fields: string[], body: string, close: boolean): void;
  /** False where the fields cannot be written as they are: then nothing has been. */
  start(status: number, fields: string[]): boolean;
  /** Sends a head that was started, though nothing of its body is there. */
  flush(): void;
  /** False: wait for `drained`. */
  write(chunk: Uint8Array): boolean;
  /** `bodyLeft`: the request's body was not read to its end; the connection is not kept. */
  end(bodyLeft: boolean): void;
  /**
   * Answers an upgrade: 101, and the connection is the caller's. Undefined where it is gone, or
   * where the fields cannot be written.
   */
  switchProtocols(fields: string[]): Socket | undefined;
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
  /** The answer for bytes that never became a head: status, fields and body. */
  unparsed(status: 400 | 408 | 431): { readonly fields: string[]; readonly body: string };
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
