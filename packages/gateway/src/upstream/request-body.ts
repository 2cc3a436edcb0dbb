// A request's body on its way to an upstream: bounded, pulled only when the upstream takes more, and
// left where it is as soon as nobody wants it. The engine's stream itself stays untouched by an
// upstream's failure, or the client's connection would go with it and no 413 or 502 be read.

import type { Readable } from "node:stream";

/** Where a body goes. */
export interface RequestBodySink {
  /** False: wait until `resume`. */
  write(bytes: Uint8Array): boolean;
  wholeBody(): void;
  tooLarge(): void;
}

export class RequestBody {
  /** Bytes that went through. */
  received = 0;
  /** All of it has gone through. */
  ended = false;
  /** The next step is the upstream's: it has not asked for the body yet, or takes no more of it now. */
  held = true;
  #sink: RequestBodySink | undefined;
  readonly #source: Readable;
  readonly #limit: number;
  readonly #onOpen: () => void;

  /** `onOpen` runs when the body is first wanted: the moment to let a waiting client send it. */
  constructor(source: Readable, limit: number, onOpen: () => void) {
    this.#source = source;
    this.#limit = limit;
    this.#onOpen = onOpen;
  }

  /** Once: a body that has begun to go out cannot go out again. */
  open(sink: RequestBodySink): void {
    this.#sink = sink;
    this.held = false;
    this.#source.on("data", this.#onData).on("end", this.#onEnd);
    this.#onOpen();
    this.#source.resume();
  }

  resume(): void {
    if (this.#sink === undefined || !this.held) return;
    this.held = false;
    this.#source.resume();
  }

  /** Nobody wants the rest. */
  stop(): void {
    if (this.#sink === undefined) return;
    this.#sink = undefined;
    this.#source.off("data", this.#onData).off("end", this.#onEnd);
    this.#source.pause();
  }

  readonly #onData = (bytes: Uint8Array): void => {
    this.received += bytes.length;
    if (this.received > this.#limit) this.#sink?.tooLarge();
    else if (this.#sink?.write(bytes) === false && this.#sink !== undefined) {
      this.held = true;
      this.#source.pause();
    }
  };

  readonly #onEnd = (): void => {
    this.ended = true;
    this.#sink?.wholeBody();
  };
}
