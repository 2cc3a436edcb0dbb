// The thread of loadAside: reads and checks a large configuration, and sends the result in pieces, each
// when requested, because the thread that receives them also serves.

import { setPriority } from "node:os";
import { parentPort, workerData } from "node:worker_threads";
import { loadConfig } from "../config/load.ts";
import { pack } from "./pack.ts";
import { configHash } from "./config-hash.ts";
import type { Job, Told } from "./load-aside.ts";

// On Linux, a thread has its own priority. This one yields to those that serve, but not so much that a busy
// machine never applies a change.
const { path, options, serving } = workerData as Job;
if (serving && process.platform === "linux") setPriority(5);

const loaded = loadConfig(path, options);
const hash = loaded.config === undefined ? undefined : configHash(loaded.config);
const pieces = pack(loaded);

parentPort!.on("message", () => {
  const next = pieces.next();
  const told: Told = next.done === true ? { hash } : { piece: next.value };
  parentPort!.postMessage(told);
  if (next.done === true) parentPort!.close();
});
