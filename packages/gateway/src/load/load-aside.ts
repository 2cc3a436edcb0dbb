// Loads a configuration without delaying requests: a small one directly, a large one in its own thread,
// which returns the result in pieces.

import { opendir, stat } from "node:fs/promises";
import path from "node:path";
import { loadConfig, type Loaded, type LoadOptions } from "../config/load.ts";
import type { Piece } from "./pack.ts";
import { Intake } from "./intake.ts";
import { conditions, sibling } from "./sibling.ts";

export interface LoadedAside {
  readonly loaded: Loaded;
  /** The configHash of its configuration, if it has already been computed. */
  readonly hash?: string | undefined;
}

/** What the thread is to do. */
export interface Job {
  readonly path: string;
  readonly options: LoadOptions;
  /** Whether requests are served meanwhile. */
  readonly serving: boolean;
}

/** What it returns: a piece for each message that it receives, and the hash at the end. */
export type Told = { readonly piece: Piece } | { readonly hash: string | undefined };

/**
 * This many bytes are read, checked and compiled in about five milliseconds of CPU time (twice as many took
 * nine, and fourteen at worst). Starting a thread alone takes a tenth of a second.
 */
const smallBytes = 16 * 1024;
const smallFiles = 32;

/**
 * `from` is absolute; `serving`: whether this process already has requests to serve. Rejects if the thread
 * failed, or if `signal` ended it.
 */
export async function loadAside(
  from: string,
  options: LoadOptions,
  signal: AbortSignal,
  serving: boolean,
): Promise<LoadedAside> {
  if (await isSmall(from, options.env)) return { loaded: loadConfig(from, options) };
  return inThread({ path: from, options, serving }, signal);
}

async function isSmall(from: string, env: string | undefined): Promise<boolean> {
  try {
    const { size } = await stat(from).then((found) =>
      found.isDirectory() ? weigh(from, 1) : found,
    );
    const overlay = env === undefined ? undefined : from.replace(/(\.toml)?$/, `.${env}$1`);
    const more = overlay === undefined ? undefined : await stat(overlay).catch(() => undefined);
    return size + (more?.size ?? 0) <= smallBytes;
  } catch {
    return true; // nothing can be read there: loadConfig reports that at once
  }
}

/** The bytes of all *.toml files down to a depth; counting stops when there are too many. */
async function weigh(directory: string, depth: number): Promise<{ readonly size: number }> {
  let size = 0;
  let files = 0;
  for await (const entry of await opendir(directory)) {
    const name = path.join(directory, entry.name);
    if (entry.isDirectory()) {
      if (depth > 0) size += (await weigh(name, depth - 1)).size;
    } else if (entry.name.endsWith(".toml")) {
      size += (await stat(name)).size;
      files++;
    }
    if (size > smallBytes || files > smallFiles) return { size: smallBytes + 1 };
  }
  return { size };
}

async function inThread(job: Job, signal: AbortSignal): Promise<LoadedAside> {
  const { Worker } = await import("node:worker_threads");
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const intake = new Intake(job.serving);
    const thread = new Worker(sibling("load-thread", import.meta.url), {
      workerData: job,
      execArgv: conditions,
      name: "corsway load",
    });
    const endThread = (end: () => void): void => {
      signal.removeEventListener("abort", abort);
      end();
      void thread.terminate();
    };
    const abort = (): void => endThread(() => reject(signal.reason));
    signal.addEventListener("abort", abort);
    thread.on("message", async (told: Told) => {
      if ("hash" in told)
        return endThread(() => resolve({ loaded: intake.loaded, hash: told.hash }));
      await intake.take(told.piece);
      thread.postMessage("next");
    });
    thread.on("error", (error) => endThread(() => reject(error)));
    thread.on("exit", () => endThread(() => reject(new Error("the loading thread ended"))));
    thread.postMessage("next");
  });
}
