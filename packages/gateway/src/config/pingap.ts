// Pingap's own files, read as its documentation says they work: a `cors` plugin is a policy, what
// is no business of Corsway is noted, and what would change who is let in is refused. This dialect
// lives here and nowhere else.

import type { ValuePath } from "@corsway/cors/diagnostics";
import { kindOf, quote, show, tomlString } from "./show.ts";
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

/** Pingap's files: something that only Pingap has, and no policy in Corsway's own form. */
export function isPingap(root: Table): boolean {
  const has = (...names: readonly string[]): boolean => names.some((name) => name in root);
  if (has("policies", "global")) return false;
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
      why: withoutPlugin(mode),
      fix: "nothing, if you can do without it; else let the upstream do it, or keep Pingap behind Corsway",
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

/** What it means that a plugin is left out. */
function withoutPlugin(category: string): string {
  if (guards.has(category)) {
    return "it refuses requests, preflights too; here preflights are answered, and nobody refuses: each location that lists it has a warning";
  }
  if (answering.has(category)) return "requests that it answers in Pingap go to the upstream here";
  return leftOut[category] ?? "Corsway enforces CORS and forwards the rest as it is";
}

const leftOut: Readonly<Record<string, string>> = {
  cache: "nothing is kept: every request but a preflight goes to the upstream",
  request_id: "every request has an X-Request-Id without it",
  response_headers:
    "responses keep the upstream's headers; Access-Control-* that it sets belong into a policy",
  traffic_splitting: "every request goes to the location's own upstream",
};

/** Plugins that answer by themselves. */
const answering = new Set(["admin", "directory", "mock", "ping", "redirect", "stats"]);

/** The guard among a location's plugins is gone: said where it is missed. */
export function noteGuard(name: string, category: string, location: string, spot: Spot): void {
  spot.fault("pingap/ignored-guard", {
    message: `the location ${quote(location)} is not guarded by ${quote(name)} (${quote(category)}) any more`,
    why: "the plugin is left out, and requests that it refuses in Pingap reach the upstream here",
    fix: "let the upstream refuse them, or make Pingap, without its cors plugin, the upstream of this location",
  });
}

export function isGuard(category: unknown): category is string {
  return typeof category === "string" && guards.has(category);
}

/** Plugins that turn requests away. */
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

/** Pingap treats a value of another type as if it were not there; a person meant something. */
function asMeant(key: string, value: unknown, spot: Spot): unknown {
  const note = (instead: string): void =>
    void spot.fault("pingap/read-as-meant", {
      message: `\`${key}\` is ${kindOf(value)}, ${show(value)}: it is read as it is meant`,
      why: `Pingap drops it without a word, and takes ${instead}: what is written here was never in force there`,
      fix: "nothing, if it is what you want",
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
  const text = typeof path === "string" ? path : "";
  const hosts = Array.isArray(host) ? host.join(",") : typeof host === "string" ? host : "";
  const kind = text.startsWith("=") ? 1024 : text.startsWith("~") ? 256 : 512;
  const length = Buffer.byteLength(text);
  const ofPath = length > 1 ? kind + Math.min(length, 64) : 0;
  if (hosts === "") return ofPath;
  const regex = hosts.split(",").some((one) => one.startsWith("~"));
  return ofPath + (regex ? Buffer.byteLength(hosts) : 128);
}

/** Said once: prefixes are Pingap's, without the boundary that Corsway's own have. */
export function noteRawPrefix(path: string, spot: Spot): void {
  spot.fault("pingap/raw-prefix", {
    message: `${quote(path)} is a prefix of text, as in Pingap: it takes ${quote(`${path}x`)} as well`,
    why: "in Corsway's own files a prefix ends at a segment; these are Pingap's and keep their meaning",
    fix: `nothing, if it is meant; ${quote(`${path}/`)} takes only what is below it`,
  });
}

/** An address without a port, which Pingap completes by the scheme that it speaks to the upstream. */
export function portOf(upstream: unknown): number {
  return isTable(upstream) && typeof upstream["sni"] === "string" && upstream["sni"] !== ""
    ? 443
    : 80;
}

/** `$NAME` and `:NAME`, whole: the process's environment, or the request's context. */
export function isVariable(value: string): boolean {
  return /^(?:\{\$.+\}|\$.+|:\w+)$/.test(value) && !mirrors.has(value);
}

/** The one variable that a policy has: whoever asks. */
const mirrors = new Set(["$http_origin", "{$http_origin}"]);

/** Whether a variable at that path would be Pingap's to fill in. */
export function fillsIn(path: ValuePath): boolean {
  return path.length >= 3 && path[0] === "plugins" && corsKeys.includes(String(path[2]));
}

/** Keys of Pingap's that Corsway does not have, and what their absence means. */
const plain = "it is about Pingap's own connections and threads";
const elsewhere: Readonly<Record<string, string>> = {
  access_log: "the access log is JSON on stdout",
  threads: "one process serves",
  enabled_h2: "listeners speak HTTP/1.1",
  tls_min_version: "TLS 1.2 is the least that is spoken",
  tls_max_version: "TLS 1.3 is spoken where the client speaks it",
  modules: "gRPC-Web passes as it comes, and is not translated",
  grpc_web: "gRPC-Web passes as it comes, and is not translated",
  otlp_exporter: "there is no tracing; every request has an X-Request-Id",
  enable_server_timing: "the access log has the times",
  max_processing: "max_connections and queue_timeout of the upstream bound what is under way",
  max_retry_window: "a request that has reached an upstream is not sent again",
  alpn: "upstreams are spoken to in HTTP/1.1",
  max_h2_streams: "upstreams are spoken to in HTTP/1.1",
  total_connection_timeout: "connection_timeout is the whole of it",
  write_timeout: "a location's request_timeout bounds it",
  update_frequency: "the addresses are resolved when a connection is made",
  enable_tracer: "there is no tracing; every request has an X-Request-Id",
  enable_backend_stats: "the counters are on the admin listener",
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
const other = {
  why: "without it the location would take requests that Pingap gives to another",
  fix: "take it out if this location may have them all; else let Pingap choose, as this location's upstream",
};
const refused: Readonly<Record<string, { readonly why: string; readonly fix: string }>> = {
  match_headers: other,
  match_query: other,
  match_cookies: other,
  global_certificates: {
    why: "without it the server would speak http where Pingap speaks https",
    fix: 'write tls = { cert = "cert.pem", key = "key.pem" } in its place, and name the files of its certificate',
  },
};

/** Notes or refuses a key that is Pingap's; false where it is not. */
export function foreignKey(key: string, value: unknown, spot: Spot): boolean {
  const section = String(spot.path[0]);
  if (Object.hasOwn(refused, key) && (section === "locations" || section === "servers")) {
    if (value === false) return true;
    spot.fault("pingap/condition", {
      key: true,
      message: `\`${key}\` is Pingap's, and Corsway does not have it`,
      ...refused[key]!,
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
        : 'a server of Corsway\'s names its files itself: tls = { cert = "cert.pem", key = "key.pem" }',
    fix: "nothing; it is left out",
  });
  return true;
}
