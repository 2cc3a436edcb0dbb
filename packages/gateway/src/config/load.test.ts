// The gateway gets exactly what a file says: every key, every default, every layer.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import type { Config, Effective } from "./config.ts";
import { fixText } from "./documents/fix.ts";
import { good, loadFiles, told } from "../../../../test/support/config-folder.ts";
import type { Ending } from "../../../../test/support/temporary-folder.ts";

function loadGood(
  ending: Ending,
  ...args: [Parameters<typeof loadFiles>[1], Parameters<typeof loadFiles>[2]?]
): Config {
  const loaded = loadFiles(ending, ...args);
  assert.ok(loaded.config, JSON.stringify(loaded.diagnostics, null, 1));
  return loaded.config;
}

test("an omitted key has its documented default", (t) => {
  const config = loadGood(t, good);
  const [server] = config.servers;
  assert.deepEqual(server!.addresses, [{ host: "127.0.0.1", port: 8080 }]);
  assert.equal(server!.tls, undefined);
  assert.equal(server!.fallback.kind, "absent");
  assert.deepEqual(server!.routes[0]!.location, {
    name: "orders",
    hosts: [],
    path: { kind: "prefix", path: "/orders" },
    upstream: "api",
    bodyLimit: 10 * 1024 * 1024,
    setHeaders: [],
    addHeaders: [],
    websocketWithoutOrigin: false,
  });
  assert.deepEqual(config.upstreams.get("api"), {
    name: "api",
    addresses: [{ host: "127.0.0.1", port: 5001, weight: 1 }],
    algo: { kind: "round_robin" },
    connectionTimeout: 1000,
    readTimeout: 30_000,
    idleTimeout: 60_000,
    maxConnections: 512,
    maxWebSockets: 4096,
    queueTimeout: 1000,
  });
  assert.deepEqual(config.limits, {
    headerSize: 16_384,
    headerCount: 100,
    urlSize: 8192,
    headerTimeout: 10_000,
    requestTimeout: 30_000,
    keepaliveTimeout: 65_000,
    writeStallTimeout: 30_000,
    maxConnections: 10_000,
    trustedProxies: [],
  });
  assert.equal(config.admin, undefined);
});

test("every key is read from the file", (t) => {
  const config = loadGood(
    t,
    `
[servers.public]
addr = "127.0.0.1:8080, [::1]:8080, :8081"
locations = ["b", "a"]
remark = "for people"

[upstreams.api]
addrs = ["127.0.0.1:5001", "localhost:5002 10"]
health_check = "https://api/ping?deep=1&check_frequency=5s&success=3&failure=4&read_timeout=1s"
algo = "hash:header:X-User"
connection_timeout = "500ms"
read_timeout = "1m 30s"
idle_timeout = "1h"
max_connections = 7
max_websockets = 9
queue_timeout = "2s"
sni = "api.internal"
verify_cert = false

[locations.a]
host = "api.example.com, *.Example.ORG"
path = "= /a"
methods = "GET, PUT"
upstream = "api"
rewrite = "^/a/(?P<rest>.*) /v2/\${rest}"
client_max_body_size = "1.5kb"
request_timeout = "5s"
websocket_without_origin = true
proxy_set_headers = { Host = "internal", X-Realm = "orders" }
proxy_add_headers = ["X-Tag: one", "X-Tag: two: three"]

[locations.b]
path = "~ ^/b[0-9]+$"
upstream = "api"

[admin]
addr = "127.0.0.1:9090"
token_file = "token.txt"

[limits]
header_size = 4096
header_count = 20
url_size = "1kb"
header_timeout = "1s"
request_timeout = "2s"
keepalive_timeout = "3s"
write_stall_timeout = "4s"
max_connections = 500
trusted_proxies = "10.0.0.0/8, 127.0.0.1"
`,
  );
  const [server] = config.servers;
  assert.deepEqual(server!.addresses, [
    { host: "127.0.0.1", port: 8080 },
    { host: "::1", port: 8080 },
    { host: "", port: 8081 },
  ]);
  assert.deepEqual(
    server!.routes.map(({ location }) => location.name),
    ["b", "a"],
  );
  assert.deepEqual(server!.routes[0]!.location.path, { kind: "regex", source: "^/b[0-9]+$" });
  assert.deepEqual(server!.routes[1]!.location, {
    name: "a",
    hosts: [
      { kind: "exact", host: "api.example.com" },
      { kind: "subdomains", suffix: ".example.org" },
    ],
    path: { kind: "exact", path: "/a" },
    methods: ["GET", "PUT"],
    upstream: "api",
    rewrite: { pattern: "^/a/(?P<rest>.*)", replacement: "/v2/${rest}" },
    bodyLimit: 1536,
    requestTimeout: 5000,
    setHeaders: [
      ["Host", "internal"],
      ["X-Realm", "orders"],
    ],
    addHeaders: [
      ["X-Tag", "one"],
      ["X-Tag", "two: three"],
    ],
    websocketWithoutOrigin: true,
  });
  assert.deepEqual(config.upstreams.get("api"), {
    name: "api",
    addresses: [
      { host: "127.0.0.1", port: 5001, weight: 1 },
      { host: "localhost", port: 5002, weight: 10 },
    ],
    algo: { kind: "hash", by: "header", name: "x-user" },
    healthCheck: {
      scheme: "https",
      host: "api",
      path: "/ping?deep=1",
      frequency: 5000,
      success: 3,
      failure: 4,
      connectionTimeout: 3000,
      readTimeout: 1000,
    },
    tls: { sni: "api.internal", verify: false },
    connectionTimeout: 500,
    readTimeout: 90_000,
    idleTimeout: 3_600_000,
    maxConnections: 7,
    maxWebSockets: 9,
    queueTimeout: 2000,
  });
  assert.deepEqual(config.admin?.address, { host: "127.0.0.1", port: 9090 });
  assert.match(config.admin?.tokenFile ?? "", /^\/.*token\.txt$/);
  assert.deepEqual(config.limits, {
    headerSize: 4096,
    headerCount: 20,
    urlSize: 1024,
    headerTimeout: 1000,
    requestTimeout: 2000,
    keepaliveTimeout: 3000,
    writeStallTimeout: 4000,
    maxConnections: 500,
    trustedProxies: ["10.0.0.0/8", "127.0.0.1/32"],
  });
});

test("`kind` sets the defaults of document 000's triggers, and only for keys the location omits", (t) => {
  const config = loadGood(
    t,
    `${good}
[locations.rest]
path = "/rest"
upstream = "api"
kind = "rest"
[locations.file]
path = "/file"
upstream = "api"
kind = "http-file"
[locations.own]
path = "/own"
upstream = "api"
kind = "rest"
methods = ["GET"]
client_max_body_size = "1mb"
`,
  );
  const find = (name: string) =>
    config.servers[0]!.routes.find(({ location }) => location.name === name)!.location;
  assert.equal(find("rest").bodyLimit, 5 * 1024 * 1024);
  assert.deepEqual(find("rest").methods, ["POST", "PUT", "GET", "PATCH", "DELETE", "OPTIONS"]);
  assert.equal(find("file").bodyLimit, 50 * 1024 * 1024);
  assert.equal(find("file").methods?.includes("OPTIONS"), false);
  assert.equal(find("file").requestTimeout, 900_000);
  assert.equal(find("own").bodyLimit, 1024 * 1024);
  assert.deepEqual(find("own").methods, ["GET"]);
});

test("a directory is the union of its files, except environment overlays", (t) => {
  const [servers, rest] = [
    good.slice(0, good.indexOf("[upstreams")),
    good.slice(good.indexOf("[upstreams")),
  ];
  const config = loadGood(t, {
    "servers.toml": servers,
    "rest.toml": rest,
    "corsway.prod.toml": '[servers.public]\naddr = "127.0.0.1:80"\n',
    "notes.txt": "no = toml = at all",
    ".hidden.toml": "no = toml = at all",
  });
  assert.deepEqual(
    config.files.map((file) => file.split("/").at(-1)),
    ["rest.toml", "servers.toml"],
  );
  assert.equal(config.servers[0]!.addresses[0]!.port, 8080);
});

test("an environment file overlays the others: tables merge, arrays replace", (t) => {
  const files = {
    "corsway.toml": `${good}[policies.other]\nallow_origins = "*"\n`,
    "corsway.prod.toml": `
[servers.public]
locations = ["orders"]
[policies.webapp]
allow_origins = ["https://app.example.org"]
max_age = 60
[global]
cors = "other"
`,
  };
  const loaded = loadFiles(t, files, { path: "corsway.toml", env: "prod" });
  assert.ok(loaded.config);
  const [server] = loaded.config.servers;
  assert.equal(server!.addresses[0]!.port, 8080);
  const { cors } = server!.routes[0]!;
  assert.ok(cors.kind === "policy");
  assert.equal(cors.policy.maxAge, 60);
  assert.equal(cors.fields.get("allow_origins")?.at?.file, "corsway.prod.toml");
  assert.equal(cors.from.at?.file, "corsway.toml");
  assert.deepEqual([server!.fallback.kind, loaded.sources.size], ["policy", 2]);
});

test("file names in faults are relative to the working directory", (t) => {
  const loaded = loadFiles(t, { "conf/a.toml": "x = 1\n" }, { path: "conf" });
  assert.equal(
    loaded.diagnostics[0]!.at?.file ?? loaded.diagnostics[1]!.at?.file,
    join("conf", "a.toml"),
  );
});

const policies = `
[policies.global]
allow_origins = "https://global.example"
[policies.server]
allow_origins = "https://server.example"
[policies.location]
allow_origins = "https://location.example"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
`;
function layered(merge: string, global: string, server: string, location: string): string {
  const cors = (value: string): string => (value === "" ? "" : `cors = ${value}`);
  return `${policies}
[global]
merge = "${merge}"
${cors(global)}
[servers.public]
addr = ":8080"
${cors(server)}
[locations.orders]
path = "/orders"
upstream = "api"
${cors(location)}
`;
}

const names = (effective: Effective): string => {
  if (effective.kind !== "policy") return effective.kind;
  return `${effective.name} by ${effective.from.level}`;
};

for (const [global, server, location, route, fallback] of [
  ["", "", "", "absent", "absent"],
  ['"global"', "", "", "global by global", "global by global"],
  ['"global"', '"server"', "", "server by server", "server by server"],
  ['"global"', '"server"', '"location"', "location by location", "server by server"],
  ['"global"', '"server"', "false", "closed", "server by server"],
  ['"global"', "false", "", "closed", "closed"],
  ['"global"', '"upstream"', '"location"', "location by location", "upstream"],
  ["false", "", '"upstream"', "upstream", "closed"],
  ["", "", '{ allow_origins = "*" }', "locations.orders by location", "absent"],
  ['{ allow_origins = "*" }', "", "", "global by global", "global by global"],
] as const) {
  test(`replace: ${global || "-"} / ${server || "-"} / ${location || "-"} gives ${route}`, (t) => {
    const config = loadGood(t, layered("replace", global, server, location));
    const [listener] = config.servers;
    assert.equal(names(listener!.routes[0]!.cors), route);
    assert.equal(names(listener!.fallback), fallback);
  });
}

test("each effective field records its place and its level", (t) => {
  const config = loadGood(t, good);
  const { cors } = config.servers[0]!.routes[0]!;
  assert.ok(cors.kind === "policy");
  const origins = cors.fields.get("allow_origins")!;
  assert.deepEqual(
    [origins.level, origins.path, origins.at?.line, origins.at?.column],
    ["location", "policies.webapp.allow_origins", 13, 17],
  );
  assert.deepEqual([cors.from.path, cors.from.at?.line], ["locations.orders.cors", 10]);
});

test("names that look like numbers keep the file's order", (t) => {
  const config = loadGood(
    t,
    `
[servers.public]
addr = ":8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.b]
path = "~ ^/b"
upstream = "api"
[locations.10]
path = "~ ^/10"
upstream = "api"
[locations.9]
path = "~ ^/9"
upstream = "api"
`,
  );
  const order = config.servers[0]!.routes.map(({ location }) => location.name);
  assert.deepEqual(order, ["b", "10", "9"]);
});

test("a file with seven faults reports all seven, each at its place", (t) => {
  const loaded = loadFiles(
    t,
    `[servers.public]
addr = "127.0.0.1"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
read_timeout = 30
[locations.orders]
path = /orders
metods = ["GET"]
upstream = "apy"
[policies.webapp]
allow_origins = ["https://app.example.com/"]
allow_credentials = "true"
`,
  );
  assert.equal(loaded.config, undefined);
  assert.deepEqual(told(loaded), [
    "config/address corsway.toml:2:8 servers.public.addr",
    "config/wrong-type corsway.toml:5:16 upstreams.api.read_timeout",
    "toml/syntax corsway.toml:7:8",
    "config/unknown-key corsway.toml:8:1 locations.orders.metods",
    "config/unknown-name corsway.toml:9:12 locations.orders.upstream",
    "policy/origin-trailing-slash corsway.toml:11:19 policies.webapp.allow_origins[0]",
    "policy/wrong-type corsway.toml:12:21 policies.webapp.allow_credentials",
  ]);
});

test("a variable in a policy is reported as one, including Pingap's syntax", (t) => {
  for (const value of ["${APP}", "$APP", "https://${APP}.example"]) {
    const loaded = loadFiles(t, good.replace("https://app.example.com", value));
    assert.deepEqual(told(loaded), [
      "config/interpolation corsway.toml:13:18 policies.webapp.allow_origins[0]",
    ]);
  }
  const port = loadFiles(t, good.replace("https://app.example.com", ":3000"));
  assert.equal(port.diagnostics[0]!.code, "policy/origin-no-scheme");
});

test("a misspelt section and a misspelt key are each reported once, including everything below", (t) => {
  const slips = good
    .replace("[servers", "[server")
    .replace("addr =", "adr =")
    .replace("addrs", "addr")
    .replace("upstream =", "upstrem =")
    .replace("cors =", "cor =")
    .replace("[policies", "[policy")
    .replace("allow_origins", "alow_origin");
  assert.deepEqual(told(loadFiles(t, slips)), [
    "config/unknown-key corsway.toml:1:2 server",
    "config/unknown-key corsway.toml:2:1 servers.public.adr",
    "config/unknown-key corsway.toml:5:1 upstreams.api.addr",
    "config/unknown-key corsway.toml:9:1 locations.orders.upstrem",
    "config/unknown-key corsway.toml:10:1 locations.orders.cor",
    "config/unknown-key corsway.toml:12:2 policy",
    "policy/unknown-key corsway.toml:13:1 policies.webapp.alow_origin",
  ]);
});

test("a misspelt table name causes no follow-up faults", (t) => {
  const loaded = loadFiles(t, good.replace("[policies.webapp]", "[policies.wepapp]"));
  assert.deepEqual(told(loaded), ["config/unknown-name corsway.toml:10:8 locations.orders.cors"]);
  assert.deepEqual(loaded.diagnostics[0]!.fix, { say: "did you mean `wepapp`?" });
  assert.equal(loaded.diagnostics[0]!.why, "known: `wepapp`");
});

test("listening on one port on all interfaces and on one of them is a conflict", (t) => {
  for (const [first, second] of [
    [":8080", "127.0.0.1:8080"],
    ["127.0.0.1:8080", "0.0.0.0:8080"],
    ["[::]:8080", "[::1]:8080"],
    ["127.0.0.1:8080, 127.0.0.1:8080", "127.0.0.1:0"],
  ]) {
    const text = `${good.replace("127.0.0.1:8080", first!)}[servers.other]\naddr = "${second}"\n`;
    const taken = loadFiles(t, text).diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      taken.map(({ code }) => code),
      ["config/duplicate-address"],
      first,
    );
  }
});

test("a fault in a string of 100,000 characters has its place, and so do the faults after it", (t) => {
  const origins = Array.from({ length: 10_000 }, (_, i) => `https://app${i}.example.com`);
  const list = [...origins, "https://last.example.com/"].join(",");
  const head = good.slice(0, good.indexOf("[policies.webapp]"));
  const key = 'webapp = { allow_origins = "';
  const text = `${head}[policies]\n${key}${list}", max_age = "soon", expose_headers = '${"X,".repeat(30_000)}X Y' }\nother = 1\n`;
  const line = head.split("\n").length + 1;
  const loaded = loadFiles(t, text);
  const { diagnostics } = loaded;
  const at = (code: string, part: string): void => {
    const found = diagnostics.find((one) => one.code === code)!.at!;
    const column = text.split("\n")[line - 1]!.lastIndexOf(part) + 1;
    assert.deepEqual(
      [found.line, found.column, found.endColumn],
      [line, column, column + part.length],
      code,
    );
  };
  at("policy/origin-trailing-slash", "https://last.example.com/");
  at("policy/max-age-malformed", '"soon"');
  at("policy/header-malformed", "X Y");
  assert.ok(told(loaded).some((one) => one.includes(`corsway.toml:${line + 1}:9`)));
  const mended = fixText(text, "corsway.toml", diagnostics).text;
  assert.equal(mended, text.replace("last.example.com/", "last.example.com"));
});

test("a server must have an address", (t) => {
  for (const addr of ["", 'addr = ""\n', "addr = []\n"]) {
    const loaded = loadFiles(t, good.replace('addr = "127.0.0.1:8080"\n', addr));
    assert.deepEqual(told(loaded), ["config/required corsway.toml:1:10 servers.public"], addr);
  }
});

test("a size or duration out of bounds is a fault that names the bound", (t) => {
  const limit = (line: string): string =>
    loadFiles(t, `${good}[limits]\n${line}\n`)
      .diagnostics.map(({ code, message }) => `${code} ${message}`)
      .join();
  assert.match(limit('header_size = "1b"'), /^config\/out-of-range `1b` is not between /);
  assert.match(limit('header_size = "9tb"'), /^config\/out-of-range `9tb` is not between /);
  assert.equal(limit('header_timeout = "1ms"'), "");
  assert.match(limit('header_timeout = "0.5ms"'), /`0.5ms` is zero$/);
  assert.equal(limit('header_timeout = "1w"'), "");
  assert.equal(limit('header_timeout = "20 days"'), "");
  assert.match(limit('header_timeout = "21 days"'), /`21 days` is more than 20 days$/);
});

test("every unit of a duration has its own length", (t) => {
  for (const [units, milliseconds] of [
    ["ms msec millis", 1],
    ["s sec secs second seconds", 1000],
    ["m min mins minute minutes", 60_000],
    ["h hr hrs hour hours", 3_600_000],
    ["d day days", 86_400_000],
    ["w week weeks", 604_800_000],
  ] as const)
    for (const unit of units.split(" ")) {
      const { limits } = loadGood(t, `${good}[limits]\nrequest_timeout = "2 ${unit}"\n`);
      assert.equal(limits.requestTimeout, 2 * milliseconds, unit);
    }
});

test("a regular expression that a long path could make too slow is refused at its place", (t) => {
  const faults = (lines: string): string[] =>
    loadFiles(
      t,
      good.replace('path = "/orders"', () => lines),
    ).diagnostics.map(({ code, at, message }) => `${code} ${at?.line}:${at?.column} ${message}`);
  const usual = String.raw`^/v\d+/[a-z0-9-]{1,200}$`;
  assert.deepEqual(faults(`path = '~ ${usual}'`), []);
  assert.match(
    faults(`path = '~ ^/((a{0,10}){0,10}){0,10}$'`).join(),
    /^config\/regex \d+:\d+ `\^\/\(\(a.*` is a program of \d+ steps; at most 1000 are accepted here$/,
  );
  assert.deepEqual(faults(`path = "/orders"\nrewrite = '${usual} /'`).length, 1);
  assert.deepEqual(faults(`path = "/orders"\nrewrite = '^/v\\d+/(.+)$ /$1'`), []);
});

test("only the listed algorithms are accepted", (t) => {
  const read = (algo: string) => {
    const loaded = loadFiles(t, good.replace("addrs", `algo = "${algo}"\naddrs`));
    const upstream = loaded.config?.upstreams.get("api");
    return upstream?.algo ?? loaded.diagnostics.map(({ code, path }) => `${code} ${path}`).join();
  };
  for (const algo of ["round_robin", "least_conn"]) assert.deepEqual(read(algo), { kind: algo });
  for (const by of ["ip", "url"]) assert.deepEqual(read(`hash:${by}`), { kind: "hash", by });
  for (const algo of ["hash", "hash:path"])
    assert.deepEqual(read(algo), { kind: "hash", by: "url" });
  assert.deepEqual(read("hash:header:X-Id"), { kind: "hash", by: "header", name: "x-id" });
  assert.deepEqual(read("hash:cookie:Sid"), { kind: "hash", by: "cookie", name: "Sid" });
  assert.deepEqual(read("hash:query:Id"), { kind: "hash", by: "query", name: "Id" });
  assert.deepEqual(read(""), { kind: "round_robin" });
  for (const algo of [
    "random",
    "ip",
    "round_robin:1",
    "least_conn:ip",
    "hash:",
    "hash:ip:1",
    "hash:path:1",
    "hash:header",
    "hash:header:",
    "hash:cookie:a b",
  ])
    assert.equal(read(algo), "config/unknown-value upstreams.api.algo", algo);
});

test("framing and hop-by-hop headers cannot be set for an upstream", (t) => {
  const codes = (key: string, name: string): string =>
    loadFiles(t, good.replace("path = ", `${key} = { ${name} = "1" }\npath = `))
      .diagnostics.map(({ code, path }) => `${code} ${path}`)
      .join();
  for (const key of ["proxy_set_headers", "proxy_add_headers"]) {
    for (const name of [
      "Connection",
      "Content-Length",
      "Expect",
      "HTTP2-Settings",
      "keep-alive",
      "Proxy-Connection",
      "TE",
      "Trailer",
      "Transfer-Encoding",
      "Upgrade",
    ])
      assert.equal(codes(key, name), `config/header locations.orders.${key}.${name}`);
    for (const name of ["Proxy-Authorization", "Host", "Forwarded"])
      assert.equal(codes(key, name), "", name);
  }
});
