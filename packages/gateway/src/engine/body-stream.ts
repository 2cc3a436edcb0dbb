// A request's body as a stream: paused until it is read, and read from the connection only as fast as its
// reader reads.

import { Readable } from "node:stream";

export class BodyStream extends Readable {
  readonly #wanted: () => void;

  /** `wanted`: more may be pushed. */
  constructor(wanted: () => void) {
    super({ highWaterMark: 65_536 });
    this.#wanted = wanted;
  }

  override _read(): void {
    this.#wanted();
  }
}
