// A process of a crew of many: it follows the leader's orders, and reads no configuration file itself.
// When the leader is gone, node:cluster ends it.

import { once } from "node:events";
import { Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { plainError, type Order, type Report, type Said } from "./crew-orders.ts";
import { crewOfOne } from "./crew-of-one.ts";
import type { Crew, Prepared } from "./crew.ts";
import type { Shortage } from "../engine/engine.ts";
import { Intake } from "../load/intake.ts";

// Ctrl-C and a supervisor's signals reach every process; only the leader acts on them.
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, () => undefined);

let crew: Crew | undefined;
let intake = new Intake(false);
let prepared: Prepared | undefined;

async function obey(order: Order): Promise<unknown> {
  if (order.kind === "begin") {
    const onLogLoss = (): void => report({ kind: "log-loss" });
    const onShortage = (shortage: Shortage): void => report({ kind: "shortage", shortage });
    const onMisdirected = (server: string, name: string): void =>
      report({ kind: "misdirected", server, name });
    crew = crewOfOne({ ...order, out: outlet, onLogLoss, onShortage, onMisdirected });
    return undefined;
  }
  if (crew === undefined) throw new Error("an order before the first");
  switch (order.kind) {
    case "piece":
      return intake.take(order.piece);
    case "prepare": {
      const { number, hash, certificates } = order;
      const { config } = intake.loaded;
      intake = new Intake(true);
      if (config === undefined) throw new Error("a configuration that is not whole");
      prepared = await crew.prepare({ number, hash, config, certificates });
      return prepared.addresses;
    }
    case "commit":
      await prepared?.commit();
      prepared = undefined;
      return undefined;
    case "abort":
      prepared?.abort();
      prepared = undefined;
      intake = new Intake(true); // it may have arrived only in part
      return undefined;
    case "count":
      return crew.tally();
    case "recent":
      return crew.recent(order.after);
    case "stop":
      return close(crew, order.grace);
  }
}

async function close(open: Crew, grace: number): Promise<void> {
  await open.close(grace);
  outlet.end();
  await Promise.race([once(outlet, "finish"), sleep(lastWords)]);
}

/** How long writing the rest of the log may take; ms. */
const lastWords = 2000;

function report(what: Report): void {
  process.send?.(what, undefined, undefined, () => undefined);
}

/**
 * Lines go to the leader, because the lines of several writers would be mixed. One text is in transit at a
 * time, so that a stalled reader stops this stream, and lines are dropped here.
 */
const outlet = new Writable({
  decodeStrings: false,
  write: (text: string, _encoding, done) => tell(text, done),
  writev: (chunks, done) => tell(chunks.map(({ chunk }) => chunk as string).join(""), done),
});
outlet.on("error", () => undefined); // a line after its end
let told = (): void => undefined;

function tell(text: string, done: () => void): void {
  told = done;
  report({ kind: "log", text });
}

process.on("message", (said: Said) => {
  if (said === "logged") {
    told();
    return;
  }
  const { id, order } = said;
  obey(order).then(
    (value) => report({ kind: "done", id, value }),
    (error: unknown) => report({ kind: "failed", id, error: plainError(error) }),
  );
});

// As in a process that serves alone: after an uncaught exception the state is unknown, so the process ends
// instead of continuing with it.
process.once("uncaughtException", async (surprise) => {
  process.stderr.write(
    `corsway: this should not have happened: ${surprise.stack ?? surprise.message}\n`,
  );
  report({ kind: "ending" });
  if (crew !== undefined) await close(crew, 5000);
  process.exit(1);
});
