// TypeScript distinguishes a Policy from the PolicyInput that a person writes; JavaScript does not. An
// input used as a policy would silently match nothing, or fail somewhere deep inside. So readPolicy
// brands what it makes, and checking for the brand costs nothing, however long the policy.

import { policyBrand, type Policy, type UnbrandedPolicy } from "./policy.ts";

/**
 * Marks plain data as a policy that was read, and freezes it (but not the values inside). Nothing is
 * checked: this is for the data of a policy that crossed a thread or a file, where a symbol is lost
 * (`structuredClone`, JSON). A copy by spread has no brand either, because a changed policy was never
 * checked.
 */
export function brandPolicy(policy: UnbrandedPolicy): Policy {
  // Not enumerable, so that a policy prints, compares and hashes by its fields alone.
  Object.defineProperty(policy, policyBrand, { value: true });
  return Object.freeze(policy) as Policy;
}

/** Whether readPolicy made this value. */
export function isPolicy(value: unknown): value is Policy {
  return typeof value === "object" && value !== null && policyBrand in value;
}

/** Throws a TypeError that says how to get a policy, unless the value is one. */
export function requirePolicy(value: unknown, caller: string): void {
  if (isPolicy(value)) return;
  throw new TypeError(
    `${caller} takes a policy that was read: definePolicy(input), or readPolicy(input).policy`,
  );
}
