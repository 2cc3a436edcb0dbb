// One connection to an address of an upstream: its socket, the reader of what comes back, and one request at a time. A connection
// returns to its pool only if everything agrees that the last exchange is over: the request was sent completely, the response was
// framed and has ended, neither side wants to close, and not a byte came after it. In any doubt it is closed, because the next
// request must not get what was left of this one (response queue poisoning).

import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { Timeout, wheel } from "../clock/timer-wheel.ts";
import type { WireFault } from "../http1/fault.ts";
import type { Framing } from "../http1/framing.ts";
import { ResponseReader, type ResponseSink } from "../http1/response-reader.ts";
import type { WireResponseHead } from "../http1/response-head.ts";
import type { WireLimits } from "../http1/limits.ts";
import type { Dialer } from "./dial.ts";
import { keepAliveSeconds } from "./keep-alive.ts";
import { lastBytes } from "./last-bytes.ts";
import { ReadBuffer } from "./read-buffer.ts";
import type { RequestBody, RequestBodySink } from "./request-body.ts";
import {
  brokenFault,
  connectFault,
  handshakeFault,
  responseFault,
  type UpstreamFault,
} from "./upstream-fault.ts";

/** An upstream is ours: its heads may be larger than a client's. */
const limits: WireLimits = {
  headSize: 65_536,
  headerCount: 1000,
  targetSize: 0,
  interimCount: 10,
  extensionSize: 4096,
};

/** A request as it is sent. */
export interface UpstreamRequest {
  /** The complete head as Latin-1 bytes, including the empty line. */
  readonly head: string;
  readonly method: string;
  readonly body: RequestBody | undefined;
  /** The length of the body; undefined: it is sent in chunks. */
  readonly length: number | undefined;
  /** Whether it asks for another protocol. */
  readonly upgrade: boolean;
  /** How long the response head may take once the request is sent; ms. */
  readonly headTimeout: number;
  /** How long the response body may pause; ms. */
  readonly bodyTimeout: number;
}

/** The caller. After `ended`, `failed` or `switched`, nothing more arrives. */
export interface Asker {
  /** The connection is open, and the first bytes of the request are now sent. */
  sent(): void;
  /** `length`: of the body, if it is declared. */
  answered(head: WireResponseHead, length: number | undefined): void;
  /** None of the body came with the head. */
  headAlone(): void;
  /** Returns false if it has kept the bytes: it stops until `resume`. Otherwise they are gone after the call. */
  chunk(bytes: Uint8Array): boolean;
  ended(): void;
  /** The upstream uses another protocol from here on; the socket belongs to the caller. */
  switched(head: WireResponseHead, socket: Socket): void;
  /** `heard`: whether a byte of a response had arrived. */
  failed(fault: UpstreamFault, heard: boolean): void;
}

export interface ConnectionSettings {
  /** The name that TLS verified; empty: none. */
  readonly name: string;
  /** How long opening it may take; ms. */
  readonly timeout: number;
}

/** Where a connection comes from and returns to. */
export interface ConnectionOwner {
  readonly idleTimeout: number;
  /** It can be used again. */
  idle(connection: Connection): void;
  /** It is gone, or it belongs to something else now. */
  gone(connection: Connection): void;
}

type State = "connecting" | "securing" | "busy" | "idle" | "gone";

export class Connection implements ResponseSink, RequestBodySink {
  readonly name: string;
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #timeout: Timeout = new Timeout(wheel, () => this.#late());
  readonly #reader: ResponseReader = new ResponseReader(this, { limits });
  readonly #buffer: ReadBuffer = new ReadBuffer();
  /** Connections that were opened together should not all end together. */
  readonly #jitter: number = 0.9 + Math.random() * 0.1;
  #state: State;
  #asker: Asker | undefined;
  #request: UpstreamRequest | undefined;
  #error: Error | undefined;
  #sentLength = 0;
  #requestOut = false;
  #headIn = false;
  #bodyIn = false;
  #kept = false; // both sides want the connection kept
  #idleTimeout: number;
  #paused = false;
  #switching: WireResponseHead | undefined;

  constructor(owner: ConnectionOwner, dialer: Dialer, { name, timeout }: ConnectionSettings) {
    const socket = dialer.dial(name, {
      buffer: () => this.#buffer.next(),
      callback: (length) => this.#onRead(length),
    });
    const { secure } = dialer;
    this.name = name;
    this.#owner = owner;
    this.#socket = socket;
    this.#state = "connecting";
    this.#idleTimeout = owner.idleTimeout;
    socket.on("connect", () => {
      if (secure) this.#state = "securing";
      else this.#connected();
    });
    if (secure) {
      socket.on("secureConnect", () => this.#connected());
      socket.on("data", this.#onData);
    }
    socket.on("end", this.#onEnd);
    socket.on("drain", this.#onDrain);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
    this.#timeout.start(timeout);
  }

  /** Sends a request as soon as the connection is open. Only if none is in progress. */
  ask(request: UpstreamRequest, asker: Asker): void {
    this.#request = request;
    this.#asker = asker;
    this.#requestOut = false;
    this.#headIn = false;
    this.#bodyIn = false;
    this.#kept = false;
    this.#sentLength = 0;
    if (this.#state === "connecting" || this.#state === "securing") return;
    this.#state = "busy";
    this.#send(request, asker);
  }

  /** Reads more of the response. */
  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    if (this.#request !== undefined) this.#timeout.start(this.#request.bodyTimeout);
    this.#socket.resume();
  }

  /** Ends it and whatever is in progress on it, without notifying anyone. */
  destroy(): void {
    this.#asker = undefined;
    this.#close();
  }

  #connected(): void {
    const request = this.#request;
    const asker = this.#asker;
    if (request === undefined || asker === undefined) {
      this.destroy();
      return;
    }
    this.#state = "busy";
    this.#send(request, asker);
  }

  #send(request: UpstreamRequest, asker: Asker): void {
    const { body } = request;
    this.#timeout.stop();
    this.#reader.next(request.method, request.upgrade);
    asker.sent();
    if (this.#request === undefined) return; // it has ended the exchange
    if (body === undefined) {
      this.#socket.write(request.head, "latin1");
      this.#wholeRequestOut();
      return;
    }
    // The head waits for any part of the body that has arrived in the meantime: one write for both.
    this.#socket.cork();
    this.#socket.write(request.head, "latin1");
    body.open(this);
    process.nextTick(uncork, this.#socket);
  }

  #wholeRequestOut(): void {
    this.#requestOut = true;
    if (!this.#headIn) this.#timeout.start((this.#request as UpstreamRequest).headTimeout);
  }

  // The request's body.

  write(bytes: Uint8Array): boolean {
    // An empty chunk would end the body.
    if (bytes.length === 0) return true;
    const { length } = this.#request as UpstreamRequest;
    const socket = this.#socket;
    this.#sentLength += bytes.length;
    if (length !== undefined) {
      if (this.#sentLength > length) {
        this.#fail({ kind: "request-length", cause: "longer than its Content-Length" });
        return false;
      }
      return socket.write(bytes, this.#onWritten);
    }
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`, "latin1");
    socket.write(bytes);
    const more = socket.write("\r\n", "latin1", this.#onWritten);
    socket.uncork();
    return more;
  }

  wholeBody(): void {
    const { length } = this.#request as UpstreamRequest;
    if (length === undefined) this.#socket.write("0\r\n\r\n", "latin1");
    else if (this.#sentLength !== length) {
      this.#fail({ kind: "request-length", cause: "shorter than its Content-Length" });
      return;
    }
    this.#wholeRequestOut();
  }

  tooLarge(): void {
    this.#fail({ kind: "request-size", cause: "client_max_body_size" });
  }

  // The response.

  interim(): void {
    // These end here: a 100 is for no one (we send no Expect), and 102 and 103 are hints for this hop. The timeout of the head
    // continues, or an upstream could delay a request forever, one hint at a time.
  }

  head(head: WireResponseHead, framing: Framing | WireFault): void {
    this.#headIn = true;
    if (framing.kind === "fault") return; // told by `fault`, which follows
    if (head.status === 101) {
      this.#switching = head;
      return;
    }
    const seconds = keepAliveSeconds(head);
    this.#kept = seconds > 0 && !(this.#request as UpstreamRequest).upgrade;
    // A second before the upstream closes it, because a request sent at that moment would meet a reset.
    this.#idleTimeout = Math.min(this.#owner.idleTimeout, (seconds - 1) * 1000);
    // An upstream that announces a close reads no more of the request: what is written then may turn its close into a reset,
    // which would destroy the response.
    if (seconds === 0 && !this.#requestOut) this.#request?.body?.stop();
    this.#timeout.start((this.#request as UpstreamRequest).bodyTimeout);
    this.#asker?.answered(head, framing.kind === "length" ? framing.length : undefined);
  }

  body(bytes: Uint8Array): void {
    const asker = this.#asker;
    if (asker === undefined) return;
    this.#bodyIn = true;
    if (!asker.chunk(bytes)) {
      this.#buffer.lend();
      // It is now the client that delays, and the gateway has a limit for that.
      this.#paused = true;
      this.#timeout.stop();
      this.#socket.pause();
    } else if (!this.#paused && this.#request !== undefined) {
      // Otherwise the caller ended it with this very chunk, because its head could not be passed on.
      this.#timeout.start(this.#request.bodyTimeout);
    }
  }

  end(_trailers: readonly string[], framed: boolean): void {
    if (this.#switching !== undefined) return; // the rest of the bytes decides, in `#onData`
    // What is behind it is seen in `#onData`, and closes the connection.
    this.#kept &&= framed && this.#requestOut;
    this.#over();
  }

  fault(wrong: WireFault): void {
    this.#fail(responseFault(wrong));
  }

  /** The exchange is over. Whether the connection is kept is known once all bytes have been examined. */
  #over(): void {
    this.#request?.body?.stop();
    this.#request = undefined;
    this.#timeout.stop();
  }

  #onRead(length: number): boolean {
    const bytes = this.#buffer.filled(length);
    if (this.#switching === undefined) {
      this.#onData(bytes);
      return true;
    }
    // It is a stream now, whose reader may be slower than we are.
    return this.#socket.push(Buffer.from(bytes));
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#request === undefined) {
      // Nothing was requested: this is a response to no one, or the beginning of one to the next request.
      this.#close();
      return;
    }
    const headWasIn = this.#headIn;
    const used = this.#reader.push(chunk);
    if (this.#switching !== undefined) {
      this.#switch(this.#switching, chunk.subarray(used));
      return;
    }
    if (this.#request === undefined) this.#finish(used === chunk.length);
    else if (this.#headIn && !headWasIn && !this.#bodyIn) this.#asker?.headAlone();
  };

  #finish(clean: boolean): void {
    const asker = this.#asker;
    this.#asker = undefined;
    if (this.#kept && clean && this.#state === "busy") this.#rest();
    else this.#close();
    asker?.ended();
  }

  #rest(): void {
    this.#state = "idle";
    if (this.#paused) {
      this.#paused = false;
      this.#socket.resume(); // otherwise its end would not be noticed
    }
    if (this.#idleTimeout <= 0) {
      this.#close();
      return;
    }
    this.#timeout.start(this.#idleTimeout * this.#jitter);
    this.#owner.idle(this);
  }

  #switch(head: WireResponseHead, rest: Buffer): void {
    const socket = this.#socket;
    const asker = this.#asker;
    this.#over();
    this.#asker = undefined;
    this.#state = "gone";
    socket.pause();
    socket.off("data", this.#onData).off("end", this.#onEnd).off("drain", this.#onDrain);
    socket.off("error", this.#onError).off("close", this.#onClose);
    socket.on("error", ignore);
    if (rest.length > 0) socket.unshift(Buffer.from(rest));
    this.#owner.gone(this);
    if (asker === undefined) socket.destroy();
    else asker.switched(head, socket);
  }

  readonly #onEnd = (): void => {
    if (this.#request === undefined) {
      this.#close();
      return;
    }
    this.#reader.end();
    if (this.#request === undefined) this.#finish(false);
  };

  /** An upstream that answers early and resets the connection has given an answer. */
  readonly #onWritten = (error?: Error | null): void => {
    if (!error || this.#request === undefined) return;
    const rest = lastBytes(this.#socket);
    if (rest.length > 0) this.#onData(rest);
  };

  readonly #onDrain = (): void => {
    this.#request?.body?.resume();
  };

  readonly #onError = (error: Error): void => {
    this.#error = error;
  };

  readonly #onClose = (): void => {
    this.#fail(this.#brokenBy(this.#error));
  };

  #brokenBy(error: Error | undefined): UpstreamFault {
    if (this.#state === "connecting") return connectFault(error);
    if (this.#state === "securing") {
      const { authorizationError } = this.#socket as TLSSocket;
      return handshakeFault(error, Boolean(authorizationError));
    }
    return brokenFault(error);
  }

  #late(): void {
    switch (this.#state) {
      case "connecting":
      case "securing":
        this.#fail({ kind: "connect-timeout", cause: "connection_timeout" });
        break;
      case "busy":
        this.#fail(
          this.#headIn
            ? { kind: "body-timeout", cause: "read_timeout" }
            : { kind: "head-timeout", cause: "read_timeout" },
        );
        break;
      default:
        this.#close();
    }
  }

  #fail(fault: UpstreamFault): void {
    const asker = this.#asker;
    this.#asker = undefined;
    this.#close();
    asker?.failed(fault, this.#reader.started);
  }

  #close(): void {
    if (this.#state === "gone") return;
    this.#state = "gone";
    this.#timeout.stop();
    this.#request?.body?.stop();
    this.#request = undefined;
    this.#socket.destroy();
    this.#owner.gone(this);
  }
}

function uncork(socket: Socket): void {
  socket.uncork();
}

function ignore(): void {}
