// Counts of what was decided, by location, policy, kind, outcome and reason: names from the
// configuration and codes of ours, never an origin or a path, which an attacker could make endless.

import type { AccessRecord } from "./access-record.ts";

export interface DecisionCount {
  readonly location: string;
  readonly policy: string;
  readonly kind: string;
  readonly outcome: string;
  readonly reason: string;
  count: number;
}

export class Counters {
  requests = 0;
  /** By the first digit of the status; 0: no answer was given. */
  readonly byClass: number[] = [0, 0, 0, 0, 0, 0];
  readonly #decisions = new Map<string, DecisionCount>();
  reloads = 0;
  failedReloads = 0;
  /** Of the access log. */
  droppedLines = 0;

  count(record: AccessRecord): void {
    this.requests++;
    const digit = Math.trunc(record.status / 100);
    this.byClass[digit] = (this.byClass[digit] ?? 0) + 1;
    const { location = "", policy = "", kind = "none", allowed, refusal: reason = "" } = record;
    const outcome = allowed === undefined ? "untouched" : allowed ? "allowed" : "refused";
    const key = `${location}\n${policy}\n${kind}\n${outcome}\n${reason}`;
    const known = this.#decisions.get(key);
    if (known !== undefined) known.count++;
    else this.#decisions.set(key, { location, policy, kind, outcome, reason, count: 1 });
  }

  /** Most frequent first. */
  decisions(): readonly DecisionCount[] {
    return [...this.#decisions.values()].sort((a, b) => b.count - a.count);
  }
}
