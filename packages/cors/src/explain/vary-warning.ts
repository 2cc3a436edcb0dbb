// A page that may read today but not tomorrow: the response names its origin without saying that it depends on it, so a cache may serve
// it to the next page as well.

import { getHeader } from "../standard/header-list.ts";
import { asciiLowercase } from "../standard/token.ts";
import { isStorable } from "./culprit/cache-signs.ts";
import type { Explanation } from "./explain.ts";

/** undefined: nothing to warn about. */
export function varyWarning({ verdict }: Explanation): string | undefined {
  const last = verdict.wire.at(-1);
  if (verdict.outcome !== "readable" || last === undefined || "kind" in last.response)
    return undefined;
  const { headers } = last.response;
  const named = getHeader(headers, "access-control-allow-origin");
  if (named === null || named === "*" || named === "null" || verdict.response?.type !== "cors")
    return undefined;
  const names = (getHeader(headers, "vary") ?? "").split(",");
  const vary = new Set(names.map((name) => asciiLowercase(name.trim())));
  if (vary.has("origin") || vary.has("*") || !isStorable(headers)) return undefined;
  return "the response names this origin without `Vary: Origin`: a cache (the browser's own included) may serve it to a page of another origin, which is then blocked; send `Vary: Origin` with every response";
}
