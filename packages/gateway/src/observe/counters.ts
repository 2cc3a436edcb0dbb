// Counts of decisions by location, policy, kind, outcome and reason. These are names from the
// configuration and our own codes, never an origin or a path, of which an attacker could make any number.

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

/** Errors of our own answers that are refusals which no decision on CORS made. */
const lockErrors: ReadonlySet<string> = new Set(["host_not_allowed", "ambiguous_path"]);

export class Counters {
  #requests = 0;
  readonly #byClass: number[] = [0, 0, 0, 0, 0, 0];
  /** By location, policy, kind, and outcome with its reason: names that are hashed already. */
  readonly #decisions = new Branch<Branch<Branch<Branch<Counted>>>>();
  readonly #all: Counted[] = [];
  #droppedLines = 0;
  #refusedConnections = 0;
  readonly #errors = new Map<string, number>();

  count(record: AccessRecord): void {
    this.#requests++;
    const digit = Math.trunc(record.status / 100);
    this.#byClass[digit] = (this.#byClass[digit] ?? 0) + 1;
    const { location = "", policy = "", kind = "none", allowed, refusal, error } = record;
    const locked = error !== undefined && lockErrors.has(error) ? error : undefined;
    const outcome =
      locked !== undefined || allowed === false
        ? "refused"
        : allowed === undefined
          ? "untouched"
          : "allowed";
    this.#decide(location, policy, kind, outcome, locked ?? refusal ?? "").count++;
    if (error !== undefined) this.#addError(error, 1);
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
      this.#decide(location, policy, kind, outcome, reason).count += count;
    this.#droppedLines += droppedLines;
    this.#refusedConnections += refusedConnections;
    for (const [error, count] of Object.entries(errors)) this.#addError(error, count);
  }

  counts(): Counts {
    return {
      requests: this.#requests,
      byClass: this.#byClass,
      decisions: this.#all.toSorted((a, b) => b.count - a.count),
      droppedLines: this.#droppedLines,
      refusedConnections: this.#refusedConnections,
      errors: Object.fromEntries(this.#errors),
    };
  }

  #addError(error: string, count: number): void {
    this.#errors.set(error, (this.#errors.get(error) ?? 0) + count);
  }

  #decide(
    location: string,
    policy: string,
    kind: string,
    outcome: string,
    reason: string,
  ): Counted {
    const kinds = this.#decisions.at(location, branch).at(policy, branch);
    return kinds.at(kind, branch).at(reason === "" ? outcome : reason, () => {
      const counted = { location, policy, kind, outcome, reason, count: 0 };
      this.#all.push(counted);
      return counted;
    });
  }
}

type Counted = { -readonly [K in keyof DecisionCount]: DecisionCount[K] };

/** A key put together from five names would be hashed anew for each request. */
class Branch<Value> {
  readonly #below = new Map<string, Value>();

  at(name: string, make: () => Value): Value {
    let value = this.#below.get(name);
    if (value === undefined) this.#below.set(name, (value = make()));
    return value;
  }
}

function branch<Value>(): Branch<Value> {
  return new Branch<Value>();
}
