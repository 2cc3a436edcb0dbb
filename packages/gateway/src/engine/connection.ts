// One client connection: it reads a request, has it answered, and reads the next. Only one request is in
// progress at a time, and meanwhile at most one read of what the client sends after it is held. So a client
// can neither use up the capacity of others nor make the gateway buffer what it sends. Nothing here recurses
// once per request: what was held is read in a loop.

import type { Socket } from "node:net";
import { Timeout, wheel } from "../clock/timer-wheel.ts";
import type { WireFault } from "../http1/fault.ts";
import type { Framing } from "../http1/framing.ts";
import type { WireLimits } from "../http1/limits.ts";
import type { WireRequestHead } from "../http1/request-head.ts";
import { RequestReader, type RequestSink } from "../http1/request-reader.ts";
import { hasBody } from "../http1/body.ts";
import { salvageHead } from "../http1/salvage-head.ts";
import { isomorphicDecode } from "../http1/isomorphic.ts";
import type { Limits } from "../config/config.ts";
import { BodyStream } from "./body-stream.ts";
import { readConnectionFields } from "./connection-fields.ts";
import type { Flaw, Reception } from "./engine.ts";
import { Exchange, type Channel } from "./exchange.ts";
import { flawOf } from "./flaw.ts";
import { burst, gathered, lastChance, lingering, looks, salvaged, silence } from "./measures.ts";
import { plainAddress } from "./plain-address.ts";
import { Stall } from "./stall.ts";
import type { Waiting } from "./waiting.ts";

/** What a connection needs from its listener. */
export interface ConnectionOwner {
  readonly limits: Limits;
  readonly wireLimits: WireLimits;
  readonly keptLine: string;
  readonly reception: Reception;
  readonly draining: boolean;
  /** The connection is closed, or its socket has been handed over (`socket`). */
  gone(connection: Connection, socket?: Socket): void;
}

export class Connection implements RequestSink, Channel {
  readonly #owner: ConnectionOwner;
  readonly #socket: Socket;
  readonly #reader: RequestReader;
  readonly #timeout: Timeout = new Timeout(wheel, () => this.#late());
  #peer: string | undefined;
  #waiting: Waiting = "first";
  #exchange: Exchange | undefined;
  /** What arrived after the request in progress. */
  #held: Buffer | undefined;
  #behind = 0; // bytes of the same read behind that request
  #pipelined = false; // what is read came behind another request
  #out = "";
  #flushing = false; // at the end of this turn
  #reading = false; // in `#read`: whatever ends there goes on there
  #keep = true; // after the answer that is whole
  #answered = false; // the response is complete; it may not have been sent yet
  #broken = false; // no request can come any more
  #closing = false;
  #lingeringSince = 0;
  #stall: Stall | undefined;

  constructor(owner: ConnectionOwner, socket: Socket) {
    this.#owner = owner;
    this.#socket = socket;
    this.#reader = new RequestReader(this, owner.wireLimits);
    socket.on("data", this.#onData);
    socket.on("end", this.#onEnd);
    socket.on("drain", this.#onDrain);
    socket.on("error", this.#onError);
    socket.on("close", this.#onClose);
    this.#timeout.start(owner.limits.headerTimeout);
  }

  /** Accepts no requests beyond those that are here or on their way. */
  drain(): void {
    if (this.#waiting === "first" || this.#waiting === "next")
      this.#wait("next", Math.min(lastChance, this.#owner.limits.headerTimeout));
  }

  destroy(): void {
    this.#socket.destroy();
  }

  // What the reader read.

  head(head: WireRequestHead, framing: Framing | WireFault, behind: number): void {
    const connection = readConnectionFields(head);
    // A client that pipelines cannot have seen the earlier responses, so no protocol switch is based on that.
    const upgrade = connection.upgrade && !this.#pipelined;
    this.#broken = framing.kind === "fault" || upgrade;
    this.#behind = framing.kind === "length" ? behind - framing.length : behind;
    const body =
      framing.kind !== "fault" && hasBody(framing)
        ? new BodyStream(() => this.#readOn())
        : undefined;
    const fields = upgrade === connection.upgrade ? connection : { ...connection, upgrade };
    this.#begin(new Exchange(this, head, fields, body, undefined));
  }

  body(bytes: Uint8Array): void {
    const body = this.#exchange?.body;
    // The body is no longer needed: it is read off so that the connection can be kept.
    if (this.#answered || body === undefined) return;
    if (!body.push(bytes)) this.#socket.pause();
  }

  end(): void {
    if (!this.#answered) this.#exchange?.body?.push(null);
  }

  fault(wrong: WireFault): void {
    this.#broken = true;
    if (this.#exchange === undefined) this.#refuse(flawOf(wrong));
    else if (this.#answered) this.#keep = false;
    else if (this.#exchange.body !== undefined) this.#exchange.visitor?.malformed();
    // Otherwise it is a framing fault, which the walk sees in the head.
  }

  // The way back.

  get peer(): string {
    return (this.#peer ??= plainAddress(this.#socket.remoteAddress ?? ""));
  }

  get keptLine(): string {
    return this.#owner.keptLine;
  }

  lastAnswer(): boolean {
    if (this.#broken) return true;
    return this.#owner.draining && this.#held === undefined && this.#behind <= 0;
  }

  put(text: string, last = false): void {
    this.#out += text;
    if (this.#out.length > burst) this.flush();
    else if (!last && !this.#flushing && !this.#reading) {
      this.#flushing = true;
      process.nextTick(flushNow, this);
    }
  }

  putChunk(before: string, chunk: Uint8Array, after: string, last = false): boolean {
    const socket = this.#socket;
    if (this.#out.length + chunk.length <= gathered) {
      // One string is one write; a string and a buffer would be two, or one of several pieces.
      this.put(before + isomorphicDecode(chunk) + after, last);
    } else {
      const text = this.#out + before;
      this.#out = "";
      socket.cork();
      if (text !== "") socket.write(text, "latin1");
      socket.write(chunk, this.#onTaken);
      if (after !== "") socket.write(after, "latin1");
      socket.uncork();
      // The kernel has accepted all of it, or else Node holds on to the chunk.
      if (socket.writableLength === 0) return true;
      this.#awaitDrain();
      return false;
    }
    if (!this.#blocked) return true;
    this.#awaitDrain();
    return false;
  }

  flush(): void {
    const text = this.#out;
    if (text === "") return;
    this.#out = "";
    // Behind a chunk that is waited for: then the last of them has to be.
    if (this.#waiting === "drain") this.#socket.write(text, "latin1", this.#onTaken);
    else this.#socket.write(text, "latin1");
    if (this.#blocked) this.#awaitDrain();
  }

  /** For the end of the turn. */
  flushGathered(): void {
    this.#flushing = false;
    this.flush();
  }

  answered(keep: boolean): void {
    this.#answered = true;
    this.#keep = keep;
    if (this.#reading) return; // `#read` goes on from here
    this.flush();
    if (this.#blocked) return; // `#onDrain` does
    if (this.#settle()) this.#readHeld();
  }

  detach(): Socket | undefined {
    const socket = this.#socket;
    if (socket.destroyed) return undefined;
    this.flush();
    this.#closing = true;
    this.#timeout.stop();
    socket.off("data", this.#onData).off("end", this.#onEnd).off("drain", this.#onDrain);
    socket.off("error", this.#onError).off("close", this.#onClose);
    socket.on("error", () => socket.destroy());
    socket.pause();
    if (this.#held !== undefined) socket.unshift(this.#held);
    this.#held = undefined;
    this.#exchange = undefined;
    this.#owner.gone(this, socket);
    return socket;
  }

  cut(reset: boolean): void {
    if (reset && !("encrypted" in this.#socket)) this.#socket.resetAndDestroy();
    else this.#socket.destroy();
  }

  #begin(exchange: Exchange): void {
    this.#waiting = "answer";
    this.#answered = false;
    this.#exchange = exchange;
    exchange.visitor = this.#owner.reception.visit(exchange, exchange);
    exchange.visitor.go();
  }

  /** Responds to something that is not a request, with whatever is certain about it. */
  #refuse(flaw: Flaw): void {
    this.#broken = true;
    const head = salvageHead(this.#reader.partialHead ?? noBytes, salvaged);
    const connection = { keep: false, upgrade: false, expectsContinue: false };
    this.#begin(new Exchange(this, { ...head, version: "1.1" }, connection, undefined, flaw));
  }

  /** Reads request after request, as long as each is answered at once. */
  #read(chunk: Buffer, pipelined: boolean): void {
    let bytes = chunk;
    this.#pipelined = pipelined;
    this.#reading = true;
    while (!this.#closing) {
      const used = this.#reader.push(bytes);
      bytes = used === bytes.length ? noBytes : bytes.subarray(used);
      if (this.#exchange === undefined) {
        // The head is incomplete. Its timeout runs from its first byte.
        if (this.#reader.partialHead !== undefined && this.#waiting !== "head")
          this.#wait("head", this.#owner.limits.headerTimeout);
        break;
      }
      if (this.#answered && this.#out.length > burst) this.flush();
      const settled = this.#answered && !this.#blocked && this.#settle();
      if (!settled) this.#hold(bytes);
      if (!settled || bytes.length === 0) break;
      this.#pipelined = true;
    }
    this.#reading = false;
    this.flush();
    // A client that does not accept responses gets no further ones.
    if (this.#blocked && (this.#answered || this.#exchange === undefined)) {
      this.#socket.pause();
      this.#awaitDrain();
    }
  }

  #hold(bytes: Buffer): void {
    if (bytes.length === 0 || this.#closing) return;
    this.#held = bytes;
    this.#socket.pause();
  }

  #readHeld(): void {
    const bytes = this.#held;
    if (bytes === undefined) return;
    this.#held = undefined;
    this.#readOn();
    this.#read(bytes, true);
  }

  #readOn(): void {
    if (this.#socket.isPaused()) this.#socket.resume();
  }

  /** The response has been sent. Returns true if another request may now be read. */
  #settle(): boolean {
    const exchange = this.#exchange as Exchange;
    exchange.finish(true);
    if (!this.#keep || this.#broken) {
      this.#exchange = undefined;
      this.#close(this.#broken || !this.#reader.done || this.#held !== undefined);
      return false;
    }
    const { limits, wireLimits, draining } = this.#owner;
    if (!this.#reader.done) {
      // The rest of an unwanted body; sent one byte at a time, it would take forever.
      if (this.#waiting !== "rest") this.#wait("rest", limits.requestTimeout);
      this.#readOn();
      return false;
    }
    this.#exchange = undefined;
    this.#reader.next(wireLimits);
    this.#wait("next", draining ? lastChance : limits.keepaliveTimeout);
    this.#readOn();
    return true;
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#closing) {
      if (this.#waiting === "silence") this.#linger();
      return;
    }
    const exchange = this.#exchange;
    if (exchange !== undefined && (this.#reader.done || this.#broken)) {
      this.#hold(this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk]));
      return;
    }
    this.#read(chunk, false);
  };

  readonly #onEnd = (): void => {
    if (this.#closing) {
      this.#socket.destroySoon();
      return;
    }
    if (!this.#reader.done && (this.#exchange !== undefined || this.#waiting === "head")) {
      this.#reading = true;
      this.#reader.end();
      this.#reading = false;
      this.flush();
      if (this.#answered && !this.#closing) this.#settle();
      return;
    }
    // A client that ends its side while waiting for a response has left (RFC 9112 §9.6 leaves this to us).
    if (this.#exchange !== undefined) this.#socket.destroy();
    else this.#close(false);
  };

  /** A chunk below the mark at which Node announces a drain. */
  readonly #onTaken = (): void => {
    if (this.#socket.writableLength === 0) this.#onDrain();
  };

  readonly #onDrain = (): void => {
    // Node also announces one after a large write that the kernel accepted at once.
    if (this.#closing || this.#waiting !== "drain") return;
    const exchange = this.#exchange;
    this.#timeout.stop();
    if (exchange === undefined) {
      this.#wait("next", this.#owner.limits.keepaliveTimeout);
      this.#readOn();
      return;
    }
    this.#waiting = "answer";
    if (!this.#answered) exchange.visitor?.drained();
    else if (this.#settle()) this.#readHeld();
  };

  readonly #onError = (): void => undefined; // `close` follows

  readonly #onClose = (): void => {
    const exchange = this.#exchange;
    this.#closing = true;
    this.#exchange = undefined;
    this.#held = undefined;
    this.#timeout.stop();
    exchange?.finish(false);
    this.#owner.gone(this);
  };

  #wait(what: Waiting, ms: number): void {
    this.#waiting = what;
    this.#timeout.start(ms);
  }

  get #blocked(): boolean {
    return this.#socket.writableNeedDrain && this.#socket.writableLength > 0;
  }

  #awaitDrain(): void {
    if (this.#waiting === "drain" || this.#closing) return;
    this.#stall = new Stall(this.#socket);
    this.#wait("drain", this.#owner.limits.writeStallTimeout / looks);
  }

  #late(): void {
    switch (this.#waiting) {
      case "head":
        this.#reading = true;
        this.#refuse("late");
        this.#reading = false;
        if (this.#answered) this.#settle();
        break;
      case "drain":
      case "end":
        this.#lookForProgress();
        break;
      case "answer":
        break;
      case "first":
      case "next":
        this.#close(false);
        break;
      default:
        this.#socket.destroy();
    }
  }

  /** A client that accepts a little is slow; one that accepts nothing for this long is cut. */
  #lookForProgress(): void {
    const { writeStallTimeout } = this.#owner.limits;
    if (this.#stall?.lasts(writeStallTimeout) === true) {
      this.#socket.destroy();
      return;
    }
    this.#timeout.start(writeStallTimeout / looks);
  }

  /**
   * If we closed at once, the kernel would answer what a client is still sending with a reset, which overtakes our
   * response: the page would never read its 413. So if more may arrive (`linger`), we end our side, read what
   * arrives, and cut after a while.
   */
  #close(linger: boolean): void {
    if (this.#closing) return;
    this.flush();
    this.#closing = true;
    this.#held = undefined;
    const socket = this.#socket;
    if (linger && !socket.readableEnded) {
      socket.end();
      socket.resume();
      this.#lingeringSince = performance.now();
      this.#linger();
      return;
    }
    socket.destroySoon();
    this.#stall = new Stall(socket);
    if (!socket.destroyed) this.#wait("end", this.#owner.limits.writeStallTimeout / looks);
  }

  #linger(): void {
    const left = this.#lingeringSince + lingering - performance.now();
    if (left <= 0) this.#socket.destroy();
    else this.#wait("silence", Math.min(silence, left));
  }
}

const noBytes = Buffer.alloc(0);

function flushNow(connection: Connection): void {
  connection.flushGathered();
}
