// Long work on the thread that serves: cut into slices, with rests between them in which requests get
// their turn. The rests are longer than the slices for the garbage collector's sake: its pause grows
// with what survives, and what is built here survives. In a rest requests fill the young generation
// with what does not, so each collection finds less to copy.

import { setTimeout as sleep } from "node:timers/promises";
import type { Steps } from "@corsway/cors/policy";

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
