// A policy as a person would write it: fields with their default values are left out, and
// `readPolicy(writePolicy(policy))` is the same policy again.

import { printOriginPattern } from "./origin-pattern.ts";
import type { NameList, Policy, PolicyInput, RequestNameList } from "./policy.ts";
import { rulesOf, type PolicyRules } from "./rules.ts";
import { policyDefaults } from "./defaults.ts";

/**
 * The policy as definePolicy accepts it: camelCase, lists as arrays, `*` as `"*"`, seconds for maxAge,
 * without defaults. For rules by origin, each policy in order.
 * @throws TypeError if the policy was not made by readPolicy or definePolicy
 */
export function writePolicy(policy: Policy): PolicyInput;
export function writePolicy(rules: readonly Policy[]): readonly PolicyInput[];
export function writePolicy(policy: PolicyRules): PolicyInput | readonly PolicyInput[] {
  const rules = rulesOf(policy, "writePolicy").map(writeRule);
  return Array.isArray(policy) ? rules : rules[0]!;
}

function writeRule(policy: Policy): PolicyInput {
  const written: Record<string, unknown> = {
    allowOrigins: policy.allowOrigins === "*" ? "*" : policy.allowOrigins.map(printOriginPattern),
  };
  if (!sameList(policy.allowMethods, policyDefaults.allowMethods))
    written["allowMethods"] = policy.allowMethods === "*" ? "*" : [...policy.allowMethods];
  for (const field of ["allowHeaders", "exposeHeaders"] as const) {
    const names = writeNames(policy[field]);
    if (names.length > 0) written[field] = names;
  }
  if (policy.maxAge !== undefined) written["maxAge"] = policy.maxAge;
  for (const field of plainFields)
    if (policy[field] !== policyDefaults[field]) written[field] = policy[field];
  // Each member was put under its own name with its own value.
  return written as unknown as PolicyInput;
}

const plainFields = [
  "allowCredentials",
  "preflightStatus",
  "onMismatch",
  "timingAllowOrigin",
  "dangerouslyAllowNullOrigin",
  "dangerouslyAllowInsecureOrigins",
  "dangerouslyAllowPublicSuffixSubdomains",
  "dangerouslyAllowAnyOriginWithCredentials",
] as const;

function writeNames(list: NameList | RequestNameList): string | string[] {
  const names = "families" in list ? [...list.names, ...list.families] : [...list.names];
  if (!list.any) return names;
  return names.length === 0 ? "*" : ["*", ...names];
}

function sameList(a: "*" | readonly string[], b: "*" | readonly string[]): boolean {
  if (a === "*" || b === "*") return a === b;
  return a.length === b.length && a.every((value, index) => value === b[index]);
}
