// Why an origin that no rule allows is not allowed.

import { parseOrigin } from "../../standard/origin.ts";
import type { Refusal } from "./decision.ts";

/** undefined: several, or over-long. */
export function originRefusal(origin: string | undefined): Refusal {
  return origin === undefined || parseOrigin(origin) === undefined
    ? "origin-malformed"
    : "origin-not-allowed";
}
