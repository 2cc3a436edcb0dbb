// The requests of one client connection, one at a time. A client may send as many as it likes
// without waiting (pipelining, RFC 9112 §9.3.2). Were they all under way at once, one connection could
// take every place of an upstream, and a few kilobytes of requests many megabytes of memory. So the
// next one begins when the answer before it is out, and meanwhile the socket is not read.

import type { IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Visitor } from "./engine.ts";

/** A request whose head is parsed. */
export interface Turn {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Starts its visit. Called once, and not at all where the connection ended before. */
  begin(): Visitor;
}

export class Pipeline {
  readonly #socket: Socket;
  readonly #idle: () => void;
  #current: Turn | undefined;
  #visitor: Visitor | undefined;
  /** What came in the chunks that were read already: at most what fits into one of them. */
  #waiting: Turn[] = [];
  #answerFault: (() => void) | undefined;
  #held = false;
  #late: { readonly again: () => void; readonly wait: number } | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** `idle` is called whenever no request is left. */
  constructor(socket: Socket, idle: () => void) {
    this.#socket = socket;
    this.#idle = idle;
  }

  /** Is a request under way or waiting? */
  get busy(): boolean {
    return this.#current !== undefined || this.#waiting.length > 0;
  }

  /** Is the socket left unread, because requests wait? */
  get held(): boolean {
    return this.#held;
  }

  add(turn: Turn): void {
    clearTimeout(this.#timer);
    this.#late = undefined;
    // Behind an answer with `Connection: close` nothing is processed any more (RFC 9112 §9.6).
    const ended = !this.#socket.writable;
    if (!ended && !this.busy) {
      this.#begin(turn);
      return;
    }
    this.#hold();
    if (!ended) this.#waiting.push(turn);
  }

  /** The bytes behind the latest request are malformed: `answer` comes after the answers before it. */
  fault(answer: () => void): void {
    const latest = this.#waiting.at(-1) ?? this.#current;
    if (latest === undefined || latest.request.complete) this.#answerFault = answer;
    else if (latest === this.#current) this.#visitor?.malformed();
    else {
      this.#waiting.pop();
      this.#answerFault = answer;
    }
    if (!this.busy) this.#rest();
  }

  /** A head is late, but only because its bytes are not read: it gets `wait` ms once they are. */
  late(again: () => void, wait: number): void {
    this.#late = { again, wait };
  }

  #begin(turn: Turn): void {
    this.#current = turn;
    turn.response.once("close", () => {
      this.#current = undefined;
      this.#visitor = undefined;
      // Never at once: the answers of a client that pipelines would leave no turn for other clients,
      // and each would stand on the stack of the one before.
      if (this.#waiting.length > 0) setImmediate(() => this.#next());
      else this.#rest();
    });
    this.#visitor = turn.begin();
  }

  #next(): void {
    // The connection is gone, or its last answer said that it would be.
    if (!this.#socket.writable) this.#waiting = [];
    const turn = this.#waiting.shift();
    if (turn === undefined) {
      this.#rest();
      return;
    }
    if (this.#waiting.length === 0) this.#release();
    this.#begin(turn);
  }

  #rest(): void {
    this.#release();
    if (this.#socket.destroyed) return;
    const answerFault = this.#answerFault;
    this.#answerFault = undefined;
    if (answerFault === undefined) this.#idle();
    else answerFault();
  }

  // Node resumes a socket by itself, for instance when the body of an answered request is read off.
  #hold(): void {
    if (this.#held) return;
    this.#held = true;
    this.#socket.pause();
    this.#socket.resume = () => this.#socket;
  }

  #release(): void {
    if (!this.#held) return;
    this.#held = false;
    delete (this.#socket as Partial<Socket>).resume;
    this.#socket.resume();
    if (this.#late !== undefined)
      this.#timer = setTimeout(this.#late.again, this.#late.wait).unref();
  }
}
