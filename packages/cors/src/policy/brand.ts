// TypeScript distinguishes a Policy from the PolicyInput that a person writes; JavaScript does not. An
// input in a policy's place would silently match nothing, or fail somewhere deep inside. So what
// readPolicy makes carries a brand, and to look for it costs nothing, however long the policy.

import { policyBrand, type Policy, type UnbrandedPolicy } from "./policy.ts";

/**
 * Marks plain data as a policy that was read, and freezes it (not what is inside). Nothing is
 * checked: this is for a policy's own data after it crossed a thread or a file, where a symbol is
 * lost (`structuredClone`, JSON). A copy by spread has no brand either, since a changed policy was
 * never checked.
 */
export function brandPolicy(policy: UnbrandedPolicy): Policy {
  // Not enumerable, so that a policy prints, compares and hashes as its fields alone.
  Object.defineProperty(policy, policyBrand, { value: true });
  return Object.freeze(policy) as Policy;
}

/** Was this made by readPolicy? */
export function isPolicy(value: unknown): value is Policy {
  return typeof value === "object" && value !== null && policyBrand in value;
}

/** Throws a TypeError that says where a policy comes from, unless this is one. */
export function requirePolicy(value: unknown, caller: string): void {
  if (isPolicy(value)) return;
  throw new TypeError(
    `${caller} takes a policy that was read: definePolicy(input), or readPolicy(input).policy`,
  );
}
