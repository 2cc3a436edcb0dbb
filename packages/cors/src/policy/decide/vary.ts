// Which request headers an answer depends on: a fact of the rules, not of the request, since a cache
// must be told on every response, also on those that a refused or a non-CORS request got. (What
// `on_mismatch` reads where there is no Origin comes on top, see mismatch.ts.)

import type { Policy } from "../policy.ts";
import { echoesHeaders } from "./allow-headers.ts";

export interface PolicyVary {
  /** Of every response but to OPTIONS. */
  readonly plain: readonly string[];
  /** Of every response to OPTIONS: a preflight and another OPTIONS get different answers. */
  readonly options: readonly string[];
}

/** `*` is the whole answer: no credentials, and any origin. */
export function answersAnyOrigin(policy: Policy): boolean {
  return policy.allowOrigins === "*" && !policy.allowCredentials;
}

/** Of rules that can each answer some origin. */
export function varyOf(rules: readonly Policy[]): PolicyVary {
  const options = ["Origin", "Access-Control-Request-Method"];
  if (rules.some(echoesHeaders)) options.push("Access-Control-Request-Headers");
  const isOneAnswer = rules.length === 1 && answersAnyOrigin(rules[0]!);
  return {
    plain: Object.freeze(isOneAnswer ? [] : ["Origin"]),
    options: Object.freeze(options),
  };
}
