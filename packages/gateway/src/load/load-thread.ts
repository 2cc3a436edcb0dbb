// The thread of loadAside: reads and checks a large configuration, and sends the result in pieces, each
// when it is asked for, because the thread that takes them in also serves.

import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { loadConfig } from "../config/load.ts";
import { pack } from "./pack.ts";
import { configHash } from "./config-hash.ts";
import type { Job, Told } from "./load-aside.ts";

// On Linux a thread has a priority of its own. This one gives way to those that serve, yet not so far
// that a busy machine never takes a change.
if (process.platform === "linux") setPriority(5);

const { path, options } = workerData as Job;
const loaded = loadConfig(path, options);
const hash = loaded.config === undefined ? undefined : configHash(loaded.config);
const pieces = pack(loaded);

parentPort!.on("message", () => {
  const next = pieces.next();
  const told: Told = next.done === true ? { hash } : { piece: next.value };
  parentPort!.postMessage(told);
  if (next.done === true) parentPort!.close();
});
