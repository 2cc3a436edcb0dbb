// What a person should know even though no request fails because of it.

/* oxlint-disable no-console -- the default report is a line on the console: every runtime has one */

/** Why an origin function's answer was not used. */
export type LookupFailure = "threw" | "timed-out" | "not-a-boolean" | "overloaded";

/** What `report` receives. */
export type CorsEvent =
  /** An origin function gave no answer, so the origin was refused. */
  | {
      readonly kind: "origin-lookup-failed";
      readonly origin: string;
      readonly reason: LookupFailure;
      readonly error?: unknown;
    }
  /** Two of these middlewares saw one request; the first decided it. */
  | { readonly kind: "decided-already" };

/** Receives the events. */
export type Report = (event: CorsEvent) => void;

/** A report that throws must not fail the request. */
export function guardReport(report: Report): Report {
  return (event) => {
    try {
      report(event);
    } catch (error) {
      console.error(error);
    }
  };
}

/** Callers choose which requests are refused, so a line for each would let them flood the console. */
export function warnOnConsole(): Report {
  const said = new Map<string, number>();
  return (event) => {
    const kind = event.kind === "decided-already" ? event.kind : `${event.kind} ${event.reason}`;
    const now = performance.now();
    if (now < (said.get(kind) ?? -Infinity) + 60_000) return;
    said.set(kind, now);
    if (event.kind === "decided-already")
      console.warn(
        "cors: two CORS policies saw one request, and the first decided it: put the policy of a path before the general one",
      );
    else
      console.warn(
        `cors: an origin was refused because its lookup failed (${event.reason}): ${JSON.stringify(event.origin)}`,
        ...(event.error === undefined ? [] : [event.error]),
      );
  };
}
