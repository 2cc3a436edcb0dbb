// Which request headers a response depends on. This is a fact of the rules, not of the request, because
// a cache needs it on every response, including those to refused and non-CORS requests. (What
// `on_mismatch` reads when there is no Origin is added to it, see mismatch.ts.)

import type { Policy } from "../policy.ts";
import { echoesHeaders } from "./allow-headers.ts";

export interface PolicyVary {
  /** For every response except to OPTIONS. */
  readonly plain: readonly string[];
  /** For every response to OPTIONS: a preflight and any other OPTIONS get different responses. */
  readonly options: readonly string[];
}

/** The response is just `*`: no credentials, and any origin. */
export function answersAnyOrigin(policy: Policy): boolean {
  return policy.allowOrigins === "*" && !policy.allowCredentials;
}

/** For rules that can each allow some origin. */
export function varyOf(rules: readonly Policy[]): PolicyVary {
  const options = ["Origin", "Access-Control-Request-Method"];
  if (rules.some(echoesHeaders)) options.push("Access-Control-Request-Headers");
  const isOneAnswer = rules.length === 1 && answersAnyOrigin(rules[0]!);
  return {
    plain: Object.freeze(isOneAnswer ? [] : ["Origin"]),
    options: Object.freeze(options),
  };
}
