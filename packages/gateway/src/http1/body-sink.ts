// The calls that a body reader makes.

import type { WireFault } from "./fault.ts";

/** Receives what was read. After `end` or `fault`, nothing more of the message arrives. */
export interface BodySink {
  /** A view of the bytes that were pushed: copy them to keep them beyond the call. */
  body(bytes: Uint8Array): void;
  /** `trailers` is flat; `framed`: the message itself marked its end, not the end of the connection. */
  end(trailers: readonly string[], framed: boolean): void;
  fault(wrong: WireFault): void;
}
