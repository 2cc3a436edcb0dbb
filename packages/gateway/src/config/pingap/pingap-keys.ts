// Keys and sections that only Pingap has: a note if they do not concern Corsway, an error if ignoring them
// would change who gets access.

import { tomlString } from "../tree/show.ts";
import type { Spot } from "../tree/spot.ts";
import { isTable } from "../tree/tree.ts";

/** Pingap's keys that Corsway does not have, and what their absence means. */
const plain = "it is about Pingap's own connections and threads";
const elsewhere: Readonly<Record<string, string>> = {
  access_log: "the access log is JSON on stdout",
  threads: "one process serves",
  enabled_h2: "listeners speak HTTP/1.1",
  tls_min_version: "TLS 1.2 is the minimum",
  tls_max_version: "TLS 1.3 is used if the client supports it",
  modules: "gRPC-Web is forwarded without translation",
  grpc_web: "gRPC-Web is forwarded without translation",
  otlp_exporter: "there is no tracing; every request has an X-Request-Id",
  enable_server_timing: "the access log has the timings",
  max_processing:
    "max_connections and queue_timeout of the upstream limit the requests in progress",
  max_retry_window: "a request that has reached an upstream is not repeated",
  alpn: "upstream connections use HTTP/1.1",
  max_h2_streams: "upstream connections use HTTP/1.1",
  total_connection_timeout: "connection_timeout covers all of it",
  write_timeout: "request_timeout of the location limits it",
  update_frequency: "addresses are resolved when a connection is opened",
  enable_tracer: "there is no tracing; every request has an X-Request-Id",
  enable_backend_stats: "the counters are on the admin listener",
  prometheus_metrics: "the counters are on the admin listener",
  downstream_read_timeout: "[limits] request_timeout applies to every server",
  downstream_write_timeout: "[limits] write_stall_timeout applies to every server",
  max_retries: "a request that has reached an upstream is not repeated",
  discovery: "addresses are resolved when a connection is opened",
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

/** Keys that control access: ignoring them would grant more. */
const other = {
  why: "without it, the location would match requests that Pingap sends to another location",
  fix: "remove it if this location may have them all; if not, make Pingap the upstream of this location and let it choose",
};
const refused: Readonly<Record<string, { readonly why: string; readonly fix: string }>> = {
  match_headers: other,
  match_query: other,
  match_cookies: other,
  global_certificates: {
    why: "without it, the server would use http where Pingap uses https",
    fix: 'write tls = { cert = "cert.pem", key = "key.pem" } in its place, and name the files of its certificate',
  },
};

/** Keys of [basic], which some files have at top level. */
const basicKeys: ReadonlySet<string> = new Set([
  "auto_restart_check_interval",
  "cache_directory",
  "cache_max_size",
  "error_template",
  "grace_period",
  "graceful_shutdown_timeout",
  "group",
  "listener_tasks_per_fd",
  "log_buffered_size",
  "log_compress_algorithm",
  "log_compress_days_ago",
  "log_compress_level",
  "log_compress_time_point_hour",
  "log_format_json",
  "log_level",
  "name",
  "pid_file",
  "pyroscope",
  "sentry",
  "threads",
  "upgrade_sock",
  "upstream_keepalive_pool_size",
  "user",
  "webhook",
  "webhook_notifications",
  "webhook_type",
  "work_stealing",
]);

/** The keys of Pingap's that are ignored in a section, each with what that means. */
export function ignoredKeys(section: string): ReadonlyMap<string, string> {
  return new Map((ignored[section] ?? []).map((key) => [key, elsewhere[key] ?? plain]));
}

/** Reports a key that is Pingap's; returns false if it is not. */
export function foreignKey(key: string, value: unknown, spot: Spot): boolean {
  const section = String(spot.path[0]);
  if (Object.hasOwn(refused, key) && (section === "locations" || section === "servers")) {
    if (value === false || value === "") return true;
    spot.fault("pingap/condition", {
      key: true,
      message: `\`${key}\` is Pingap's, and Corsway does not have it`,
      ...refused[key]!,
    });
    return true;
  }
  if (section === "servers" && (key === "tls_cert" || key === "tls_key")) {
    if (value === "") return true;
    refuseTlsKey(key, value, spot);
    return true;
  }
  if (key === "includes") return true; // laid before the section is read
  if (key === "discovery" && (value === "docker" || value === "transparent")) {
    spot.fault("pingap/condition", {
      message: `\`discovery = "${value}"\` is Pingap's, and Corsway does not have it`,
      why:
        value === "docker"
          ? "its `addrs` are names of containers, and requests would go to hosts with these names"
          : "Pingap does not use its `addrs`: each request goes to its own host, and here all would go to `addrs`",
      fix: "write the intended addresses, and remove `discovery`",
    });
    return true;
  }
  if (!Object.hasOwn(ignored, section) || !ignored[section]!.includes(key)) return false;
  if (value === "") return true; // says nothing in Pingap either
  spot.fault("pingap/ignored-key", {
    key: true,
    message: `\`${key}\` is Pingap's, and Corsway does not have it`,
    why: elsewhere[key] ?? plain,
    fix: "nothing to do; it is ignored",
  });
  return true;
}

/** Both would be ignored, and the server would use http. Dotted keys mean the same as the table. */
function refuseTlsKey(key: "tls_cert" | "tls_key", value: unknown, spot: Spot): void {
  const server = spot.tree.value["servers"];
  const own = isTable(server) ? server[String(spot.path[1])] : undefined;
  const siblings = isTable(own) ? own : {};
  const file = (name: string): string =>
    typeof siblings[name] === "string" ? tomlString(siblings[name]) : '"…"';
  const free = !("tls" in siblings) && typeof value === "string";
  spot.fault("pingap/condition", {
    key: true,
    message: `\`${key}\` is Pingap's, and Corsway does not have it`,
    why: "without it, the server would use http where Pingap uses https",
    fix: `write tls = { cert = ${file("tls_cert")}, key = ${file("tls_key")} }`,
    ...(free && { write: key === "tls_cert" ? "tls.cert" : "tls.key" }),
  });
}

/** Sections that only Pingap has, and keys of such a section at top level. */
export function foreignSection(name: string, value: unknown, spot: Spot): boolean {
  if (name === "storages") return true; // what `includes` lay
  const basic = name === "basic" || (basicKeys.has(name) && !isTable(value));
  if (!basic && name !== "certificates") return false;
  spot.fault("pingap/ignored-key", {
    key: true,
    message: `\`${isTable(value) ? `[${name}]` : name}\` is Pingap's, and Corsway does not have it`,
    why: basic
      ? "it is about Pingap's own process"
      : 'a server of Corsway\'s names its files itself: tls = { cert = "cert.pem", key = "key.pem" }',
    fix: "nothing to do; it is ignored",
  });
  return true;
}
