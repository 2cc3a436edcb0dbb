// A location ready to serve: its configuration, its CORS, its upstream, its compiled rewrite.

import { compileRe2, type Re2 } from "../regex/re2.ts";
import type { LocationConfig, RouteConfig } from "../config/config.ts";
import { canonicalPath } from "../head/canonical-path.ts";
import type { CorsLayer } from "../route/cors-layer.ts";
import type { Effective } from "../config/config.ts";
import type { Upstream } from "../upstream/upstream.ts";

export interface Location {
  readonly config: LocationConfig;
  readonly cors: CorsLayer;
  readonly upstream?: Upstream;
  /** Where its requests are counted, by the policy that decided them; each is assigned at the first request. */
  readonly places: (number | undefined)[];
  /** Path and query as the upstream receives them; undefined if the result is not a path. */
  target(path: string, query: string): string | undefined;
}

export function compileLocation(
  route: RouteConfig,
  layerOf: (effective: Effective) => CorsLayer,
  upstreams: ReadonlyMap<string, Upstream>,
): Location {
  const { location: config, cors } = route;
  const upstream = config.upstream === undefined ? undefined : upstreams.get(config.upstream);
  return {
    config,
    cors: layerOf(cors),
    places: [],
    ...(upstream === undefined ? undefined : { upstream }),
    target: config.rewrite === undefined ? unchanged : rewriter(config.rewrite),
  };
}

function unchanged(path: string, query: string): string {
  return path + query;
}

function rewriter(rewrite: {
  readonly pattern: string;
  readonly replacement: string;
}): Location["target"] {
  const regex = compileRe2(rewrite.pattern);
  const parts = readReplacement(rewrite.replacement);
  return (path, query) => {
    // Testing for a match costs a fraction of locating the groups.
    if (!regex.test(path)) return path + query;
    const match = regex.matcher(path);
    if (!match.find()) return path + query;
    let text = path.slice(0, match.start());
    for (const part of parts)
      text += typeof part === "string" ? part : (groupOf(match, part.group) ?? "");
    text += path.slice(match.end());
    // Captures placed next to each other can form a `..`, which no request may carry.
    const mark = text.indexOf("?");
    const rewritten = canonicalPath(mark < 0 ? text : text.slice(0, mark));
    if (rewritten === undefined) return undefined;
    if (mark < 0) return rewritten + query;
    return `${rewritten}${text.slice(mark)}${query === "" ? "" : `&${query.slice(1)}`}`;
  };
}

type Part = string | { readonly group: string | number };

/** `$1`, `${1}`, `$name`, `${name}`; `$$` is a dollar sign. */
function readReplacement(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const found of text.matchAll(/\$(?:(\$)|\{(\w+)\}|(\d+|[A-Za-z_]\w*))/g)) {
    parts.push(text.slice(from, found.index));
    from = found.index + found[0].length;
    const name = found[2] ?? found[3];
    if (name === undefined) parts.push("$");
    else parts.push({ group: /^\d+$/.test(name) ? Number(name) : name });
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}

function groupOf(match: ReturnType<Re2["matcher"]>, group: string | number): string | null {
  try {
    return match.group(group);
  } catch {
    return null; // no such group: there is nothing to insert
  }
}
