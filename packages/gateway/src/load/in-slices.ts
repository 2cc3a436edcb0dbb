// Long work on the serving thread is cut into slices, with pauses in which requests get their turn. The
// pauses are longer than the slices because of the garbage collector: its pause grows with what survives,
// and what is built here survives. During a pause, requests fill the young generation with objects that do
// not, so each collection has less to copy. Before the first configuration is served there are no requests,
// and only what else the program does gets its turn.

import { setImmediate as turn, setTimeout as sleep } from "node:timers/promises";
import type { Steps } from "@corsway/cors/policy";

/** Milliseconds: what a request that arrives at the wrong moment waits. */
export const slice = 2;
const rest = 5;

/** `serving`: whether this process already has requests to serve. */
export async function pause(serving: boolean): Promise<void> {
  await (serving ? sleep(rest) : turn());
}

export async function inSlices<T>(steps: Steps<T>, serving: boolean): Promise<T> {
  let end = performance.now() + slice;
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() < end) continue;
    await pause(serving);
    end = performance.now() + slice;
  }
}
