// Reads one body by its framing and finds its end. What follows the end belongs to the next message (or, after the last
// one, to none), so it is not consumed.

import type { BodySink } from "./body-sink.ts";
import { ChunkedReader } from "./chunked.ts";
import { fault, type WireFault } from "./fault.ts";
import type { Framing } from "./framing.ts";
import type { WireLimits } from "./limits.ts";

export const noTrailers: readonly string[] = Object.freeze([]);

export class BodyReader implements BodySink {
  /** True after the end, and after a fault. */
  done = false;
  readonly #sink: BodySink;
  readonly #untilClose: boolean;
  readonly #chunked: ChunkedReader | undefined;
  #left: number;
  #read = 0;

  /** `framing` is one with a body: `length` above 0, `chunked` or `until-close`. */
  constructor(framing: Framing, limits: WireLimits, sink: BodySink) {
    this.#sink = sink;
    this.#untilClose = framing.kind === "until-close";
    this.#chunked = framing.kind === "chunked" ? new ChunkedReader(limits, this) : undefined;
    this.#left = framing.kind === "length" ? framing.length : 0;
  }

  /** Consumes bytes of the body. Returns the number consumed: fewer than given if the body has ended. */
  push(chunk: Uint8Array): number {
    if (this.done) return 0;
    this.#read += chunk.length;
    if (this.#chunked !== undefined) return this.#chunked.push(chunk);
    if (this.#untilClose) {
      if (chunk.length > 0) this.#sink.body(chunk);
      return chunk.length;
    }
    const end = Math.min(this.#left, chunk.length);
    this.#left -= end;
    if (end > 0) this.#sink.body(end === chunk.length ? chunk : chunk.subarray(0, end));
    if (this.#left === 0) this.end(noTrailers, true);
    return end;
  }

  /** The connection has ended. */
  close(): void {
    if (this.done) return;
    if (this.#untilClose) this.end(noTrailers, false);
    else this.fault(fault("truncated-body", this.#read));
  }

  body(bytes: Uint8Array): void {
    this.#sink.body(bytes);
  }

  end(trailers: readonly string[], framed: boolean): void {
    this.done = true;
    this.#sink.end(trailers, framed);
  }

  fault(wrong: WireFault): void {
    this.done = true;
    this.#sink.fault(wrong);
  }
}

export function hasBody(framing: Framing): boolean {
  return framing.kind !== "none" && (framing.kind !== "length" || framing.length > 0);
}
