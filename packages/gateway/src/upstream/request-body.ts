// A request's body on its way to an upstream: bounded, pulled only when the upstream takes more,
// and cut loose from the client's connection. An upstream client destroys the stream it was given
// when anything goes wrong; were that the engine's own stream, the client's socket would go with
// it, and no 413 or 502 would ever be read.

import { Readable } from "node:stream";

export class BodyTooLarge extends Error {
  constructor() {
    super("the request body is larger than its location takes");
  }
}

export class RequestBody extends Readable {
  /** Bytes that went through. */
  received = 0;
  #opened = false;
  readonly #source: Readable;
  readonly #limit: number;
  readonly #onOpen: () => void;

  /** `onOpen` runs when the body is first wanted: the moment to let a waiting client send it. */
  constructor(source: Readable, limit: number, onOpen: () => void) {
    super({ highWaterMark: 65536 });
    this.#source = source;
    this.#limit = limit;
    this.#onOpen = onOpen;
  }

  override _read(): void {
    if (!this.#opened) {
      this.#opened = true;
      this.#source.on("data", this.#onData).on("end", this.#onEnd);
      this.#onOpen();
    }
    this.#source.resume();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#source.off("data", this.#onData).off("end", this.#onEnd);
    this.#source.pause();
    done(error);
  }

  readonly #onData = (chunk: Buffer): void => {
    this.received += chunk.length;
    if (this.received > this.#limit) this.destroy(new BodyTooLarge());
    else if (!this.push(chunk)) this.#source.pause();
  };

  readonly #onEnd = (): void => {
    this.push(null);
  };
}
