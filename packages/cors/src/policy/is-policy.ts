// TypeScript tells a policy that was read from what a person writes; JavaScript does not, and without
// a word the one in the place of the other would match nothing, or fail somewhere deep inside.

import type { Policy } from "./policy.ts";

/** Was this read? Then its lists are taken apart; what a person writes has strings. */
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
