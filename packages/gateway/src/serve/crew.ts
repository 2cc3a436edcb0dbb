// `--workers N`: one process a core, all on the same addresses. The first process serves nothing: it
// starts the others, starts one again that has died, passes on what it is told, adds up what they
// counted for the admin listener. A changed configuration is tried on one before the others hear of it.

import cluster, { type Worker } from "node:cluster";
import { openAdmin, type AdminListener } from "../admin/admin.ts";
import { mergeStatuses } from "../admin/merge-status.ts";
import type { Status } from "../admin/status.ts";
import type { AdminConfig } from "../config/config.ts";
import { watchPath } from "./watch.ts";

/** From a worker. Texts are for stderr, rendered. */
export type Report =
  | {
      readonly kind: "ready";
      readonly text: string;
      readonly admin: AdminConfig | undefined;
      readonly status: Status;
    }
  | { readonly kind: "failed"; readonly text: string; readonly code: 1 | 2 }
  | {
      readonly kind: "reloaded";
      readonly ok: boolean;
      readonly text: string;
      readonly admin: AdminConfig | undefined;
    }
  | { readonly kind: "status"; readonly status: Status };

/** To a worker. */
export type Order = { readonly kind: "reload" } | { readonly kind: "stop" };

export interface CrewOptions {
  readonly workers: number;
  /** Watched where present. */
  readonly path?: string;
  err(text: string): void;
}

export interface Crew {
  reload(): void;
  stop(): void;
  /** Ends at once. */
  kill(): void;
  /** 0: stopped in peace. 1 or 2: could not start, as the first worker said. */
  readonly ended: Promise<0 | 1 | 2>;
}

/** How often a worker tells its status; ms. */
export const statusPeriod = 500;
const longestPause = 5000;

export function startCrew({ workers, path, err }: CrewOptions): Crew {
  const crew = new Map<Worker, Status | undefined>();
  /** What workers that are gone had counted. */
  let lost: Status | undefined;
  let settle: (code: 0 | 1 | 2) => void = () => undefined;
  const ended = new Promise<0 | 1 | 2>((resolve) => (settle = resolve));
  let started = false;
  let stopping = false;
  let code: 0 | 1 | 2 = 0;
  let pause = 100;
  let admin: AdminListener | undefined;
  let adminConfig: AdminConfig | undefined;
  let taster: Worker | undefined; // the one who tries a changed configuration

  const status = (): Status => {
    const known = [...crew.values()].filter((one) => one !== undefined);
    const all = lost === undefined ? known : [...known, lost];
    return { ...mergeStatuses(all), ready: !stopping && known.length > 0 };
  };

  async function tell(config: AdminConfig | undefined): Promise<void> {
    if (JSON.stringify(config) === JSON.stringify(adminConfig)) return;
    adminConfig = config;
    admin?.close();
    admin = undefined;
    if (config === undefined) return;
    try {
      admin = await openAdmin(config, status);
      err(`  http://${admin.host}:${admin.port}  admin: status, /healthz, /metrics\n`);
    } catch (error) {
      err(
        `corsway: no admin listener: ${error instanceof Error ? error.message : String(error)}\n`,
      );
    }
  }

  function hear(worker: Worker, report: Report): void {
    switch (report.kind) {
      case "status":
        crew.set(worker, report.status);
        return;
      case "failed":
        if (!started) {
          err(report.text);
          code = report.code;
          started = true;
          stop();
        }
        return;
      case "ready":
        pause = 100;
        crew.set(worker, report.status);
        if (started) return;
        // One has shown that it can be served: now the others.
        started = true;
        err(report.text);
        err(`  by ${workers} processes\n`);
        void tell(report.admin);
        for (let i = 1; i < workers; i++) add();
        return;
      case "reloaded":
        if (worker !== taster) {
          if (!report.ok) err(report.text);
          return;
        }
        taster = undefined;
        err(report.text);
        if (!report.ok) return;
        void tell(report.admin);
        for (const other of crew.keys()) if (other !== worker) order(other, { kind: "reload" });
    }
  }

  function add(): void {
    const worker = cluster.fork();
    crew.set(worker, undefined);
    worker.on("message", (report: Report) => hear(worker, report));
    worker.on("error", () => undefined); // a message to one that is dying
    worker.on("exit", (exit, signal) => {
      const last = crew.get(worker);
      crew.delete(worker);
      if (last !== undefined) {
        // What it was asked is over, what it counted stays.
        const counts = { ...last, upstreams: [] };
        lost = lost === undefined ? counts : mergeStatuses([lost, counts]);
      }
      if (worker === taster) taster = undefined;
      if (stopping || !started) {
        if (crew.size === 0) finish(started ? code : 2);
        return;
      }
      err(`corsway: a process ended (${signal ?? exit}); another takes its place in ${pause} ms\n`);
      setTimeout(() => void (stopping || add()), pause);
      pause = Math.min(pause * 2, longestPause);
    });
  }

  function reload(): void {
    if (stopping || taster !== undefined) return;
    [taster] = crew.keys();
    if (taster !== undefined) order(taster, { kind: "reload" });
  }

  function stop(): void {
    stopping = true;
    stopWatching?.();
    for (const worker of crew.keys()) order(worker, { kind: "stop" });
  }

  function finish(outcome: 0 | 1 | 2): void {
    stopWatching?.();
    admin?.close();
    settle(outcome);
  }

  const stopWatching = path === undefined ? undefined : watchPath(path, reload);
  add();
  return {
    reload,
    stop,
    kill() {
      for (const worker of crew.keys()) worker.process.kill("SIGKILL");
    },
    ended,
  };
}

function order(worker: Worker, what: Order): void {
  if (worker.isConnected()) worker.send(what);
}
