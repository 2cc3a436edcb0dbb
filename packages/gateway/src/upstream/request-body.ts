// A request body on its way to an upstream: limited, pulled only when the upstream accepts more, and left alone as soon as it is no
// longer needed. A failure of the upstream does not affect the engine's stream itself, or the client's connection would end with it
// and no 413 or 502 could be read.

import type { Readable } from "node:stream";

/** Where a body goes. */
export interface RequestBodySink {
  /** False: wait until `resume`. */
  write(bytes: Uint8Array): boolean;
  wholeBody(): void;
  tooLarge(): void;
}

export class RequestBody {
  /** Bytes that were passed on. */
  received = 0;
  /** All of it has been passed on. */
  ended = false;
  /** The next step is up to the upstream: it has not asked for the body yet, or accepts no more of it now. */
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

  /** Once: a body that has begun to be sent cannot be sent again. */
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

  /** The rest is not needed. */
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
