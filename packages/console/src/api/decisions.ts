// The live stream of decisions, read with fetch: EventSource sends no Authorization header.

import { request } from "./client.ts";
import type { AccessRecord } from "./shapes.ts";

export interface Batch {
  /** Oldest first. */
  readonly records: readonly AccessRecord[];
  /** Records before these that are lost, because this page was away or too slow. */
  readonly dropped?: number;
  /** A process of the gateway has ended meanwhile: what it decided last is not known. */
  readonly restarted?: boolean;
}

/** One life of the page's stream: where it has read to, so that the next connection goes on there. */
export class DecisionReader {
  #lastEventId = "";

  /** Resolves when the stream ends. Rejects with an ApiFault. */
  async follow(take: (batch: Batch) => void, opened: () => void, signal: AbortSignal) {
    const response = await request("GET", "/api/decisions", {
      signal,
      ...(this.#lastEventId !== "" && { headers: { "Last-Event-ID": this.#lastEventId } }),
    });
    opened();
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const events = (rest + value).split("\n\n");
      rest = events.pop()!;
      for (const event of events) {
        const data = /^data: ?(.*)$/m.exec(event)?.[1];
        if (data === undefined || !/^event: ?decisions$/m.test(event)) continue;
        take(JSON.parse(data) as Batch);
        this.#lastEventId = /^id: ?(.*)$/m.exec(event)?.[1] ?? this.#lastEventId;
      }
    }
  }
}
