// Configurations as Pingap's users have them, in the three layouts that Pingap reads. What is in
// them is what its documentation shows: comments, spellings, plugins of every kind.

export type Ports = Readonly<Record<string, number>>;
export type Folder = Readonly<Record<string, string>>;

export const app = "https://app.shop.example";
export const admin = "https://admin.shop.example";
export const stranger = "https://stranger.example";

/** `pingap -c pingap.toml`: one file, an include, a rewrite, guards before CORS, types that Pingap drops. */
export const oneFile = ({ api, upstream }: Ports): Folder => ({
  "pingap.toml": `
[basic]
name = "edge"
pid_file = "/run/pingap.pid"
log_level = "info"
auto_restart_check_interval = "90s"

[storages.api-headers]
category = "config"
value = """
proxy_set_headers = ["X-Real-IP:$remote_addr", "X-Tier:gold"]
client_max_body_size = "1kb"
"""

[upstreams.api]
addrs = ["127.0.0.1:${upstream} 10"]
algo = "round_robin"
discovery = "static"
connection_timeout = "3s"
total_connection_timeout = "10s"
read_timeout = "10s"
remark = "the shop's API"

[upstreams.down]
addrs = ["127.0.0.1:9"]

[locations.shop]
upstream = "api"
host = "api.shop.example"
path = "/api/"
rewrite = "^/api/(.*)$ /v2/$1"
includes = ["api-headers"]
plugins = ["pingap:requestId", "login", "cors-shop", "pingap:compression"]
enable_reverse_proxy_headers = true
max_processing = 1000

[locations.down]
upstream = "down"
path = "/down"
plugins = ["cors-shop"]

[plugins.login]
category = "jwt"
auth_path = "/login"
secret = "s3cret"

[plugins.cors-shop]
category = "cors"
path = "^/(api|down)"
allow_origin = ["${app}", "${admin}"]
allow_methods = "GET, PUT, OPTIONS"
allow_headers = "Content-Type, X-Auth-Token"
expose_headers = "X-Request-ID, X-Total-Count"
allow_credentials = "true"
max_age = 3600

[servers.edge]
addr = "127.0.0.1:${api}"
hosts = "*" # Corsway's own key: a loopback server answers only to loopback names by default
locations = ["shop", "down"]
access_log = "combined"
threads = 2
enabled_h2 = true
tls = { cert = "cert.pem", key = "key.pem" }
`,
});

/** `pingap -c conf/`: a file per category; hosts, weights and prefixes decide which plugin holds. */
export const directory = ({ api, upstream }: Ports): Folder => ({
  "basic.toml": `[basic]\nname = "edge"\nthreads = 2\n`,
  "servers.toml": `
[servers.edge]
addr = "127.0.0.1:${api}"
hosts = "*" # Corsway's own key: a loopback server answers only to loopback names by default
locations = ["prefix", "exact", "tenants", "regex", "heavy", "public", "plain"]
tls = { cert = "cert.pem", key = "key.pem" }
`,
  "upstreams.toml": `
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
health_check = "http://api/ping?connection_timeout=3s&read_timeout=3s&check_frequency=10s&success=1&failure=2"
idle_timeout = "1m"
`,
  "locations.toml": `
# any host, every path that begins with these five characters
[locations.prefix]
upstream = "api"
path = "/shop"
plugins = ["cors-app"]

[locations.exact]
upstream = "api"
path = "= /shop/exact"
plugins = ["cors-admin"]

# a host before none, a regular expression among the hosts
[locations.tenants]
upstream = "api"
host = "*.tenants.example"
path = "/shop"
plugins = ["cors-admin"]

[locations.regex]
upstream = "api"
host = "api.shop.example,~^t[0-9]+\\\\.shop\\\\.example$"
path = "~^/r/[a-z]+$"
plugins = ["cors-admin"]

# the weight beats what is longer
[locations.heavy]
upstream = "api"
path = "/shop/h"
weight = 4096
plugins = ["cors-admin"]

[locations.public]
upstream = "api"
path = "/public"
plugins = ["cors-all"]

[locations.plain]
upstream = "api"
path = "/plain"
plugins = ["pingap:stats"]
`,
  "plugins.toml": `
[plugins.cors-app]
category = "cors"
allow_origin = "${app}"
allow_methods = "GET, PUT"

[plugins.cors-admin]
category = "cors"
allow_origin = "${admin}"
allow_methods = "GET, PUT"

[plugins.cors-all]
category = "cors"
allow_origin = "$http_origin"
allow_headers = "X-Token"
`,
});

/** `pingap -c "conf/?separation=true"`: a folder per category, a file per name. */
export const separated = ({ api, upstream }: Ports): Folder => ({
  "pingap.toml": `[basic]\nname = "edge"\n`,
  "servers/edge.toml": `
[servers.edge]
addr = "127.0.0.1:${api}"
hosts = "*" # Corsway's own key: a loopback server answers only to loopback names by default
locations = ["shop"]
tls = { cert = "../cert.pem", key = "../key.pem" }
`,
  "locations/shop.toml": `
[locations.shop]
upstream = "api"
path = "/shop"
plugins = ["cors-shop"]
`,
  "upstreams/api.toml": `[upstreams.api]\naddrs = ["127.0.0.1:${upstream}"]\nincludes = ["slow"]\n`,
  "plugins/cors-shop.toml": `
[plugins.cors-shop]
category = "cors"
allow_origin = "${app}"
allow_methods = "GET, PUT"
allow_headers = "Content-Type"
allow_credentials = true
max_age = "10m"
`,
  "storages/slow.toml": `[storages.slow]\ncategory = "config"\nvalue = 'read_timeout = "1m"'\n`,
});
