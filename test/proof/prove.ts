// Plays cases in one engine and holds them against the model.

import type { NumberedCase, ProofBrowser } from "./browser.ts";
import type { Case } from "./case.ts";
import { compareOutcomes, type Difference } from "./compare.ts";
import { modelOutcome } from "./model.ts";
import { observedOutcome } from "./observed.ts";
import type { ProofServer } from "./server.ts";
import { nextNumber } from "./stage.ts";

export interface Held<One = Case> {
  readonly one: One;
  readonly difference?: Difference;
  /** It differed at first, and agreed when played again. */
  readonly unsteady?: true;
}

/** So many cases are given to a page at once. */
const batchSize = 200;

/** One result a case, in the order given. */
export function proveCases(
  browser: ProofBrowser,
  server: ProofServer,
  cases: readonly Case[],
): Promise<Held[]> {
  return playTwice(cases, (some) => playCases(browser, server, some));
}

/**
 * A case that differs is played once more: what a busy machine or a full cache did to it does not come
 * again.
 */
export async function playTwice<One>(
  cases: readonly One[],
  play: (some: readonly One[]) => Promise<Held<One>[]>,
): Promise<Held<One>[]> {
  const held = await play(cases);
  const differing = [...held.keys()].filter((i) => held[i]!.difference !== undefined);
  if (differing.length === 0) return held;
  const again = await play(differing.map((i) => cases[i]!));
  for (const [k, i] of differing.entries())
    held[i] = again[k]!.difference === undefined ? { one: cases[i]!, unsteady: true } : again[k]!;
  return held;
}

async function playCases(
  browser: ProofBrowser,
  server: ProofServer,
  cases: readonly Case[],
): Promise<Held[]> {
  const held: Held[] = Array.from({ length: cases.length });
  for (const page of ["named", "address", "bare"] as const) {
    const indexes = [...cases.keys()].filter((i) => cases[i]!.page === page);
    for (let from = 0; from < indexes.length; from += batchSize) {
      const batch = indexes.slice(from, from + batchSize);
      const numbered = batch.map((i): NumberedCase => [nextNumber(), cases[i]!]);
      server.load(numbered);
      const seen = await browser.play(page, numbered);
      for (const [k, i] of batch.entries()) {
        const observed = observedOutcome(seen[k]!, server.recorded(numbered[k]![0]));
        const modelled = modelOutcome(server.stage, numbered[k]!, browser.name);
        const difference = compareOutcomes(observed, modelled);
        held[i] = difference === undefined ? { one: cases[i]! } : { one: cases[i]!, difference };
      }
    }
  }
  return held;
}
