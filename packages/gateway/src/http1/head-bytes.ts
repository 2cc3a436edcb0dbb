// Gathers the bytes of one head: everything up to and with the first empty line (RFC 9112 §2.1).
// Lines end in CR LF and in nothing else; a bare CR or LF is where two parsers begin to disagree
// about where a header ends, so it is refused here and no later step can be fooled by one.

import { fault, type WireFault } from "./fault.ts";

export type HeadBytes =
  | { readonly kind: "more" }
  | { readonly kind: "whole"; readonly bytes: Uint8Array; readonly rest: Uint8Array }
  | WireFault;

const more: HeadBytes = Object.freeze({ kind: "more" });

export class HeadGatherer {
  readonly #limit: number;
  readonly #prefix: string;
  #held: Uint8Array = new Uint8Array(0);
  #length = 0;
  #lineLength = 0;
  #afterCr = false;

  /** `prefix`: what every message begins with (`HTTP/`), so that other protocols are told at once. */
  constructor(limit: number, prefix = "") {
    this.#limit = limit;
    this.#prefix = prefix;
  }

  get length(): number {
    return this.#length;
  }

  push(chunk: Uint8Array): HeadBytes {
    for (let i = 0; i < chunk.length; i++) {
      const at = this.#length + i;
      const byte = chunk[i]!;
      if (at < this.#prefix.length && byte !== this.#prefix.charCodeAt(at))
        return fault("not-http", at);
      if (at >= this.#limit) return fault("head-too-large", at);
      if (this.#afterCr) {
        if (byte !== 0x0a) return fault("bare-cr", at - 1);
        this.#afterCr = false;
        if (this.#lineLength === 0) return this.#whole(chunk, i + 1);
        this.#lineLength = 0;
      } else if (byte === 0x0d) this.#afterCr = true;
      else if (byte === 0x0a) return fault("bare-lf", at);
      else this.#lineLength++;
    }
    this.#hold(chunk);
    return more;
  }

  #whole(chunk: Uint8Array, end: number): HeadBytes {
    const rest = chunk.subarray(end);
    // The common case, a head in one chunk, is not copied.
    if (this.#length === 0) return { kind: "whole", bytes: chunk.subarray(0, end), rest };
    this.#hold(chunk.subarray(0, end));
    return { kind: "whole", bytes: this.#held.subarray(0, this.#length), rest };
  }

  #hold(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#held.length) {
      // Doubling: a head that comes byte by byte costs linear work.
      const grown = new Uint8Array(Math.min(this.#limit, Math.max(length, this.#held.length * 2)));
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(chunk, this.#length);
    this.#length = length;
  }
}
