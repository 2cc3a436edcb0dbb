// Whether a page may open a WebSocket. CORS does not cover them: a browser opens one to any server, with cookies, and only
// `Origin` says which page it comes from. So the location's origins decide here too, but only those that are named: `*` promises
// that anyone may read, not that anyone may act with a visitor's cookies.

import type { Decision } from "@corsway/cors";
import { decidedBy, type CorsLayer } from "./cors-layer.ts";

/** May the page of this decision open a WebSocket? */
export function mayUpgrade(decision: Decision, layer: CorsLayer): boolean {
  if (decision.kind === "same-origin") return true;
  if (decision.kind !== "actual" || !decision.allowed) return false;
  return decidedBy(layer, decision)?.listsOrigins === true;
}
