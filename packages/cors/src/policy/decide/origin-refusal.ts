// Why an origin is not allowed if no rule allows it.

import { isSerializedOrigin } from "../../standard/origin.ts";
import type { Refusal } from "./decision.ts";

/** The possible faults of an origin. */
export type OriginRefusal = Extract<Refusal, `origin-${string}`>;

/** undefined: too long. Several origins are one string with a comma, which is not an origin. */
export function originRefusal(origin: string | undefined): OriginRefusal {
  return origin === undefined || !isSerializedOrigin(origin)
    ? "origin-malformed"
    : "origin-not-allowed";
}
