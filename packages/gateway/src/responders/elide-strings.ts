// A JSON text with its long strings emptied, chunk by chunk. A HAR file is mostly response bodies; without
// them, 200 MB become a few, which JSON.parse can handle. Nothing else is changed, so malformed text stays
// malformed.

const quote = 0x22;
const backslash = 0x5c;

export class StringElider {
  readonly #limit: number;
  #inString = false;
  #escaped = false;
  /** Bytes of the current string so far, its first quote included. */
  #held: Uint8Array[] = [];
  #length = 0;

  /** Strings of more than `limit` bytes, as written, become `""`. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  push(chunk: Uint8Array, emit: (bytes: Uint8Array) => void): void {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]!;
      if (!this.#inString) {
        if (byte !== quote) continue;
        if (i > from) emit(chunk.subarray(from, i));
        from = i;
        this.#inString = true;
      } else if (this.#escaped) this.#escaped = false;
      else if (byte === backslash) this.#escaped = true;
      else if (byte === quote) {
        this.#inString = false;
        this.#hold(chunk.subarray(from, i + 1));
        this.#flush(emit);
        from = i + 1;
      }
    }
    if (from === chunk.length) return;
    if (this.#inString) this.#hold(chunk.subarray(from));
    else emit(chunk.subarray(from));
  }

  /** The text has ended; a string that was not closed is passed on as it is, short or cut. */
  end(emit: (bytes: Uint8Array) => void): void {
    for (const part of this.#held) emit(part);
  }

  #hold(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > this.#limit + 2) this.#held = [];
    // Copied, because the stream that fills these chunks may reuse them.
    else this.#held.push(part.slice());
  }

  #flush(emit: (bytes: Uint8Array) => void): void {
    if (this.#length > this.#limit + 2) emit(Uint8Array.of(quote, quote));
    else for (const part of this.#held) emit(part);
    this.#held = [];
    this.#length = 0;
  }
}
