// TypeScript distinguishes a Policy from the PolicyInput that a person writes; JavaScript does not. An
// input in a policy's place would silently match nothing, or fail somewhere deep inside.

import type { Policy } from "./policy.ts";

/** Was this made by readPolicy? Its origins are parsed patterns; an input has strings. */
export function isPolicy(value: unknown): value is Policy {
  if (typeof value !== "object" || value === null) return false;
  const { allowOrigins, allowHeaders } = value as Partial<Policy>;
  return (
    typeof allowHeaders === "object" &&
    allowHeaders !== null &&
    "any" in allowHeaders &&
    (allowOrigins === "*" ||
      (Array.isArray(allowOrigins) && allowOrigins.every((one) => typeof one === "object")))
  );
}

/** Throws a TypeError that says where a policy comes from, unless this is one. */
export function requirePolicy(value: unknown, caller: string): void {
  if (isPolicy(value)) return;
  throw new TypeError(
    `${caller} takes a policy that was read: definePolicy(input), or readPolicy(input).policy`,
  );
}
