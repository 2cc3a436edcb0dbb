// Receives a configuration that was loaded in another thread or process, piece by piece, without delaying
// requests: each slice of work is followed by a pause.

import type { Loaded } from "../config/load.ts";
import type { Piece } from "./pack.ts";
import { Unpacking } from "./unpack.ts";
import { pause, slice } from "./in-slices.ts";

export class Intake {
  readonly #unpacking = new Unpacking();
  readonly #serving: boolean;
  #worked = 0;

  /** `serving`: whether this process already has requests to serve. */
  constructor(serving: boolean) {
    this.#serving = serving;
  }

  /** Resolves when the next piece may be sent. */
  async take(piece: Piece): Promise<void> {
    const start = performance.now();
    this.#unpacking.take(piece);
    this.#worked += performance.now() - start;
    if (this.#worked < slice) return;
    this.#worked = 0;
    await pause(this.#serving);
  }

  /** To be read after the last piece. */
  get loaded(): Loaded {
    return this.#unpacking.loaded;
  }
}
