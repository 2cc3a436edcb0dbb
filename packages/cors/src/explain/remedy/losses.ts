// Whose access a change removes if it is made literally: a fixed origin in place of `*` or of another origin, or `*` in place
// of an origin with credentials.

import { parseOrigin } from "../../standard/origin.ts";
import type { Change } from "./change.ts";
import type { Loss } from "./remedy.ts";

/** Each loss once. `allowsCredentials`: the answers do, which `*` then no longer can. */
export function lossesOf(changes: readonly Change[], allowsCredentials: boolean): readonly Loss[] {
  const origins = new Set<string>();
  for (const change of changes) {
    if (change.kind !== "header" || change.name !== "Access-Control-Allow-Origin") continue;
    if (change.from === null || (change.to === "*" && !allowsCredentials)) continue;
    // Firefox drops empty lines, so that `*` and an empty one is `*` there.
    const values = change.from.split(",").map((value) => value.trim());
    const [only, ...others] = values.filter((value) => value !== "");
    if (only !== undefined && others.length === 0 && only !== change.to) origins.add(only);
  }
  if (origins.has("*")) return [{ kind: "other-origins" }];
  return [...origins]
    .filter((origin) => parseOrigin(origin) !== undefined && !origin.includes("*"))
    .map((origin) => ({ kind: "origin", origin }));
}
