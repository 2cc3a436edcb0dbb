// Work that stops now and then, so that its caller may do something else in between.

/** Yields between two steps, none of them long; returns the result. */
export type Steps<T> = Generator<undefined, T, void>;

/** All steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
