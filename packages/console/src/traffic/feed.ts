// The live decisions as the page holds them: the newest thousand, changed a few times a second however
// many come, so that a thousand a second do not freeze the page.

import { signal } from "@preact/signals";
import { followDecisions } from "../api/decisions.ts";
import { locked } from "../api/client.ts";
import type { AccessRecord } from "../api/shapes.ts";

const most = 1000;
const every = 250;

export interface Row {
  /** Counts up: the key of the row. */
  readonly id: number;
  readonly record: AccessRecord;
}

export class Feed {
  /** Newest first. */
  readonly rows = signal<readonly Row[]>([]);
  readonly state = signal<"connecting" | "live" | "lost">("connecting");
  readonly paused = signal(false);
  readonly seen = signal(0);
  /** Left out by the gateway, because this page was too slow. */
  readonly dropped = signal(0);
  #waiting: Row[] = [];
  #count = 0;
  #dropped = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ending = new AbortController();

  start(): void {
    this.#ending = new AbortController();
    void this.#follow(this.#ending.signal);
  }

  stop(): void {
    this.#ending.abort();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  /** What comes while it is paused is counted and not kept: the list stays what it was. */
  pause(on: boolean): void {
    if (on) this.#flush();
    this.paused.value = on;
  }

  clear(): void {
    this.#waiting = [];
    this.rows.value = [];
  }

  async #follow(ending: AbortSignal): Promise<void> {
    while (!ending.aborted && !locked.value) {
      this.state.value = "connecting";
      try {
        await followDecisions(
          ({ records, dropped = 0 }) => this.#take(records, dropped),
          () => (this.state.value = "live"),
          ending,
        );
      } catch {
        // Whatever ended it: it is tried again, and the page says that it is not live.
      }
      if (ending.aborted) return;
      this.state.value = "lost";
      await new Promise((resolve) => setTimeout(resolve, 2000));
    }
  }

  #take(records: readonly AccessRecord[], dropped: number): void {
    this.#dropped += dropped;
    for (const record of records) {
      this.#count++;
      if (!this.paused.value) this.#waiting.push({ id: this.#count, record });
    }
    if (this.#waiting.length > most) this.#waiting = this.#waiting.slice(-most);
    this.#timer ??= setTimeout(() => this.#flush(), every);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.seen.value = this.#count;
    this.dropped.value = this.#dropped;
    if (this.#waiting.length === 0) return;
    this.rows.value = [...this.#waiting.reverse(), ...this.rows.value].slice(0, most);
    this.#waiting = [];
  }
}
