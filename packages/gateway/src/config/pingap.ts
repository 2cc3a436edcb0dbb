// Pingap's own files, read as its documentation says they work: a `cors` plugin is a policy, what
// is no business of Corsway is noted, and what would change who is let in is refused. This dialect
// lives here and nowhere else.

import { quote, show, tomlString } from "./show.ts";
import type { Spot } from "./spot.ts";
import { isTable, table, type Table } from "./tree.ts";

const corsKeys = [
  "allow_origin",
  "allow_methods",
  "allow_headers",
  "expose_headers",
  "allow_credentials",
  "max_age",
];

/** What Pingap's documentation promises where a plugin is silent. */
const defaults: Readonly<Record<string, string>> = {
  allow_origin: "*",
  allow_methods: "GET, POST, PUT, PATCH, DELETE, OPTIONS",
  max_age: "1h",
};

/** A file of bare keys is a CORS plugin if it says so, or has a key that only one has. */
export function looksLikeCors(value: Table): boolean {
  if (Object.values(value).some(isTable)) return false;
  return value["category"] === "cors" || corsKeys.some((key) => key in value);
}

/** Pingap's files: something that only Pingap has, and no section that only Corsway has. */
export function isPingap(root: Table): boolean {
  const has = (...names: readonly string[]): boolean => names.some((name) => name in root);
  if (has("policies", "global", "limits", "admin")) return false;
  if (has("plugins", "basic", "storages", "certificates")) return true;
  const { locations } = root;
  const entries = isTable(locations) ? Object.values(locations) : [];
  return entries.some((entry) => isTable(entry) && "plugins" in entry);
}

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
      message: `the plugin \`${name}\` is not CORS${mode === "" ? "" : ` but ${quote(mode)}`}: it is left out`,
      why: refuses.has(mode)
        ? "what it refuses in Pingap passes here; its refusals of a preflight, too, are gone: put it before the upstream"
        : "Corsway enforces CORS and forwards the rest as it is",
      fix: "keep Pingap behind Corsway for it, or let the upstream do it",
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

/** Plugins that turn requests away. */
const refuses = new Set([
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

/** Pingap treats a value of another type as if it were not there; a person meant something. */
function asMeant(key: string, value: unknown, spot: Spot): unknown {
  const note = (instead: string): void =>
    void spot.fault("pingap/read-as-meant", {
      message: `${show(value)} is read as it is meant`,
      why: `Pingap silently drops a \`${key}\` of this type and takes ${instead}`,
      fix: "nothing to change for Corsway; in Pingap it never worked",
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

/**
 * The order in which Pingap tries locations: exact paths, prefixes, regular expressions, each by
 * length, and a host before none; all of a server's locations in one row, the first that fits wins.
 */
export function weightOf(path: unknown, host: unknown): number {
  const text = typeof path === "string" ? path.trim() : "";
  const hosts = (
    Array.isArray(host) ? host.join(",") : typeof host === "string" ? host : ""
  ).trim();
  const kind = text.startsWith("=") ? 1024 : text.startsWith("~") ? 256 : 512;
  const ofPath = text.length > 1 ? kind + Math.min(text.length, 64) : 0;
  if (hosts === "") return ofPath;
  return ofPath + (hosts.includes("~") ? Math.min(hosts.length, 127) : 128);
}

/** Said once: prefixes are Pingap's, without the boundary that Corsway's own have. */
export function noteRawPrefix(path: string, spot: Spot): void {
  spot.fault("pingap/raw-prefix", {
    message: `${quote(path)} is a prefix of text, as in Pingap: it takes ${quote(`${path}x`)} as well`,
    why: "in Corsway's own files a prefix ends at a segment; these are Pingap's and keep their meaning",
    fix: "nothing, if it is meant; with a [policies] section the files are Corsway's own",
  });
}

/** Keys of Pingap's that Corsway does not have, and what their absence means. */
const plain = "Corsway works without it";
const elsewhere: Readonly<Record<string, string>> = {
  access_log: "the access log is JSON on stdout",
  threads: "`corsway serve --workers N` says how many processes there are",
  enabled_h2: "listeners speak HTTP/1.1",
  prometheus_metrics: "the counters are on the admin listener",
  downstream_read_timeout: "[limits] request_timeout holds for every server",
  downstream_write_timeout: "[limits] write_stall_timeout holds for every server",
  max_retries: "a request that has reached an upstream is not sent again",
  discovery: "the addresses are resolved when a connection is made",
  enable_reverse_proxy_headers: "X-Forwarded-* are always set",
};
const ignored: Readonly<Record<string, readonly string[]>> = {
  servers: [
    "access_log",
    "threads",
    "tls_min_version",
    "tls_max_version",
    "tls_cipher_list",
    "tls_ciphersuites",
    "enabled_h2",
    "tcp_idle",
    "tcp_interval",
    "tcp_probe_count",
    "tcp_fastopen",
    "tcp_user_timeout",
    "downstream_read_timeout",
    "downstream_write_timeout",
    "reuse_port",
    "prometheus_metrics",
    "otlp_exporter",
    "modules",
    "enable_server_timing",
  ],
  locations: [
    "enable_reverse_proxy_headers",
    "max_processing",
    "max_retries",
    "max_retry_window",
    "grpc_web",
  ],
  upstreams: [
    "discovery",
    "update_frequency",
    "alpn",
    "max_h2_streams",
    "total_connection_timeout",
    "write_timeout",
    "tcp_idle",
    "tcp_interval",
    "tcp_probe_count",
    "tcp_recv_buf",
    "tcp_fast_open",
    "tcp_user_timeout",
    "ipv4_only",
    "enable_tracer",
    "enable_backend_stats",
    "backend_failure_status_code",
    "backend_stats_interval",
    "circuit_break_max_consecutive_failures",
    "circuit_break_max_failure_percent",
    "circuit_break_min_requests_threshold",
    "circuit_break_half_open_consecutive_success_threshold",
    "circuit_break_open_duration",
  ],
};

/** Keys that decide who is let in, and by what: leaving them out would let in more. */
const refused: Readonly<Record<string, string>> = {
  match_headers: "the location would take requests that Pingap gives to another",
  match_query: "the location would take requests that Pingap gives to another",
  match_cookies: "the location would take requests that Pingap gives to another",
  global_certificates:
    'the server would speak http where Pingap speaks https; write tls = { cert = "…", key = "…" }',
};

/** Notes or refuses a key that is Pingap's; false where it is not. */
export function foreignKey(key: string, value: unknown, spot: Spot): boolean {
  const section = String(spot.path[0]);
  if (Object.hasOwn(refused, key) && (section === "locations" || section === "servers")) {
    if (value === false) return true;
    spot.fault("pingap/condition", {
      key: true,
      message: `\`${key}\` is Pingap's, and Corsway does not have it`,
      why: refused[key]!,
      fix: "take it out once you know that this is what you want",
    });
    return true;
  }
  if (key === "includes") return true; // laid before the section is read
  if (!Object.hasOwn(ignored, section) || !ignored[section]!.includes(key)) return false;
  spot.fault("pingap/ignored-key", {
    key: true,
    message: `\`${key}\` is Pingap's, and Corsway does not have it`,
    why: elsewhere[key] ?? plain,
    fix: "nothing; it is left out",
  });
  return true;
}

/** Sections that only Pingap has. */
export function foreignSection(name: string, spot: Spot): boolean {
  if (name === "storages") return true; // what `includes` lay
  if (name !== "basic" && name !== "certificates") return false;
  spot.fault("pingap/ignored-key", {
    key: true,
    message: `\`[${name}]\` is Pingap's, and Corsway does not have it`,
    why:
      name === "basic"
        ? "it is about Pingap's own process"
        : 'a server names its own: tls = { cert = "…", key = "…" }',
    fix: "nothing; it is left out",
  });
  return true;
}
