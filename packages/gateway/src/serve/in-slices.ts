// Long work on the thread that serves: cut into slices, and between them rests in which whatever else
// there is to do gets its turn. The rests are longer than the slices, for a second reason: what is
// built here stays, and what stays is what a garbage collection has to copy; the more of the short
// life of requests lies between, the less there is of it in each.

import { setTimeout as sleep } from "node:timers/promises";
import type { Steps } from "@corsway/cors";

/** Milliseconds: what a request that comes at the wrong moment waits for. */
export const slice = 2;
export const rest = 5;

export async function inSlices<T>(steps: Steps<T>): Promise<T> {
  let end = performance.now() + slice;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < end) continue;
    await sleep(rest);
    end = performance.now() + slice;
  }
}
