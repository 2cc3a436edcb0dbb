// The interface between the gateway's walk and whatever handles HTTP with the client. An engine parses and frames;
// everything that decides is above it and sees only what is declared here: a request, and the way back. Neither
// knows about connections, which are different in other versions of HTTP. Fields are flat (`name, value, name,
// value…`) where they are read, and lines (`name: value` CR LF) where they are sent: an upstream and most clients
// receive them like that, and another engine can take lines apart, because each has been checked.

import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { Address, Limits } from "../config/config.ts";
import type { Lines } from "../http1/lines.ts";
import type { Certificate } from "./certificate.ts";

/** One request as its engine passes it on: the head is parsed, the body is still on the wire. */
export interface Arrival {
  readonly method: string;
  /** The request target as it was on the line. */
  readonly target: string;
  /** `1.1`, `1.0`, or whatever the line contained. */
  readonly version: string;
  readonly fields: readonly string[];
  /** The same fields as lines, in the same order, so that what is sent on need not be put together again. */
  readonly lines: Lines;
  /** The peer's address, IPv4 written as IPv4. */
  readonly peer: string;
  /** The body, paused; absent if the head says that there is none. */
  readonly body?: Readable | undefined;
  /** The client waits for `100 Continue` before it sends the body. */
  readonly awaitsContinue: boolean;
  /** A request to change the protocol to WebSocket. */
  readonly upgrade: boolean;
  /**
   * There is no request that could be served: it must be rejected, and its connection ends. The other members contain
   * whatever is certain, and are empty otherwise.
   */
  readonly flaw?: Flaw | undefined;
}

/** Why the head is not valid: its bytes, the time it took, its size, its version. */
export type Flaw = "malformed" | "late" | "too-large" | "version";

/** The way back to the client. Once the client is gone, every method does nothing. */
export interface Reply {
  /** Whether a head has been written. */
  readonly started: boolean;
  /** Tells a waiting client to send its body. */
  sendContinue(): void;
  /** A complete response in one write. Empty `body`: none. */
  send(status: number, lines: Lines, body: string, close: boolean): void;
  /** `length`: what the lines declare; undefined if they declare none. `dated`: there is a Date among them. */
  start(status: number, lines: Lines, length: number | undefined, dated: boolean): void;
  /** Sends a head that was started, even though none of its body is there. */
  flush(): void;
  /** False: the bytes are kept until `drained`. True: they are not, and the caller may overwrite them. */
  write(chunk: Uint8Array): boolean;
  /** `bodyLeft`: the request body was not read to its end, so the connection is not kept. */
  end(bodyLeft: boolean): void;
  /**
   * Answers an upgrade: sends 101 and hands the connection to the caller. What the client sent after its request is the
   * first thing to read from it. Returns undefined if the connection is gone.
   */
  switchProtocols(lines: Lines): Socket | undefined;
  /** Cuts the connection: the only honest end of a body that cannot be completed. */
  destroy(): void;
}

/** What an engine calls on the object that walks a request. */
export interface Visitor {
  /** The engine is ready for a response. Called once, first. */
  go(): void;
  /** The client accepts more. */
  drained(): void;
  /** The response was sent completely, or the connection was lost before that. Called once. */
  finished(complete: boolean): void;
  /** The body turned out to be malformed in transit; the engine has stopped reading. */
  malformed(): void;
}

/** What a listener calls for each request. */
export interface Reception {
  visit(arrival: Arrival, reply: Reply): Visitor;
  /** A connection was rejected. */
  refused(shortage: Shortage): void;
}

/** The limit of connections has been reached. */
export interface Shortage {
  readonly most: number;
  /** What sets the limit: the configuration, or the system's limit of open files. */
  readonly by: "max_connections" | "open files";
}

/** One listening address. */
export interface Listener {
  readonly address: Address;
  /** Applies changed limits and a renewed certificate without closing a connection. */
  configure(limits: Limits, certificate: Certificate | undefined): void;
  /** Accepts no new connections; idle ones close, busy ones after their response. Resolves when all are gone. */
  drain(): Promise<void>;
  /** Releases the address, and cuts whatever is left. */
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
