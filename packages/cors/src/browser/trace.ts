// The path through the standard's algorithms, step by step, as data. `algorithm` and `step` name a place
// in the standard (`CORS check`, `4`); `says` is that step in a few words of our own.

import { link } from "../standard/snapshot.ts";

/** What a step inspected: header values as received, null if a header is absent. */
export type Seen = string | number | boolean | null | readonly string[];

/** `not-modelled`: the standard does something here that this model does not decide. It never counts as passed. */
export type StepResult = "done" | "passed" | "failed" | "skipped" | "not-modelled";

/** One step of one algorithm, and what it saw. */
export interface Step {
  readonly algorithm: string;
  /** The number in the standard's list, `13.4` for nested ones; `quirk` if an engine differs from it. */
  readonly step: string;
  readonly says: string;
  readonly saw: Readonly<Record<string, Seen>>;
  readonly result: StepResult;
  readonly anchor: string;
  readonly link: string;
}

/** The steps in the order in which they were taken. */
export type Trace = readonly Step[];

/** One algorithm of the standard: its term and the anchor of its definition. */
export interface Algorithm {
  readonly name: string;
  readonly anchor: string;
  /** Absent: the Fetch standard. */
  readonly standard?: keyof typeof homes;
}

const homes = {
  "local-network-access": "https://wicg.github.io/local-network-access/#",
  "mixed-content": "https://w3c.github.io/webappsec-mixed-content/#",
  csp: "https://w3c.github.io/webappsec-csp/#",
  "opaque-response-blocking": "https://github.com/annevk/orb#",
} as const;

export class Tracer {
  readonly steps: Step[] = [];

  step(
    algorithm: Algorithm,
    step: string,
    says: string,
    result: StepResult,
    saw: Readonly<Record<string, Seen>> = {},
  ): void {
    const { name, anchor, standard } = algorithm;
    const address = standard === undefined ? link(anchor) : `${homes[standard]}${anchor}`;
    this.steps.push({ algorithm: name, step, says, saw, result, anchor, link: address });
  }
}
