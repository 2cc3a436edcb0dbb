// What a fault of the codec means to the walk, which refuses and logs it.

import type { WireFault } from "../http1/fault.ts";
import type { Flaw } from "./engine.ts";

export function flawOf({ code }: WireFault): Flaw {
  if (code === "head-too-large") return "too-large";
  return code === "version-not-supported" ? "version" : "malformed";
}
