// Whether a client accepts anything of what was written for it. Node reports only that a whole chunk has
// gone out, and at 1 KB/s a chunk of 64 KB takes a minute: so partial writes count as well.

import type { Socket } from "node:net";

export class Stall {
  readonly #socket: Socket;
  #unsent: number;
  #since: number = performance.now();

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#unsent = unsentOf(socket);
  }

  /** Has nothing gone out for `ms`? To be asked several times in that time. */
  lasts(ms: number): boolean {
    const unsent = unsentOf(this.#socket);
    if (unsent === this.#unsent) return performance.now() - this.#since >= ms;
    this.#unsent = unsent;
    this.#since = performance.now();
    return false;
  }
}

/** Bytes that the system has not accepted yet, counting partial writes where Node reports them. */
function unsentOf(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null };
  return handle?.writeQueueSize ?? socket.writableLength;
}
