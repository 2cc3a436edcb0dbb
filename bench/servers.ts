// The gateways that are measured beside each other, each with the same policy: ten allowed origins,
// credentials, five methods, two headers, one exposed; one process, one worker, one thread.

import type { ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { start, versionOf } from "./processes.ts";

export interface Setting {
  readonly folder: string;
  /** Of corsway, built. */
  readonly command: string;
  readonly upstream: number;
  readonly tls: { readonly cert: string; readonly key: string };
}

export interface Variant {
  /** As they are allowed; a `*.` is the wildcard of one family. */
  readonly origins: readonly string[];
  readonly tls?: boolean;
  readonly log?: boolean;
  readonly workers?: number;
}

export const methods = "GET, POST, PUT, PATCH, DELETE";
export const headers = "content-type, x-auth-token";
export const tenOrigins: readonly string[] = Array.from(
  { length: 10 },
  (_, i) => `https://app${i}.example.com`,
);

let configs = 0;
function write(folder: string, name: string, text: string): string {
  const file = path.join(folder, `${configs++}-${name}`);
  writeFileSync(file, text);
  return file;
}

export function startCorsway(setting: Setting, port: number, variant: Variant): ChildProcess {
  const { folder, command, upstream, tls } = setting;
  const secure = variant.tls
    ? `tls = { cert = ${JSON.stringify(tls.cert)}, key = ${JSON.stringify(tls.key)} }\n`
    : "";
  const config = write(
    folder,
    "corsway.toml",
    `[global]
cors = "webapp"
[policies.webapp]
allow_origins = ${JSON.stringify(variant.origins)}
allow_methods = [${methods.replace(/\w+/g, '"$&"')}]
allow_headers = ["content-type", "x-auth-token"]
expose_headers = ["X-Request-ID"]
allow_credentials = true
max_age = 86400
[servers.main]
addr = "127.0.0.1:${port}"
hosts = "*"
${secure}[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[locations.api]
path = "/api"
upstream = "api"
[limits]
keepalive_timeout = "1h"
`,
  );
  const log = variant.log === false ? "off" : "json";
  const workers = variant.workers === undefined ? [] : ["--workers", String(variant.workers)];
  return start(process.execPath, [command, "serve", config, "--log", log, ...workers]);
}

/** What nginx logs where it logs as we do: the same members, one JSON object a line. */
const jsonLog = `log_format json escape=json '{"time":"$time_iso8601","request_id":"$request_id","client":"$remote_addr","server":"main","method":"$request_method","host":"$host","path":"$uri","status":$status,"duration_ms":$request_time,"bytes_in":$request_length,"bytes_out":$body_bytes_sent,"location":"api","upstream":"$upstream_addr","origin":"$http_origin","policy":"webapp","requested_method":"$http_access_control_request_method","requested_headers":"$http_access_control_request_headers"}';
access_log /dev/null json buffer=64k flush=1s;`;

export function startNginx(setting: Setting, port: number, variant: Variant): ChildProcess {
  const { upstream, tls } = setting;
  const always = `add_header Access-Control-Allow-Origin $cors_origin always;
add_header Access-Control-Allow-Credentials $cors_credentials always;
add_header Vary Origin always;`;
  const secure = variant.tls
    ? `ssl_certificate ${tls.cert}; ssl_certificate_key ${tls.key}; ssl_protocols TLSv1.3;`
    : "";
  // One regular expression a family of origins, which is what nginx's documentation recommends.
  const patterns = variant.origins.map((origin) =>
    origin.includes("*")
      ? `"~^${origin.replaceAll(".", String.raw`\.`).replace("*", "[a-z0-9-]+")}$" $http_origin;`
      : `"${origin}" "${origin}";`,
  );
  return runNginx(
    setting.folder,
    `${variant.log ? jsonLog : "access_log off;"}
map_hash_bucket_size 256; map_hash_max_size 524288;
map $http_origin $cors_origin { default ""; ${patterns.join(" ")} }
map $cors_origin $cors_credentials { "" ""; default "true"; }
upstream api { server 127.0.0.1:${upstream}; keepalive 512; keepalive_requests 100000000; }
server { listen 127.0.0.1:${port} backlog=4096${variant.tls ? " ssl" : ""}; ${secure}
location / {
${always}
add_header Access-Control-Expose-Headers "X-Request-ID" always;
if ($request_method = OPTIONS) {
${always}
add_header Access-Control-Allow-Methods "${methods}" always;
add_header Access-Control-Allow-Headers "${headers}" always;
add_header Access-Control-Max-Age 86400 always;
return 204; }
proxy_pass http://api; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host $host; } }`,
  );
}

/** `bodies`: 1 KB of JSON at every path, and a file of 10 MB at /api/large. */
export function startUpstream(folder: string, port: number): ChildProcess {
  const files = path.join(folder, "files", "api");
  mkdirSync(files, { recursive: true });
  writeFileSync(path.join(files, "large"), Buffer.alloc(10 * 1024 * 1024, "corsway "));
  const body = `{"users":[${"0,".repeat(505)}0]}`;
  return runNginx(
    folder,
    `access_log off; sendfile on;
server { listen 127.0.0.1:${port} backlog=4096; default_type application/json;
location = /api/large { root ${path.join(folder, "files")}; }
location / { return 200 '${body}'; } }`,
  );
}

function runNginx(folder: string, http: string): ChildProcess {
  const prefix = path.join(folder, `nginx-${configs++}`);
  mkdirSync(prefix);
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
    .map((kind) => `${kind}_temp_path ${prefix}/${kind};`)
    .join(" ");
  const config = write(
    prefix,
    "nginx.conf",
    `worker_processes 1; daemon off; pid ${prefix}/pid; error_log ${prefix}/error.log crit; worker_rlimit_nofile 32768;
events { worker_connections 16384; }
http { keepalive_requests 100000000; keepalive_timeout 3600; tcp_nodelay on; ${temporary}
${http}
}
`,
  );
  return start("nginx", ["-c", config, "-p", prefix]);
}

export function startHaproxy(setting: Setting, port: number, variant: Variant): ChildProcess {
  const { folder, upstream } = setting;
  const map = write(
    folder,
    "origins.map",
    variant.origins.map((one) => `${one} ${one}\n`).join(""),
  );
  const preflight = [
    `hdr Access-Control-Allow-Origin "%[var(txn.o)]" hdr Access-Control-Allow-Credentials true`,
    `hdr Access-Control-Allow-Methods "${methods}" hdr Access-Control-Allow-Headers "${headers}"`,
    "hdr Access-Control-Max-Age 86400 hdr Vary Origin",
  ].join(" ");
  const config = write(
    folder,
    "haproxy.cfg",
    `global
  nbthread 1
  maxconn 8000
defaults
  mode http
  timeout client 3600s
  timeout server 3600s
  timeout connect 5s
  timeout http-keep-alive 3600s
  option http-keep-alive
  http-reuse always
frontend f
  bind 127.0.0.1:${port}
  http-request set-var(txn.o) req.hdr(origin),map_str(${map})
  acl has_o var(txn.o) -m found
  http-request return status 204 ${preflight} if METH_OPTIONS has_o
  http-request return status 204 hdr Vary Origin if METH_OPTIONS
  http-response set-header Access-Control-Allow-Origin %[var(txn.o)] if has_o
  http-response set-header Access-Control-Allow-Credentials true if has_o
  http-response set-header Access-Control-Expose-Headers X-Request-ID if has_o
  http-response add-header Vary Origin
  default_backend b
backend b
  server s1 127.0.0.1:${upstream} pool-max-conn -1
`,
  );
  return start("haproxy", ["-db", "-f", config]);
}

export function startCaddy(setting: Setting, port: number, variant: Variant): ChildProcess {
  const config = write(
    setting.folder,
    "Caddyfile",
    `{
  admin off
  auto_https off
  log default {
    output discard
  }
}
http://127.0.0.1:${port} {
  bind 127.0.0.1
  map {http.request.header.origin} {corsorigin} {
    ${variant.origins.map((origin) => `${origin} ${origin}`).join("\n    ")}
    default ""
  }
  @preflight {
    method OPTIONS
    header Access-Control-Request-Method *
  }
  header Vary Origin
  @allowed not vars {corsorigin} ""
  header @allowed Access-Control-Allow-Origin {corsorigin}
  header @allowed Access-Control-Allow-Credentials true
  handle @preflight {
    header Access-Control-Allow-Methods "${methods}"
    header Access-Control-Allow-Headers "${headers}"
    header Access-Control-Max-Age 86400
    respond 204
  }
  handle {
    header Access-Control-Expose-Headers X-Request-ID
    reverse_proxy 127.0.0.1:${setting.upstream}
  }
}
`,
  );
  return start("caddy", ["run", "--adapter", "caddyfile", "--config", config]);
}

function startPeer(file: string) {
  return (setting: Setting, port: number, variant: Variant): ChildProcess =>
    start(process.execPath, [
      path.join(import.meta.dirname, "peers", file),
      String(port),
      String(setting.upstream),
      ...variant.origins,
    ]);
}

export interface Peer {
  readonly name: string;
  readonly version: string | undefined;
  start(setting: Setting, port: number, variant: Variant): ChildProcess;
}

const nginx = versionOf("nginx", "-v");
/** All that can be measured here; those without a version are not installed. The first is the 1.0. */
export const peers: readonly Peer[] = [
  { name: "nginx", version: nginx, start: startNginx },
  {
    name: "nginx, JSON log",
    version: nginx,
    start: (setting, port, variant) => startNginx(setting, port, { ...variant, log: true }),
  },
  { name: "corsway", version: process.version, start: startCorsway },
  {
    name: "corsway, no log",
    version: process.version,
    start: (setting, port, variant) => startCorsway(setting, port, { ...variant, log: false }),
  },
  { name: "HAProxy", version: versionOf("haproxy", "-v"), start: startHaproxy },
  { name: "Caddy", version: versionOf("caddy", "version"), start: startCaddy },
  { name: "http-proxy", version: "1.18.1", start: startPeer("http-proxy.mjs") },
  { name: "@fastify/http-proxy", version: "11.6.3", start: startPeer("fastify-proxy.mjs") },
];
