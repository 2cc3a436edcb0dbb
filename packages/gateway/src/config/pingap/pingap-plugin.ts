// A Pingap plugin: one of category `cors` is a policy, with the defaults that Pingap's documentation
// promises. Any other plugin is ignored, and the consequence is reported.

import { corsKeys, looksLikeCors } from "./pingap.ts";
import { quote } from "@corsway/cors/diagnostics";
import { kindOf, show, tomlString } from "../tree/show.ts";
import type { Spot } from "../tree/spot.ts";
import { suggestion } from "../tree/suggestion.ts";
import { isTable, table, type Table } from "../tree/tree.ts";

/** The defaults that Pingap's documentation promises. */
const defaults: Readonly<Record<string, string>> = {
  allow_origin: "*",
  allow_methods: "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  max_age: "1h",
};

/**
 * The policy that a plugin means, and the keys that were given to it; undefined where it is no
 * CORS plugin.
 */
export function policyOfPlugin(name: string, plugin: unknown, spot: Spot): Table | undefined {
  if (!isTable(plugin)) return undefined;
  const category = plugin["category"] ?? (looksLikeCors(plugin) ? "cors" : undefined);
  if (category !== "cors") {
    const mode = typeof category === "string" ? category : "";
    spot.fault("pingap/ignored-plugin", {
      message: `the plugin \`${name}\` is not a CORS plugin${mode === "" ? "" : ` but ${quote(mode)}`}: it is ignored`,
      why: withoutPlugin(mode),
      fix: "nothing, if you can do without it; if not, let the upstream do it, or keep Pingap behind Corsway",
    });
    return undefined;
  }
  const policy = table();
  for (const [key, value] of Object.entries(plugin)) {
    if (key === "category" || key === "step" || key === "remark" || value === "") continue;
    policy[key] = asMeant(key, value, spot.at(key));
  }
  for (const [key, value] of Object.entries(defaults)) {
    const written = key === "allow_origin" && "allow_origins" in policy;
    if (!(key in policy) && !written) policy[key] = value;
  }
  return policy;
}

/** What it means that a plugin is ignored. */
function withoutPlugin(category: string): string {
  if (guards.has(category)) {
    return "it rejects requests, preflights too; here preflights are answered, and nothing is rejected: each location that lists it gets a warning";
  }
  if (answering.has(category)) return "requests that it answers in Pingap go to the upstream here";
  if (Object.hasOwn(leftOut, category)) return leftOut[category]!;
  return "Corsway enforces CORS and forwards everything else unchanged";
}

const leftOut: Readonly<Record<string, string>> = {
  cache: "nothing is cached: every request except a preflight goes to the upstream",
  request_id: "every request has an X-Request-Id without it",
  response_headers:
    "responses keep the upstream's headers; Access-Control-* headers belong in a policy",
  traffic_splitting: "every request goes to the location's own upstream",
};

/** Plugins that answer by themselves. */
const answering = new Set(["admin", "directory", "mock", "ping", "redirect", "stats"]);

/** Pingap's own plugins, which a location lists without defining them. */
const builtIns = [
  "pingap:acceptEncodingAdjustment",
  "pingap:compression",
  "pingap:compressionUpstream",
  "pingap:ping",
  "pingap:requestId",
  "pingap:stats",
];

/** A built-in plugin is ignored like any other; reported if requests go elsewhere, or if there is no such plugin. */
export function noteBuiltIn(name: string, spot: Spot): void {
  const known = builtIns.includes(name);
  const mode = name.slice("pingap:".length);
  if (known && !answering.has(mode)) return;
  const meant = known ? undefined : suggestion(name, builtIns);
  spot.fault("pingap/ignored-plugin", {
    message: known
      ? `the built-in plugin ${quote(name)} is ignored`
      : `${quote(name)} is not a built-in plugin of Pingap: it is ignored`,
    why: withoutPlugin(known ? mode : ""),
    fix:
      meant === undefined ? "nothing, if you can do without it" : `did you mean ${quote(meant)}?`,
  });
}

/** The guard among a location's plugins is gone: reported where it is missing. */
export function noteGuard(name: string, category: string, location: string, spot: Spot): void {
  spot.fault("pingap/ignored-guard", {
    message: `the location ${quote(location)} is no longer guarded by ${quote(name)} (${quote(category)})`,
    why: "the plugin is ignored, and requests that it rejects in Pingap reach the upstream here",
    fix: "let the upstream reject them, or make Pingap, without its cors plugin, the upstream of this location",
  });
}

export function isGuard(category: unknown): category is string {
  return typeof category === "string" && guards.has(category);
}

/** Plugins that reject requests. */
const guards = new Set([
  "basic_auth",
  "combined_auth",
  "csrf",
  "forward_auth",
  "geo_restriction",
  "ip_restriction",
  "jwt",
  "key_auth",
  "limit",
  "referer_restriction",
  "ua_restriction",
]);

/** Pingap treats a value of another type as if it were absent; but a person meant something. */
function asMeant(key: string, value: unknown, spot: Spot): unknown {
  const note = (instead: string): void =>
    void spot.fault("pingap/read-as-meant", {
      message: `\`${key}\` is ${kindOf(value)}, ${show(value)}: it is read as intended`,
      why: `Pingap silently ignores it and uses ${instead}: what is written here never applied there`,
      fix: "nothing, if this is what you want",
    });
  if (key === "allow_credentials") {
    const meant = value === "true" ? true : value === "false" ? false : undefined;
    if (meant === undefined) return value;
    note("false");
    return meant;
  }
  const isOurs = corsKeys.includes(key) && typeof value !== "string";
  if (isOurs && (Array.isArray(value) || key === "max_age")) {
    note(defaults[key] === undefined ? "none" : tomlString(defaults[key]));
  }
  return value;
}
