// Rules by origin: where one policy may stand, a list of them may. The first that allows a page's
// origin answers it; if none does, the refusal is the last one's.

import { requirePolicy } from "./brand.ts";
import type { Policy } from "./policy.ts";

/**
 * One policy, or rules by origin, at least one: the first that allows the origin answers; if none
 * does, the last one refuses. A list of one is that policy.
 * @example [app, open]: my app with cookies, everybody else without
 */
export type PolicyRules = Policy | readonly Policy[];

/** The rules in order. Throws a TypeError that names the caller where these are none that were read. */
export function rulesOf(rules: PolicyRules, caller: string): readonly Policy[] {
  const list = Array.isArray(rules) ? (rules as readonly Policy[]) : [rules as Policy];
  if (list.length === 0)
    throw new TypeError(`${caller} takes a policy or several, not an empty list`);
  for (const policy of list) requirePolicy(policy, caller);
  return list;
}
