// What a body's reader says, call by call.

import type { WireFault } from "./fault.ts";

/** Who is given what was read. After `end` or `fault` nothing more of the message comes. */
export interface BodySink {
  /** A view of the bytes that were pushed: whoever keeps them beyond the call copies them. */
  body(bytes: Uint8Array): void;
  /** `trailers` flat; `framed`: the message itself marked its end, not the connection's end. */
  end(trailers: readonly string[], framed: boolean): void;
  fault(wrong: WireFault): void;
}
