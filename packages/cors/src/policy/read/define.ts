// A policy written in TypeScript. Faults are thrown, because a program with a faulty policy is a faulty
// program. To read a policy that a person wrote, call readPolicy instead.

import type { Diagnostic } from "../../diagnostics/diagnostic.ts";
import { renderText } from "../../diagnostics/render-text.ts";
import type { Policy, PolicyInput } from "../policy.ts";
import { readPolicyFrom } from "./read.ts";

/** The policy has errors. `diagnostics` has all of them; `message` puts them into words. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(`the policy has faults\n${renderText(diagnostics)}`);
    this.diagnostics = diagnostics;
  }
}

/**
 * Reads a policy, or throws a PolicyError with every fault at once.
 * @example definePolicy({ allowOrigins: "https://app.example.com", maxAge: "24h" })
 */
export function definePolicy(input: PolicyInput): Policy {
  const { policy, diagnostics } = readPolicyFrom("camel", input);
  if (policy === undefined) {
    throw new PolicyError(diagnostics.filter(({ severity }) => severity === "error"));
  }
  return policy;
}
