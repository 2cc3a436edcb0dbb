// Receives a configuration that was loaded in another thread or process, piece by piece, without delaying
// requests: each slice of work is followed by a pause.

import { setTimeout as sleep } from "node:timers/promises";
import type { Loaded } from "../config/load.ts";
import type { Piece } from "./pack.ts";
import { Unpacking } from "./unpack.ts";
import { rest, slice } from "./in-slices.ts";

export class Intake {
  readonly #unpacking = new Unpacking();
  #worked = 0;

  /** Resolves when the next piece may be sent. */
  async take(piece: Piece): Promise<void> {
    const start = performance.now();
    this.#unpacking.take(piece);
    this.#worked += performance.now() - start;
    if (this.#worked < slice) return;
    this.#worked = 0;
    await sleep(rest);
  }

  /** To be read after the last piece. */
  get loaded(): Loaded {
    return this.#unpacking.loaded;
  }
}
