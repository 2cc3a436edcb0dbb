// Which request headers an answer depends on: a fact of the policy, not of the request, since a
// cache must be told on every response, also on those that a refused or a non-CORS request got.

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

export function varyOf(policy: Policy): PolicyVary {
  const options = ["Origin", "Access-Control-Request-Method"];
  if (echoesHeaders(policy)) options.push("Access-Control-Request-Headers");
  return {
    plain: Object.freeze(answersAnyOrigin(policy) ? [] : ["Origin"]),
    options: Object.freeze(options),
  };
}
