// The request target (RFC 9112 §3.2): origin-form, absolute-form, and `*` with OPTIONS. The path is returned
// in canonical form, the query as received, if it is visible ASCII without `#`.

import { type Authority, readAuthority } from "./authority.ts";
import { canonicalPath } from "./canonical-path.ts";

export interface Target {
  /** Canonical. */
  readonly path: string;
  /** With its `?`; may be empty. */
  readonly query: string;
  /** Both only in absolute-form. */
  readonly scheme?: string;
  readonly authority?: Authority;
}

/** Undefined if this gateway does not forward such a target. */
export function readTarget(target: string, method: string): Target | undefined {
  if (target.charCodeAt(0) === 0x2f) return readOriginForm(target);
  if (target === "*" && method === "OPTIONS") return { path: "*", query: "" };
  const scheme = target.startsWith("http://") ? "http" : "https";
  if (!target.startsWith(`${scheme}://`)) return undefined;
  const from = scheme.length + 3;
  let to = target.length;
  for (const stop of ["/", "?"]) {
    const at = target.indexOf(stop, from);
    if (at >= 0 && at < to) to = at;
  }
  const authority = readAuthority(target.slice(from, to));
  if (authority === undefined) return undefined;
  const rest = target.slice(to);
  const form = readOriginForm(rest.startsWith("/") ? rest : `/${rest}`);
  return form === undefined ? undefined : { ...form, scheme, authority };
}

function readOriginForm(target: string): Target | undefined {
  const mark = target.indexOf("?");
  const path = canonicalPath(mark < 0 ? target : target.slice(0, mark));
  if (path === undefined) return undefined;
  if (mark < 0) return { path, query: "" };
  for (let i = mark; i < target.length; i++) {
    const code = target.charCodeAt(i);
    if (code <= 0x20 || code > 0x7e || code === 0x23) return undefined;
  }
  return { path, query: target.slice(mark) };
}
