// One process of a crew of many, as the leader sees it. Every order is settled by the process's answer or
// by its end, so that nothing waits for a process that is gone.

import type { Shortage } from "../engine/engine.ts";
import cluster, { type Worker } from "node:cluster";
import type { DecisionBatch } from "../observe/backlog.ts";
import type { Piece } from "../load/pack.ts";
import { errorOf, type Order, type Report, type Said } from "./crew-orders.ts";
import type { Tally } from "./crew.ts";
import type { Listening } from "./door.ts";
import type { Blueprint } from "./generation.ts";

/** A blueprint as it is sent: what was read and checked once, as pieces of text. */
export interface Cargo extends Omit<Blueprint, "config"> {
  readonly pieces: readonly Piece[];
}

export interface MemberOptions {
  readonly begin: Extract<Order, { kind: "begin" }>;
  readonly log: (lines: string, done: () => void) => void;
  readonly onLogLoss: () => void;
  readonly onShortage: (shortage: Shortage) => void;
  readonly onMisdirected: (server: string, name: string) => void;
  /** What it writes to its stderr. */
  readonly say: (text: string) => void;
  /** Called once, when it accepts no more orders: it has ended, or is about to. */
  readonly onGone: (member: CrewMember, how: string) => void;
}

/** The error of any order to a process that is gone. */
export class Gone extends Error {}

/** A process that does not answer for this long is considered hung, and is killed; ms. */
const patience = 60_000;
const countPatience = 1000;
const lastWords = 5000;

export class CrewMember {
  readonly born = performance.now();
  /** Whether it accepts requests. */
  serving = false;
  /** Its counts when it was last asked. */
  tally: Tally | undefined;
  readonly #worker: Worker;
  readonly #options: MemberOptions;
  readonly #asked = new Map<number, (report: Answer) => void>();
  readonly #exited: Promise<void>;
  #id = 0;
  #gone = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: MemberOptions) {
    this.#options = options;
    const worker = cluster.fork();
    this.#worker = worker;
    worker.on("message", (report: Report) => this.#hear(report));
    worker.process.stderr?.on("data", (text: Buffer) => options.say(text.toString()));
    worker.on("error", () => undefined); // a message to one that is dying
    this.#exited = new Promise((resolve) => {
      worker.on("exit", (code, signal) => {
        this.#leave(signal ?? `exit ${code}`);
        resolve();
      });
    });
    void this.#ask(options.begin).catch(() => undefined);
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  /** Rejects with the reason if the configuration cannot be served, or with Gone. */
  prepare(cargo: Cargo): Promise<readonly Listening[]> {
    return this.#inTurn(() => this.#prepare(cargo));
  }

  /** Serves what was prepared. A process that fails at this point is killed. Never rejects. */
  commit(failed: (error: Error) => void): Promise<void> {
    return this.#inTurn(() => this.#commit()).catch((error: Error) => this.#end(error, failed));
  }

  /** Its newest finished requests; none if it is gone. */
  recent(after: ReadonlyMap<string, number>): Promise<readonly DecisionBatch[]> {
    return this.#ask<readonly DecisionBatch[]>({ kind: "recent", after }).catch(() => []);
  }

  abort(): void {
    void this.#inTurn(() => this.#ask({ kind: "abort" })).catch(() => undefined);
  }

  /** Prepares and commits in one step, for a process that must follow or end. Never rejects. */
  bring(cargo: Cargo, failed: (error: Error) => void): Promise<void> {
    return this.#inTurn(async () => {
      await this.#prepare(cargo);
      await this.#commit();
    }).catch((error: Error) => this.#end(error, failed));
  }

  /** Its counts; if it does not answer in time, its last known counts. */
  async count(): Promise<Tally | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, countPatience)));
    const asked = this.#ask<Tally>({ kind: "count" }).then(
      (tally) => void (this.tally = tally),
      () => undefined,
    );
    await Promise.race([asked, late]);
    clearTimeout(timer);
    return this.tally;
  }

  /** Drains it and waits for its end. */
  async stop(grace: number): Promise<void> {
    await this.#ask({ kind: "stop", grace }, grace + lastWords).catch(() => undefined);
    await this.count();
    if (this.#worker.isConnected()) this.#worker.process.disconnect();
    const late = setTimeout(() => this.kill(), lastWords);
    await this.#exited;
    clearTimeout(late);
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }

  async #prepare({ pieces, number, hash, certificates }: Cargo): Promise<readonly Listening[]> {
    for (const piece of pieces) await this.#ask({ kind: "piece", piece });
    return this.#ask({ kind: "prepare", number, hash, certificates });
  }

  async #commit(): Promise<void> {
    await this.#ask({ kind: "commit" });
    this.serving = true;
  }

  #end(error: Error, failed: (error: Error) => void): void {
    if (error instanceof Gone) return;
    failed(error);
    this.kill();
  }

  // One after the other: the pieces of two configurations must not mix.
  #inTurn<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(job);
    this.#turn = result.catch(() => undefined);
    return result;
  }

  #ask<T>(order: Order, longest = patience): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#gone) {
        reject(new Gone());
        return;
      }
      const id = this.#id++;
      const hung = setTimeout(() => this.kill(), longest);
      this.#asked.set(id, (answer) => {
        clearTimeout(hung);
        this.#asked.delete(id);
        if (answer === undefined) reject(new Gone());
        else if (answer.kind === "failed") reject(errorOf(answer.error));
        else resolve(answer.value as T);
      });
      this.#send({ id, order });
    });
  }

  #send(said: Said): void {
    if (this.#worker.isConnected()) this.#worker.send(said, () => undefined);
  }

  #hear(report: Report): void {
    switch (report.kind) {
      case "done":
      case "failed":
        this.#asked.get(report.id)?.(report);
        return;
      case "log":
        this.#options.log(report.text, () => this.#send("logged"));
        return;
      case "log-loss":
        this.#options.onLogLoss();
        return;
      case "shortage":
        this.#options.onShortage(report.shortage);
        return;
      case "misdirected":
        this.#options.onMisdirected(report.server, report.name);
        return;
      case "ending":
        this.#leave("a fault");
    }
  }

  #leave(how: string): void {
    if (this.#gone) return;
    this.#gone = true;
    this.serving = false;
    for (const settle of this.#asked.values()) settle(undefined);
    this.#options.onGone(this, how);
  }
}

type Answer = Extract<Report, { kind: "done" | "failed" }> | undefined;
