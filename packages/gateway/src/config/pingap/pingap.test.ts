// Pingap's files, as document 003 and Pingap's own examples write them.

import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Effective } from "../config.ts";
import { fixText } from "../documents/fix.ts";
import { loadConfig } from "../load.ts";
import { good, loadFiles, told } from "../../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../../test/support/temporary-folder.ts";

const plugin = `path = "^/api/"
allow_origin = "https://app.my-domain.com"
allow_methods = "GET, POST, PUT, OPTIONS"
allow_headers = "Content-Type, X-Auth-Token"
expose_headers = "X-Request-ID"
allow_credentials = true
max_age = "24h"
`;
const location = `# ...
[locations.route-for-my-app]
upstream = "api-backend"
plugins = [
    "cors-webapp",
]
# ...
`;
const rest = `[servers.web]
addr = "127.0.0.1:8080"
[upstreams.api-backend]
addrs = ["127.0.0.1:5001"]
`;

function policyOf(effective: Effective | undefined): Extract<Effective, { kind: "policy" }> {
  assert.ok(effective?.kind === "policy", `it is ${effective?.kind}`);
  return effective;
}

test("document 003's two files load unchanged when a server and an upstream are added", (t) => {
  const loaded = loadFiles(t, {
    "plugin.cors-webapp.toml": plugin,
    "location.toml": location,
    "rest.toml": rest,
  });
  assert.ok(loaded.config, told(loaded).join("\n"));
  const { cors, location: route } = loaded.config.servers[0]!.routes[0]!;
  const effective = policyOf(cors);
  assert.deepEqual(route.path, { kind: "any" });
  assert.deepEqual([effective.name, effective.path], ["cors-webapp", "^/api/"]);
  assert.deepEqual(
    [effective.policy.maxAge, effective.policy.allowCredentials, effective.policy.allowMethods],
    [86_400, true, ["GET", "POST", "PUT", "OPTIONS"]],
  );
  const options = loaded.diagnostics.find(({ code }) => code === "policy/method-options");
  assert.equal(options?.severity, "info");
});

test("document 003's two files alone report what is missing", (t) => {
  const loaded = loadFiles(t, { "plugin.cors-webapp.toml": plugin, "location.toml": location });
  const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors.map(({ code }) => code).sort(), [
    "config/no-servers",
    "config/unknown-name",
  ]);
  assert.match(
    errors.map(({ fix }) => fix?.say).join("\n"),
    /\[servers\.public\][^]*\[upstreams\.api-backend\]/,
  );
});

test("the Markdown link in document 003's example is refused at its place, with the intended value", (t) => {
  const loaded = loadFiles(t, {
    "plugin.cors-webapp.toml": plugin.replace(
      '"https://app.my-domain.com"',
      '"[https://app.my-domain.com](https://app.my-domain.com)"',
    ),
    "location.toml": location,
    "rest.toml": rest,
  });
  const [fault, ...more] = loaded.diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual([fault?.code, more.length], ["policy/origin-markdown-link", 0]);
  assert.deepEqual([fault?.at?.file, fault?.at?.line], ["plugin.cors-webapp.toml", 2]);
  assert.equal(fault?.fix?.edit?.text, "https://app.my-domain.com");
});

test("an omitted plugin key has its documented default", (t) => {
  const loaded = loadFiles(t, {
    "pingap.toml": `${rest}${location}[plugins.cors-webapp]\ncategory = "cors"\n`,
  });
  assert.ok(loaded.config, told(loaded).join("\n"));
  const { policy, fields } = policyOf(loaded.config.servers[0]!.routes[0]!.cors);
  assert.equal(policy.allowOrigins, "*");
  assert.deepEqual(policy.allowMethods, ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);
  assert.deepEqual([policy.maxAge, policy.allowCredentials], [3600, false]);
  assert.deepEqual([...fields.keys()], []);
});

for (const origin of ["{$http_origin}", "$http_origin"]) {
  test(`${origin} allows any origin, but not with credentials`, (t) => {
    const files = (more: string) => ({
      "pingap.toml": `${rest}${location}[plugins.cors-webapp]\ncategory = "cors"\nallow_origin = "${origin}"\n${more}`,
    });
    const loaded = loadFiles(t, files(""));
    assert.ok(loaded.config, told(loaded).join("\n"));
    const credentials = loadFiles(t, files("allow_credentials = true\n"));
    const errors = credentials.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors.map(({ code }) => code),
      ["policy/credentials-with-any-origin"],
    );
    assert.match(JSON.stringify(errors[0]), /dangerously_allow_any_origin_with_credentials/);
  });
}

test("values that Pingap ignores are read as intended, with a note", (t) => {
  const loaded = loadFiles(t, {
    "pingap.toml": `${rest}${location}[plugins.cors-webapp]
category = "cors"
allow_origin = ["https://a.example", "https://b.example"]
allow_credentials = "true"
max_age = 60
`,
  });
  assert.ok(loaded.config, told(loaded).join("\n"));
  const { policy } = policyOf(loaded.config.servers[0]!.routes[0]!.cors);
  assert.deepEqual(
    [policy.allowOrigins.length, policy.allowCredentials, policy.maxAge],
    [2, true, 60],
  );
  const notes = loaded.diagnostics.filter(({ code }) => code === "pingap/read-as-meant");
  assert.deepEqual(
    notes.map(({ at }) => at?.line),
    [14, 15, 16],
  );
});

test("separate folders, several plugins, hosts with ~, raw prefixes and weights are read", (t) => {
  const loaded = loadFiles(t, {
    "basic.toml": '[basic]\nname = "edge"\n',
    "servers/web.toml":
      '[servers.web]\naddr = "0.0.0.0:6188"\nlocations = ["api", "rest"]\nthreads = 2\n',
    "locations/api.toml":
      'host = "~^api[0-9]\\\\.example\\\\.com$"\npath = "/api"\nupstream = "a"\nweight = 2000\nplugins = ["pingap:requestId", "auth", "cors"]\nrewrite = "^/api/ /"\nenable_reverse_proxy_headers = true\n',
    "locations/rest.toml": '[locations.rest]\nupstream = "a"\n',
    "upstreams/a.toml":
      '[upstreams.a]\naddrs = ["127.0.0.1:5001"]\nalgo = "hash"\ndiscovery = "static"\nincludes = ["slow"]\n',
    "plugins/auth.toml": '[plugins.auth]\ncategory = "jwt"\nsecret = "x"\n',
    "plugins/cors.toml":
      '[plugins.cors]\ncategory = "cors"\nallow_origin = "https://app.example.com"\n',
    "storages/slow.toml":
      '[storages.slow]\ncategory = "config"\nvalue = """read_timeout = "5m" """\n',
  });
  assert.ok(loaded.config, told(loaded).join("\n"));
  const [api, other] = loaded.config.servers[0]!.routes;
  assert.deepEqual(api!.location.hosts, [{ kind: "regex", source: "^api[0-9]\\.example\\.com$" }]);
  assert.deepEqual(api!.location.path, { kind: "raw-prefix", path: "/api" });
  assert.deepEqual([api!.location.weight, policyOf(api!.cors).name], [2000, "cors"]);
  assert.equal(other!.cors.kind, "absent");
  assert.equal(loaded.config.upstreams.get("a")?.readTimeout, 300_000);
  const notes = new Set(loaded.diagnostics.map(({ code, path }) => `${code} ${path}`));
  for (const note of [
    "pingap/ignored-key basic",
    "pingap/ignored-key servers.web.threads",
    "pingap/ignored-key locations.api.enable_reverse_proxy_headers",
    "pingap/ignored-key upstreams.a.discovery",
    "pingap/ignored-plugin plugins.auth",
    "pingap/raw-prefix locations.api.path",
  ]) {
    assert.ok(notes.has(note), `${note} is not among ${[...notes].join(", ")}`);
  }
  const guard = loaded.diagnostics.find(({ code }) => code === "pingap/ignored-guard");
  assert.deepEqual([guard?.severity, guard?.path], ["warning", "locations.api.plugins[1]"]);
  assert.match(guard?.message ?? "", /`api` is no longer guarded by `auth` \(`jwt`\)/);
});

test("linked folders are read, and a plugin file of bare keys is a valid place for a fault", (t) => {
  const folder = temporaryFolder(t, {
    "..data/plugins/gone.toml": 'category = "mock"\n',
    "corsway.toml": good,
  });
  symlinkSync(join(folder, "..data", "plugins"), join(folder, "plugins"));
  assert.deepEqual(told(loadConfig(folder, { base: folder })), [
    "pingap/ignored-plugin plugins/gone.toml:1:1 plugins.gone",
  ]);
});

test("a fault in included text is reported at its storage", (t) => {
  const loaded = loadFiles(t, {
    "pingap.toml": `${rest}${location}[plugins.cors-webapp]
category = "cors"
[storages.slow]
value = 'read_timeout = 5'
[upstreams.other]
addrs = ["127.0.0.1:1"]
includes = ["slow"]
`,
  });
  const fault = loaded.diagnostics.find(({ code }) => code === "config/wrong-type");
  assert.deepEqual([fault?.path, fault?.at?.line], ["upstreams.other.read_timeout", 15]);
});

test("locations are tried in Pingap's own order", (t) => {
  const locations = {
    any: "",
    regex: 'path = "~ ^/api"',
    prefix: 'path = "/api"',
    longer: 'path = "/api/v1"',
    exact: 'path = "= /api"',
    host: 'host = "a.example"',
    both: 'host = "a.example"\npath = "/api"',
    own: "weight = 9000",
  };
  const tables = Object.entries(locations).map(
    ([name, keys]) => `[locations.${name}]\nupstream = "api-backend"\nplugins = []\n${keys}\n`,
  );
  const { config, diagnostics } = loadFiles(t, { "pingap.toml": rest + tables.join("") });
  assert.ok(config, JSON.stringify(diagnostics));
  const order = config.servers[0]!.routes.map(({ location }) => location)
    .toSorted((left, right) => right.weight! - left.weight!)
    .map(({ name }) => name);
  assert.deepEqual(order, ["own", "exact", "both", "longer", "prefix", "regex", "host", "any"]);
});

test("a guard that no location uses does not cause a warning", (t) => {
  const loaded = loadFiles(t, {
    "pingap.toml": `${rest}${location}[plugins.cors-webapp]\ncategory = "cors"\n[plugins.spare]\ncategory = "key_auth"\n`,
  });
  assert.ok(loaded.config, told(loaded).join("\n"));
  assert.deepEqual(
    loaded.diagnostics.filter(({ severity }) => severity === "warning"),
    [],
  );
});

for (const value of ["$ALLOWED_ORIGIN", "{$ALLOWED_ORIGIN}", "$host", ":origin"]) {
  test(`allow_origin = "${value}" is reported as a Pingap variable, and is the only fault`, (t) => {
    const loaded = loadFiles(t, {
      "pingap.toml": `${rest}${location}[plugins.cors-webapp]\ncategory = "cors"\nallow_origin = "${value}"\n`,
    });
    const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors.map(({ code, path }) => [code, path]),
      [["config/interpolation", "plugins.cors-webapp.allow_origin"]],
    );
    assert.match(errors[0]?.fix?.say ?? "", /--env/);
  });
}

test("an address without a port gets Pingap's 80, or 443 with sni; verify_cert alone has no effect", (t) => {
  const files = (own: string) =>
    `[servers.web]\naddr = ":80"\n[upstreams.plain]\naddrs = ["api.internal 10"]\nverify_cert = false\n[upstreams.secure]\naddrs = ["api.internal"]\nsni = "$host"\n[locations.a]\nupstream = "plain"\n[locations.b]\nupstream = "secure"\n${own}`;
  const { config, diagnostics } = loadFiles(t, files("[basic]\n"));
  assert.ok(config, JSON.stringify(diagnostics));
  const ports = [...config.upstreams.values()].map(({ addresses }) => addresses[0]);
  assert.deepEqual(ports, [
    { host: "api.internal", port: 80, weight: 10 },
    { host: "api.internal", port: 443, weight: 1 },
  ]);
  const ours = loadFiles(t, files(""));
  assert.deepEqual(
    ours.diagnostics.map(({ code }) => code).filter((code) => code !== "config/shadowed-location"),
    ["config/address", "config/required", "config/address"],
  );
});

test("files with limits and an admin listener keep Pingap's dialect; Corsway's `cors` key ends it", (t) => {
  const pathIn = (own: string) => {
    const files = `${rest}[locations.a]\npath = "/api"\nupstream = "api-backend"\nplugins = []\n${own}`;
    return loadFiles(t, { "pingap.toml": files }).config?.servers[0]?.routes[0]?.location.path.kind;
  };
  assert.equal(
    pathIn('[limits]\nheader_size = "8kb"\n[admin]\naddr = "127.0.0.1:9090"\n'),
    "raw-prefix",
  );
  assert.equal(pathIn("[global]\ncors = false\n"), "prefix");
});

test("a prefix that ends in a slash means the same in both dialects and gets no note", (t) => {
  const notes = (path: string) =>
    loadFiles(t, {
      "pingap.toml": `${rest}[locations.a]\npath = "${path}"\nupstream = "api-backend"\nplugins = []\n`,
    }).diagnostics.filter(({ code }) => code === "pingap/raw-prefix").length;
  assert.deepEqual([notes("/api/"), notes("/api")], [0, 1]);
});

test("a location whose plugin answers by itself is reported as needing an upstream", (t) => {
  for (const upstream of ["", 'upstream = ""\n']) {
    const loaded = loadFiles(t, {
      "pingap.toml": `${rest}[locations.a]\npath = "/x"\n${upstream}plugins = ["files"]\n[plugins.files]\ncategory = "directory"\n`,
    });
    const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
    assert.deepEqual(
      errors.map(({ code, path }) => [code, path]),
      [["config/required", "locations.a"]],
    );
    assert.match(errors[0]?.why ?? "", /answers by itself in Pingap/);
  }
});

test("a note about a key in many locations is printed once and names the other locations", (t) => {
  const names = ["a", "b", "c", "d", "e", "f"];
  const tables = names.map(
    (name) =>
      `[locations.${name}]\npath = "/${name}/"\nupstream = "api-backend"\nmax_retries = 2\n`,
  );
  const { diagnostics } = loadFiles(t, { "pingap.toml": `[basic]\n${rest}${tables.join("")}` });
  const notes = diagnostics.filter(({ path }) => path.endsWith("max_retries"));
  assert.deepEqual(
    notes.map(({ path, also }) => [path, also?.[0]?.say]),
    [
      [
        "locations.a.max_retries",
        "the same applies to `locations.b.max_retries`, `locations.c.max_retries`, `locations.d.max_retries`, `locations.e.max_retries` and 1 more",
      ],
    ],
  );
});

for (const [discovery, severities] of [
  ["static", ["info"]],
  ["dns", ["info"]],
  ["docker", ["error"]],
  ["transparent", ["error"]],
] as const) {
  test(`discovery = "${discovery}" is ${severities[0] === "info" ? "a note" : "refused: its addrs are not addresses"}`, (t) => {
    const { diagnostics } = loadFiles(t, {
      "pingap.toml": `[basic]\n${rest}discovery = "${discovery}"\n[locations.a]\nupstream = "api-backend"\n`,
    });
    assert.deepEqual(
      diagnostics
        .filter(({ path }) => path === "upstreams.api-backend.discovery")
        .map(({ severity }) => severity),
      severities,
    );
  });
}

test("an empty string means an omitted key wherever Pingap reads it that way", (t) => {
  const loaded = loadFiles(t, {
    "pingap.toml": `[upstreams.u]
addrs = ["127.0.0.1:5000"]
algo = ""
health_check = ""
sni = ""
discovery = ""
[locations.lo]
upstream = "u"
host = ""
path = ""
rewrite = ""
match_headers = ""
plugins = []
[servers.web]
addr = "127.0.0.1:6188"
locations = ["lo"]
access_log = ""
tls_cert = ""
tls_key = ""
`,
  });
  assert.deepEqual(loaded.diagnostics, []);
  const { location } = loaded.config!.servers[0]!.routes[0]!;
  assert.equal(location.rewrite, undefined);
  assert.equal(location.path.kind, "any");
  assert.deepEqual(loaded.config!.upstreams.get("u")!.algo, { kind: "round_robin" });
});

test("a hash algorithm without a key name is refused, naming what is missing", (t) => {
  for (const [algo, noun] of [
    ["hash:cookie", "cookie"],
    ["hash:header:", "request header"],
    ["hash:query", "query parameter"],
  ] as const) {
    const { diagnostics } = loadFiles(t, {
      "pingap.toml": `[basic]\n${rest}algo = "${algo}"\n[locations.a]\nupstream = "api-backend"\n`,
    });
    const fault = diagnostics.find(({ severity }) => severity === "error");
    assert.equal(fault?.message, `\`${algo}\` does not name the ${noun} to hash`);
  }
  const named = loadFiles(t, {
    "pingap.toml": `[basic]\n${rest}algo = "hash:query:id"\n[locations.a]\nupstream = "api-backend"\n`,
  });
  assert.deepEqual(named.config!.upstreams.get("api-backend")!.algo, {
    kind: "hash",
    by: "query",
    name: "id",
  });
});

test("tls_cert and tls_key of a server should be `tls`, and --fix rewrites them", (t) => {
  const text = `[upstreams.u]
addrs = ["127.0.0.1:5000"]
[locations.lo]
upstream = "u"
[servers.https]
addr = "127.0.0.1:6188"
tls_cert = "origin.crt"
tls_key = "origin.key"
`;
  const { diagnostics } = loadFiles(t, { "pingap.toml": text });
  assert.deepEqual(
    diagnostics.map(({ code, path, fix }) => [code, path, fix?.say]),
    ["tls_cert", "tls_key"].map((key) => [
      "pingap/condition",
      `servers.https.${key}`,
      'write tls = { cert = "origin.crt", key = "origin.key" }',
    ]),
  );
  const fixed = fixText(text, "pingap.toml", diagnostics).text;
  assert.match(fixed, /^tls\.cert = "origin\.crt"\ntls\.key = "origin\.key"$/m);
  // What is left to say is of the files.
  const codes = loadFiles(t, { "pingap.toml": fixed }).diagnostics.map(({ code }) => code);
  assert.deepEqual([...new Set(codes)], ["config/tls-files"]);
});

test("top-level keys of [basic] are treated as in [basic], but a table with such a name is not", (t) => {
  const text = (top: string): string =>
    `${top}\n[plugins.x]\ncategory = "ping"\n${rest}[locations.a]\nupstream = "api-backend"\n`;
  const loaded = loadFiles(t, { "pingap.toml": text('threads = 4\npid_file = "/run/p.pid"') });
  assert.ok(loaded.config);
  assert.deepEqual(
    loaded.diagnostics.filter(({ code }) => code === "pingap/ignored-key").map(({ path }) => path),
    ["threads", "pid_file"],
  );
  const table = loadFiles(t, { "pingap.toml": text("[user]\nx = 1") });
  assert.ok(table.diagnostics.some(({ code }) => code === "config/unknown-key"));
});

test("a built-in plugin gets a note if Pingap has none with that name or if it answers by itself", (t) => {
  const notes = (plugin: string) =>
    loadFiles(t, {
      "pingap.toml": `${rest}[locations.a]\nupstream = "api-backend"\nplugins = ["${plugin}"]\n`,
    })
      .diagnostics.filter(({ code }) => code === "pingap/ignored-plugin")
      .map(({ fix }) => fix?.say);
  assert.deepEqual(notes("pingap:compression"), []);
  assert.deepEqual(notes("pingap:doesNotExist"), ["nothing, if you can do without it"]);
  assert.deepEqual(notes("pingap:requestid"), ["did you mean `pingap:requestId`?"]);
  assert.deepEqual(notes("pingap:ping"), ["nothing, if you can do without it"]);
});
