// Reads one body by its framing and says where it ends. What follows the end is handed back, for it
// belongs to the next message (or, after the last one, to nobody).

import type { Header } from "@corsway/cors/standard";
import { ChunkedReader } from "./chunked.ts";
import { fault, type WireFault } from "./fault.ts";
import type { Framing } from "./framing.ts";
import type { WireLimits } from "./limits.ts";

export type BodyStep =
  | { readonly kind: "body"; readonly bytes: Uint8Array }
  | {
      readonly kind: "end";
      readonly trailers: readonly Header[];
      /** Bytes after the message. */
      readonly rest: Uint8Array;
      /** The end was told by the message itself, not by the connection's end. */
      readonly framed: boolean;
    }
  | WireFault;

const noBytes = new Uint8Array(0);

export class BodyReader {
  readonly #framing: Framing;
  readonly #chunked: ChunkedReader | undefined;
  #left: number;
  #read = 0;

  constructor(framing: Framing, limits: WireLimits) {
    this.#framing = framing;
    this.#chunked = framing.kind === "chunked" ? new ChunkedReader(limits) : undefined;
    this.#left = framing.kind === "length" ? framing.length : 0;
  }

  push(chunk: Uint8Array, emit: (step: BodyStep) => void): void {
    this.#read += chunk.length;
    if (this.#chunked !== undefined) {
      this.#chunked.push(chunk, (step) =>
        emit(step.kind === "end" ? { ...step, framed: true } : step),
      );
    } else if (this.#framing.kind === "until-close") {
      if (chunk.length > 0) emit({ kind: "body", bytes: chunk });
    } else {
      const end = Math.min(this.#left, chunk.length);
      if (end > 0) emit({ kind: "body", bytes: chunk.subarray(0, end) });
      this.#left -= end;
      if (this.#left === 0)
        emit({ kind: "end", trailers: [], rest: chunk.subarray(end), framed: true });
    }
  }

  /** The connection has ended. */
  end(emit: (step: BodyStep) => void): void {
    if (this.#framing.kind === "until-close")
      emit({ kind: "end", trailers: [], rest: noBytes, framed: false });
    else emit(fault("truncated-body", this.#read));
  }
}
