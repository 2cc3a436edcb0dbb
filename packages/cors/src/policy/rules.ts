// Rules by origin: a list of policies may be used in place of one. The first policy that allows a
// page's origin applies; if none does, the last one refuses.

import { requirePolicy } from "./brand.ts";
import type { Policy } from "./policy.ts";

/**
 * One policy, or rules by origin (at least one): the first policy that allows the origin applies; if
 * none does, the last one refuses. A list of one is the same as that policy.
 * @example [app, open]: my app with cookies, every other origin without
 */
export type PolicyRules = Policy | readonly Policy[];

/** The rules in order. Throws a TypeError that names the caller if they were not made by readPolicy. */
export function rulesOf(rules: PolicyRules, caller: string): readonly Policy[] {
  const list = Array.isArray(rules) ? (rules as readonly Policy[]) : [rules as Policy];
  if (list.length === 0)
    throw new TypeError(`${caller} takes a policy or several, not an empty list`);
  for (const policy of list) requirePolicy(policy, caller);
  return list;
}
