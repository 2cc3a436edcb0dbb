// Work that pauses from time to time, so that its caller can do other work in between.

/** Yields between steps, none of which is long; returns the result. */
export type Steps<T> = Generator<undefined, T, void>;

/** All steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
