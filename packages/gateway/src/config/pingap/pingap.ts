// Pingap's own files, read as its documentation describes them: how they are distinguished from Corsway's,
// the order in which their locations are tried, and the meaning of their addresses, prefixes and
// variables. Plugins are in pingap-plugin.ts, and what Corsway does not have is in pingap-keys.ts. The
// dialect is in these three files and nowhere else.

import type { ValuePath } from "@corsway/cors/diagnostics";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "../tree/spot.ts";
import { isTable, type Table } from "../tree/tree.ts";

/** The keys of a CORS plugin. */
export const corsKeys: readonly string[] = [
  "allow_origin",
  "allow_methods",
  "allow_headers",
  "expose_headers",
  "allow_credentials",
  "max_age",
];

/** A file of bare keys is a CORS plugin if it says so, or has a key that only such a plugin has. */
export function looksLikeCors(value: Table): boolean {
  if (Object.values(value).some(isTable)) return false;
  return value["category"] === "cors" || corsKeys.some((key) => key in value);
}

/** Pingap's files have something that only Pingap has, and no policy in Corsway's own form. */
export function isPingap(root: Table): boolean {
  const has = (...names: readonly string[]): boolean => names.some((name) => name in root);
  if (has("policies", "global")) return false;
  if (has("plugins", "basic", "storages", "certificates")) return true;
  const { locations } = root;
  const entries = isTable(locations) ? Object.values(locations) : [];
  return entries.some((entry) => isTable(entry) && "plugins" in entry);
}

/**
 * The order in which Pingap tries locations: exact paths, prefixes, regular expressions, each by length,
 * and locations with a host first. All locations of a server are in one sequence; the first match wins.
 */
export function weightOf(path: unknown, host: unknown): number {
  const text = typeof path === "string" ? path : "";
  // A value that is not text has already been reported, and has no weight.
  const hosts = [host]
    .flat()
    .filter((one) => typeof one === "string")
    .join(",");
  const kind = text.startsWith("=") ? 1024 : text.startsWith("~") ? 256 : 512;
  const length = Buffer.byteLength(text);
  const ofPath = length > 1 ? kind + Math.min(length, 64) : 0;
  if (hosts === "") return ofPath;
  const regex = hosts.split(",").some((one) => one.startsWith("~"));
  return ofPath + (regex ? Buffer.byteLength(hosts) : 128);
}

/** Reported once: prefixes are Pingap's, without the segment boundary of Corsway's own. */
export function noteRawPrefix(path: string, spot: Spot): void {
  spot.fault("pingap/raw-prefix", {
    message: `${quote(path)} is a text prefix, as in Pingap: it also matches ${quote(`${path}x`)}`,
    why: "in Corsway's own files, a prefix ends at a segment; these are Pingap's files and keep their meaning",
    fix: `nothing, if you mean it; ${quote(`${path}/`)} matches only what is below it`,
  });
}

/** The port of an address without one: Pingap adds it according to the scheme used for the upstream. */
export function portOf(upstream: unknown): number {
  return isTable(upstream) && typeof upstream["sni"] === "string" && upstream["sni"] !== ""
    ? 443
    : 80;
}

/** A value that is exactly `$NAME` or `:NAME`: the process's environment, or the request's context. */
export function isVariable(value: string): boolean {
  return /^(?:\{\$.+\}|\$.+|:\w+)$/.test(value) && !mirrors.has(value);
}

/** The one variable that a policy accepts: the origin of the request. */
const mirrors = new Set(["$http_origin", "{$http_origin}"]);

/** Whether Pingap would replace a variable at that path; in a policy it was copied from there. */
export function fillsIn(path: ValuePath, value: string): boolean {
  const key = path.findLast((step) => typeof step === "string");
  if ((key === "allow_origin" || key === "allow_origins") && value.includes("$")) return true;
  return path.length >= 3 && path[0] === "plugins" && corsKeys.includes(String(path[2]));
}
