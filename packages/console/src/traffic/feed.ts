// The live decisions as the page holds them: the newest thousand, changed a few times a second however
// many come, so that a thousand a second do not freeze the page. Where decisions are missing, the list
// says so in their place.

import { signal } from "@preact/signals";
import { DecisionReader, type Batch } from "../api/decisions.ts";
import { locked } from "../api/client.ts";
import type { AccessRecord } from "../api/shapes.ts";

const most = 1000;
const every = 250;
const retryPause = 2000;

/** A decision. */
export interface Row {
  /** Counts up: the key of the row. */
  readonly id: number;
  readonly record: AccessRecord;
}

/** Decisions are missing here. */
export interface Gap {
  readonly id: number;
  /** Undefined: nobody knows how many. */
  readonly missing: number | undefined;
}

export class Feed {
  /** Newest first. */
  readonly rows = signal<readonly (Row | Gap)[]>([]);
  readonly state = signal<"connecting" | "live" | "lost">("connecting");
  readonly paused = signal(false);
  readonly seen = signal(0);
  /** While it is paused: how many wait to be shown. */
  readonly waiting = signal(0);
  #waiting: (Row | Gap)[] = [];
  #count = 0;
  #seen = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #reader = new DecisionReader();
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

  /** What comes while it is paused waits, the newest thousand of it: the list stays what it was. */
  pause(on: boolean): void {
    if (on) this.#flush();
    this.paused.value = on;
    if (!on) this.#flush();
  }

  clear(): void {
    this.#waiting = [];
    this.waiting.value = 0;
    this.rows.value = [];
  }

  async #follow(ending: AbortSignal): Promise<void> {
    while (!ending.aborted && !locked.value) {
      this.state.value = "connecting";
      try {
        await this.#reader.follow(
          (batch) => this.#take(batch),
          () => (this.state.value = "live"),
          ending,
        );
      } catch {
        // Whatever ended it: it is tried again, and the page says that it is not live.
      }
      if (ending.aborted) return;
      this.state.value = "lost";
      await new Promise((resolve) => setTimeout(resolve, retryPause));
    }
  }

  #take({ records, dropped = 0, restarted = false }: Batch): void {
    if (dropped > 0 || restarted)
      this.#waiting.push({ id: ++this.#count, missing: restarted ? undefined : dropped });
    for (const record of records) this.#waiting.push({ id: ++this.#count, record });
    this.#seen += records.length + dropped;
    if (this.#waiting.length > most) this.#waiting = this.#waiting.slice(-most);
    this.#timer ??= setTimeout(() => this.#flush(), every);
  }

  #flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.seen.value = this.#seen;
    this.waiting.value = this.paused.value ? this.#waiting.length : 0;
    if (this.paused.value || this.#waiting.length === 0) return;
    this.rows.value = [...this.#waiting.reverse(), ...this.rows.value].slice(0, most);
    this.#waiting = [];
  }
}
