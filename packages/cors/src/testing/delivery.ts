// One request on its way to a server under test, and what came back.

import type { HeaderList, RequestHead } from "../standard/message.ts";

export interface Reply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** One request on its way to the server. */
export interface Delivery {
  readonly head: RequestHead;
  readonly body: Uint8Array | undefined;
  readonly signal: AbortSignal | undefined;
}
