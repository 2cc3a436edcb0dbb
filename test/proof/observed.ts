// The engine's side of a case: what its page was given, and what the servers recorded.

import { getHeader, type RequestHead } from "@corsway/cors/standard";
import type { SeenStep } from "./browser.ts";
import { iteratedHeaders, wireLine, type Outcome, type StepOutcome } from "./outcome.ts";
import { reasonOfChromium } from "./reason.ts";

export function observedOutcome(
  steps: readonly SeenStep[],
  recorded: readonly RequestHead[],
): Outcome {
  return {
    steps: steps.map(observedStep),
    // Every host has given its cookie: a request without one was made without credentials.
    wire: recorded.map((request) =>
      wireLine(request, getHeader(request.headers, "cookie") !== null),
    ),
  };
}

function observedStep({ seen, reason }: SeenStep): StepOutcome {
  switch (seen.kind) {
    case "response": {
      const { type, status } = seen;
      const verdict = type === "opaque" || type === "opaqueredirect" ? "opaque" : "readable";
      const headers = iteratedHeaders(seen.headers);
      return { verdict, response: `${type} ${status}`, headers };
    }
    case "error": {
      const known = reasonOfChromium(reason);
      const blocked = { verdict: "blocked", response: "", headers: [] } as const;
      return known === undefined ? blocked : { ...blocked, reason: known };
    }
    case "hung":
      return { verdict: "blocked", response: "hung", headers: [] };
  }
}
