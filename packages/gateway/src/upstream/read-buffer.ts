// The memory that a connection to an upstream is read into. Node would allocate 64 KB for each read, and for large bodies its
// collector would be busy with nothing but these: a third of the CPU time of a 10 MB response. So a connection keeps one buffer
// and reads into it again and again, as long as nobody has kept what was in it.

/** Enough for the head and the body of most responses. */
const small = 16_384;
const large = 65_536;

export class ReadBuffer {
  #buffer: Buffer = Buffer.allocUnsafeSlow(small);
  #lent = false;
  #full = false;

  /** What was read. */
  filled(length: number): Buffer {
    this.#full = length === this.#buffer.length;
    return this.#buffer.subarray(0, length);
  }

  /** Somebody has kept a part of it: it is never read into again. */
  lend(): void {
    this.#lent = true;
  }

  /** The buffer for the next read. */
  next(): Buffer {
    if (this.#lent || (this.#full && this.#buffer.length < large)) {
      this.#lent = false;
      this.#buffer = Buffer.allocUnsafeSlow(this.#full ? large : this.#buffer.length);
    }
    return this.#buffer;
  }
}
