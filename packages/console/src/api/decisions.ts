// The live stream of decisions, read with fetch: EventSource sends no Authorization header.

import { request } from "./client.ts";
import type { AccessRecord } from "./shapes.ts";

interface Batch {
  readonly records: readonly AccessRecord[];
  /** Records that were left out since the last batch, because this page was too slow. */
  readonly dropped?: number;
}

/** Resolves when the stream ends. Rejects with an ApiFault. */
export async function followDecisions(
  take: (batch: Batch) => void,
  opened: () => void,
  signal: AbortSignal,
): Promise<void> {
  const response = await request("GET", "/api/decisions", { signal });
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
      if (data !== undefined && /^event: ?decisions$/m.test(event)) take(JSON.parse(data) as Batch);
    }
  }
}
