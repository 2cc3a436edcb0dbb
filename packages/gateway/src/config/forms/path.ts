// The path of a location: `= /x` exact, `/x` a prefix by segment, `~ ^/x` a regular expression, or empty
// for any. It is matched against the canonical path (decoded once, dot segments resolved), so a path that
// could never be canonical is rejected.

import type { PathMatch } from "../config.ts";
import { wrongType, type Form } from "./form.ts";
import { compileRegex } from "./regex.ts";
import { quote } from "@corsway/cors/diagnostics";
import { tomlString } from "../tree/show.ts";

export const path: Form<PathMatch> = {
  schema: {
    type: "string",
    pattern: "^\\s*(=\\s*/|/|~|$)",
    examples: ["/orders", "= /health", "~ ^/v[0-9]+/"],
  },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, "a path");
    const text = value.trim();
    if (text === "") return { kind: "any" };
    if (text.startsWith("~")) {
      const source = text.slice(1).trim();
      return compileRegex(source, spot) && { kind: "regex", source };
    }
    const exact = text.startsWith("=");
    const path = exact ? text.slice(1).trim() : text;
    const bad = (why: string, meant?: string): undefined =>
      spot.fault("config/path", {
        message: `${quote(value)} can never match`,
        why,
        fix: `write ${tomlString(meant === undefined ? "/orders" : exact ? `= ${meant}` : meant)}`,
        ...(meant !== undefined && { write: tomlString(exact ? `= ${meant}` : meant) }),
      });
    const url = /^[a-z][a-z0-9+.-]*:\/\/[^/]*(\/.*)?$/i.exec(path);
    if (url)
      return bad("a path has no scheme and no host: write the host in `host`", url[1] ?? "/");
    if (/[?#]/.test(path)) {
      return bad("the query is not part of the path", path.replace(/[?#].*$/, "") || "/");
    }
    if (path.endsWith("*")) {
      return bad("a prefix needs no `*`", `/${path.replace(/\/?\*+$/, "").replace(/^\/+/, "")}`);
    }
    if (!path.startsWith("/")) return bad("every path begins with a slash", `/${path}`);
    if (/\/\.{1,2}(?:\/|$)/.test(path))
      return bad("dot segments are resolved before paths are matched");
    if (/%(?![0-9A-Fa-f]{2})/.test(path)) return bad("a `%` is followed by two hexadecimal digits");
    return exact ? { kind: "exact", path } : { kind: "prefix", path };
  },
};

export function printPathMatch(path: PathMatch): string {
  if (path.kind === "any") return "*";
  if (path.kind === "exact") return `= ${path.path}`;
  return path.kind === "regex" ? `~ ${path.source}` : path.path;
}
