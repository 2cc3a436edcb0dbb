// The counters in Prometheus' text format, version 0.0.4.

import type { Status } from "./status.ts";

export function renderPrometheus(status: Status): string {
  const lines = [
    "# HELP corsway_requests_total Requests, by status class (0: no response).",
    "# TYPE corsway_requests_total counter",
    ...Object.entries(status.requests.byClass).map(([name, count]) =>
      sample("corsway_requests_total", { class: name }, count),
    ),
    "# HELP corsway_errors_total Our own answers, and exchanges that broke off, by the log's `error`.",
    "# TYPE corsway_errors_total counter",
    ...Object.entries(status.errors).map(([error, count]) =>
      sample("corsway_errors_total", { error }, count),
    ),
    "# HELP corsway_client_connections Open connections of clients.",
    "# TYPE corsway_client_connections gauge",
    sample("corsway_client_connections", {}, status.connections.open),
    "# HELP corsway_client_connections_refused_total Connections closed at once, since there were as many as may be.",
    "# TYPE corsway_client_connections_refused_total counter",
    sample("corsway_client_connections_refused_total", {}, status.connections.refused),
    "# HELP corsway_cors_decisions_total CORS decisions.",
    "# TYPE corsway_cors_decisions_total counter",
    ...status.decisions.map(({ location, policy, kind, outcome, reason, count }) =>
      sample("corsway_cors_decisions_total", { location, policy, kind, outcome, reason }, count),
    ),
    "# HELP corsway_upstream_websockets Open WebSockets, by upstream and address.",
    "# TYPE corsway_upstream_websockets gauge",
    ...status.upstreams.flatMap(({ name, addresses }) =>
      addresses.map(({ address, websockets }) =>
        sample("corsway_upstream_websockets", { upstream: name, address }, websockets),
      ),
    ),
    "# HELP corsway_upstream_websockets_refused_total WebSockets refused because max_websockets were open.",
    "# TYPE corsway_upstream_websockets_refused_total counter",
    ...status.upstreams.map(({ name, websocketsRefused }) =>
      sample("corsway_upstream_websockets_refused_total", { upstream: name }, websocketsRefused),
    ),
    "# HELP corsway_access_log_dropped_lines_total Access-log lines dropped because the output could not be written.",
    "# TYPE corsway_access_log_dropped_lines_total counter",
    sample("corsway_access_log_dropped_lines_total", {}, status.accessLog.dropped),
    "# HELP corsway_config_generation Number of the configuration being served.",
    "# TYPE corsway_config_generation gauge",
    sample("corsway_config_generation", {}, status.generation.number),
    "# HELP corsway_config_reloads_total Reloads, by result.",
    "# TYPE corsway_config_reloads_total counter",
    sample("corsway_config_reloads_total", { result: "ok" }, status.reloads.taken),
    sample("corsway_config_reloads_total", { result: "refused" }, status.reloads.refused),
    "# HELP corsway_processes Worker processes.",
    "# TYPE corsway_processes gauge",
    sample("corsway_processes", {}, status.processes.length),
    "# HELP process_start_time_seconds Start time of the process, in seconds since the epoch.",
    "# TYPE process_start_time_seconds gauge",
    sample("process_start_time_seconds", {}, Date.parse(status.started) / 1000),
    "# HELP process_resident_memory_bytes Resident memory; with --workers, of the leader.",
    "# TYPE process_resident_memory_bytes gauge",
    sample("process_resident_memory_bytes", {}, process.memoryUsage.rss()),
  ];
  return `${lines.join("\n")}\n`;
}

function sample(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escape(text)}"`);
  return `${name}${pairs.length === 0 ? "" : `{${pairs.join(",")}}`} ${value}`;
}

function escape(text: string): string {
  return text
    .replaceAll("\\", String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll("\n", String.raw`\n`);
}
