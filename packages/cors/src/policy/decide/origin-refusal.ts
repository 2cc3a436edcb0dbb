// Why an origin that no rule allows is not allowed.

import { isSerializedOrigin } from "../../standard/origin.ts";
import type { Refusal } from "./decision.ts";

/** What may be wrong with an origin. */
export type OriginRefusal = Extract<Refusal, `origin-${string}`>;

/** undefined: over-long. Several are one string with a comma, which is no origin. */
export function originRefusal(origin: string | undefined): OriginRefusal {
  return origin === undefined || !isSerializedOrigin(origin)
    ? "origin-malformed"
    : "origin-not-allowed";
}
