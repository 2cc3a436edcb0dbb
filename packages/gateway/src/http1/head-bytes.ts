// Gathers the bytes of one head: everything up to and with the first empty line (RFC 9112 §2.1).
// Lines end in CR LF and in nothing else; a bare CR or LF is where two parsers begin to disagree
// about where a header ends, so it is refused here and no later step can be fooled by one.

import { classes, token } from "./byte-classes.ts";
import { fault, type WireFault } from "./fault.ts";

const noBytes: Uint8Array = new Uint8Array(0);

export class HeadGatherer {
  readonly #limit: number;
  readonly #prefix: string;
  #held: Uint8Array = noBytes;
  #length = 0;
  #lineLength = 0;
  #afterCr = false;
  #inMethod: boolean;

  /**
   * What does not begin as a head is seen at once, and not once its time is over: `prefix` is what every
   * response begins with (`HTTP/`); without one a method comes first.
   */
  constructor(limit: number, prefix?: string) {
    this.#limit = limit;
    this.#prefix = prefix ?? "";
    this.#inMethod = prefix === undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** What has come of the head so far, for whoever wants to know who sent a broken one. */
  get bytes(): Uint8Array {
    return this.#held.subarray(0, this.#length);
  }

  /**
   * Takes bytes up to the end of the head. The number of bytes taken from `chunk`, or -1 where the
   * head is not whole yet; `bytes` then has the head.
   */
  push(chunk: Uint8Array): number | WireFault {
    const before = this.#length;
    let { length: end } = chunk;
    let whole = false;
    for (let i = 0; i < end; i++) {
      const at = before + i;
      const byte = chunk[i]!;
      if (at < this.#prefix.length && byte !== this.#prefix.charCodeAt(at))
        return this.#fail(fault("not-http", at), chunk, i);
      if (this.#inMethod && (classes[byte]! & token) === 0) {
        if (byte !== 0x20 && byte !== 0x0d && byte !== 0x0a)
          return this.#fail(fault("start-line-malformed", at), chunk, i);
        this.#inMethod = false;
      }
      if (at >= this.#limit) return this.#fail(fault("head-too-large", at), chunk, i);
      if (this.#afterCr) {
        if (byte !== 0x0a) return this.#fail(fault("bare-cr", at - 1), chunk, i);
        this.#afterCr = false;
        if (this.#lineLength === 0) {
          whole = true;
          end = i + 1;
        }
        this.#lineLength = 0;
      } else if (byte === 0x0d) this.#afterCr = true;
      else if (byte === 0x0a) return this.#fail(fault("bare-lf", at), chunk, i);
      else this.#lineLength++;
    }
    this.#hold(chunk.subarray(0, end));
    return whole ? end : -1;
  }

  #fail(wrong: WireFault, chunk: Uint8Array, end: number): WireFault {
    this.#hold(chunk.subarray(0, end));
    return wrong;
  }

  #hold(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#held.length) {
      // Doubling: a head that comes byte by byte costs linear work.
      const grown = Buffer.allocUnsafe(
        Math.min(this.#limit, Math.max(length, this.#held.length * 2)),
      );
      grown.set(this.#held.subarray(0, this.#length));
      this.#held = grown;
    }
    this.#held.set(chunk, this.#length);
    this.#length = length;
  }
}
