// Counts of decisions by location, policy, kind, outcome and reason. These are names from the
// configuration and our own codes, never an origin or a path, of which an attacker could make any number.
// All are numbers of one list: a location asks once for its place there, and a request adds one by index.

import type { Refusal } from "@corsway/cors";
import type { AccessRecord } from "./access-record.ts";

export interface DecisionCount {
  readonly location: string;
  readonly policy: string;
  readonly kind: string;
  readonly outcome: string;
  readonly reason: string;
  readonly count: number;
}

export interface Counts {
  readonly requests: number;
  /** By the first digit of the status; 0: there was no response. */
  readonly byClass: readonly number[];
  /** The most frequent first. */
  readonly decisions: readonly DecisionCount[];
  /** Dropped lines of the access log. */
  readonly droppedLines: number;
  /** Connections that were rejected. */
  readonly refusedConnections: number;
  /** Our own error responses, and exchanges that were cut off, by the error in the log. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What can be the outcome of a request at one place: each is one number. */
const kinds = ["none", "not-cors", "same-origin", "preflight", "actual"] as const;
const outcomes = ["allowed", "untouched"] as const;
const reasons = [
  "origin-not-allowed",
  "origin-malformed",
  "site-not-allowed",
  "method-not-allowed",
  "header-not-allowed",
  "headers-malformed",
  // Errors of our own answers that are refusals which no decision on CORS made.
  "host_not_allowed",
  "ambiguous_path",
] as const satisfies readonly (Refusal | "host_not_allowed" | "ambiguous_path")[];
const results = [...outcomes, ...reasons];
const firstReason = outcomes.length;
const size = kinds.length * results.length;
const kindIndex: ReadonlyMap<string, number> = new Map(kinds.map((kind, index) => [kind, index]));
const resultIndex: ReadonlyMap<string, number> = new Map(
  results.map((result, index) => [result, index]),
);

export class Counters {
  #requests = 0;
  readonly #byClass: number[] = [0, 0, 0, 0, 0, 0];
  /** By location and policy: the first of its numbers in `#numbers`. Kept for good, so reloads lose no count. */
  readonly #places = new Map<string, number>();
  readonly #names: { readonly location: string; readonly policy: string }[] = [];
  readonly #numbers: number[] = [];
  #droppedLines = 0;
  #refusedConnections = 0;
  readonly #errors = new Map<string, number>();

  /** The index at which the requests of a location under a policy are counted: the same one for the same names. */
  place(location: string, policy: string): number {
    const key = `${location}\n${policy}`;
    let place = this.#places.get(key);
    if (place === undefined) {
      this.#places.set(key, (place = this.#numbers.length));
      this.#names.push({ location, policy });
      for (let i = 0; i < size; i++) this.#numbers.push(0);
    }
    return place;
  }

  count({ status, kind, allowed, refusal, error }: AccessRecord, place: number): void {
    this.#requests++;
    this.#byClass[Math.trunc(status / 100)]!++;
    let result = allowed === undefined ? 1 : 0;
    if (refusal !== undefined) result = resultIndex.get(refusal)!;
    if (error !== undefined) {
      const locked = resultIndex.get(error);
      if (locked !== undefined) result = locked;
      this.#addError(error, 1);
    }
    const row = kind === undefined ? 0 : kindIndex.get(kind)!;
    this.#numbers[place + row * results.length + result]!++;
  }

  countRefused(): void {
    this.#refusedConnections++;
  }

  countDropped(lines: number): void {
    this.#droppedLines += lines;
  }

  /** Adds the counts of another process. */
  add(counts: Counts): void {
    const { requests, byClass, decisions, droppedLines, refusedConnections, errors } = counts;
    this.#requests += requests;
    for (const [digit, count] of byClass.entries())
      this.#byClass[digit] = (this.#byClass[digit] ?? 0) + count;
    for (const { location, policy, kind, outcome, reason, count } of decisions)
      this.#numbers[
        this.place(location, policy) +
          kindIndex.get(kind)! * results.length +
          resultIndex.get(reason === "" ? outcome : reason)!
      ]! += count;
    this.#droppedLines += droppedLines;
    this.#refusedConnections += refusedConnections;
    for (const [error, count] of Object.entries(errors)) this.#addError(error, count);
  }

  counts(): Counts {
    return {
      requests: this.#requests,
      byClass: this.#byClass,
      decisions: this.#decisions(),
      droppedLines: this.#droppedLines,
      refusedConnections: this.#refusedConnections,
      errors: Object.fromEntries(this.#errors),
    };
  }

  #addError(error: string, count: number): void {
    this.#errors.set(error, (this.#errors.get(error) ?? 0) + count);
  }

  #decisions(): DecisionCount[] {
    const decisions: DecisionCount[] = [];
    for (const [index, count] of this.#numbers.entries()) {
      if (count === 0) continue;
      const { location, policy } = this.#names[Math.floor(index / size)]!;
      const kind = kinds[Math.floor((index % size) / results.length)]!;
      const result = index % results.length;
      const refused = result >= firstReason;
      const outcome = refused ? "refused" : results[result]!;
      const reason = refused ? results[result]! : "";
      decisions.push({ location, policy, kind, outcome, reason, count });
    }
    return decisions.sort((a, b) => b.count - a.count);
  }
}
