// The seed of a run. One for everything that draws, so that the gate is the same gate twice:
// CORSWAY_SEED=N takes another, CORSWAY_SEED=random lets each test draw its own.

export const usualSeed = 20_261_121;

/** As given: a number, or `random`. */
export const seedText: string = process.env["CORSWAY_SEED"] ?? String(usualSeed);

/** The run's seed; one drawn now where it is `random`. Print it, so that a failure can be played again. */
export function runSeed(): number {
  return seedText === "random" ? Math.floor(Math.random() * 2 ** 31) : Number(seedText);
}
