// A request's body as a stream: paused until somebody reads it, and read from the connection only as
// fast as they do.

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
