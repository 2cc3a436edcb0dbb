// Where two outcomes of one case part. A difference is given to the first aspect in which it shows:
// what blocks a request also changes the wire after it.

import type { Outcome } from "./outcome.ts";

export type Aspect = "verdict" | "reason" | "wire" | "credentials" | "headers" | "console";

export interface Difference {
  readonly aspect: Aspect;
  readonly engine: string;
  readonly model: string;
}

/** The first difference, or undefined where the engine did what the model says. */
export function compareOutcomes(engine: Outcome, model: Outcome): Difference | undefined {
  return (
    difference("verdict", engine, model, verdicts) ??
    difference("wire", engine, model, (each) => each.wire.map(({ request }) => request)) ??
    difference("credentials", engine, model, (each) =>
      each.wire.map(
        ({ request, credentials }) => `${credentials ? "with   " : "without"} ${request}`,
      ),
    ) ??
    difference("headers", engine, model, (each) => each.steps.flatMap(({ headers }) => headers)) ??
    reasonDifference(engine, model)
  );
}

function verdicts(outcome: Outcome): string[] {
  return outcome.steps.map(({ verdict, response }) => `${verdict} ${response}`);
}

function difference(
  aspect: Aspect,
  engine: Outcome,
  model: Outcome,
  view: (outcome: Outcome) => string[],
): Difference | undefined {
  const [seen, said] = [view(engine).join("\n"), view(model).join("\n")];
  return seen === said ? undefined : { aspect, engine: seen, model: said };
}

/** Only where both sides know one. */
function reasonDifference(engine: Outcome, model: Outcome): Difference | undefined {
  for (const [i, step] of engine.steps.entries()) {
    const said = model.steps[i]?.reason;
    if (step.reason === undefined || said === undefined || isSameReason(step.reason, said))
      continue;
    return { aspect: "reason", engine: step.reason, model: said };
  }
  return undefined;
}

/** `any` for the place: the engine does not tell it. */
function isSameReason(seen: string, said: string): boolean {
  return seen === said || seen === said.replace(/^\w+/, "any");
}
