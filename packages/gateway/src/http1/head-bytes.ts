// Collects the bytes of one head: everything up to and including the first empty line (RFC 9112 §2.1). Lines end in CR LF
// and nothing else. With a bare CR or LF, two parsers begin to disagree about where a header ends, so it is rejected here and
// cannot mislead a later step.

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
   * What does not begin like a head is noticed at once, not only when its time is up. `prefix` is the beginning of every
   * response (`HTTP/`); without it, a method comes first.
   */
  constructor(limit: number, prefix?: string) {
    this.#limit = limit;
    this.#prefix = prefix ?? "";
    this.#inMethod = prefix === undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** What has arrived of the head so far, to find out who sent a broken one. */
  get bytes(): Uint8Array {
    return this.#held.subarray(0, this.#length);
  }

  /**
   * Consumes bytes up to the end of the head. Returns the number of bytes consumed from `chunk`, or -1 if the head is not
   * complete yet; `bytes` then has the head.
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
      // Doubling makes the cost linear for a head that arrives byte by byte.
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
