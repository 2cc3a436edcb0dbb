// One candidate in a process of its own, as a server runs it: another candidate's objects would make the engine's code
// for Node's own functions slower. Started by library.ts, which asks for one sample after the other.

import { candidates, type Kind, type Run } from "./candidates.ts";
import type { Exchange, Shape } from "./exchanges.ts";

export interface Ask {
  readonly candidate: string;
  readonly kind: Kind;
  readonly shape: Shape;
  readonly exchange: Exchange;
  /** ms. */
  readonly time: number;
}

let key = "";
let run: Run;

process.on("message", (ask: Ask) => {
  void answer(ask).then((cost) => process.send!(cost));
});

async function answer(ask: Ask): Promise<number> {
  const { candidate, kind, shape, exchange, time } = ask;
  const asked = JSON.stringify({ kind, shape, exchange });
  if (asked !== key) {
    run = await candidates[candidate]!(shape, exchange, kind);
    // Until the code is compiled: Node's own too, at first.
    await sample(time * (key === "" ? 40 : 5));
    key = asked;
  }
  return sample(time);
}

/**
 * ns of one call, garbage collection included: the mean of all short bursts during which the system did not give the
 * processor to another process. (CPU time is counted only in steps of 4 ms.)
 */
async function sample(time: number): Promise<number> {
  const end = performance.now() + time;
  let spent = 0;
  let calls = 0;
  let least = Infinity;
  do {
    const before = process.resourceUsage().involuntaryContextSwitches;
    const start = performance.now();
    let done = 0;
    do {
      for (let i = 0; i < 32; i++) {
        const pending = run();
        if (pending !== undefined) await pending;
      }
      done += 32;
    } while (performance.now() < start + 0.5);
    const taken = performance.now() - start;
    least = Math.min(least, taken / done);
    if (process.resourceUsage().involuntaryContextSwitches !== before) continue;
    spent += taken;
    calls += done;
  } while (performance.now() < end);
  return 1e6 * (calls === 0 ? least : spent / calls);
}
