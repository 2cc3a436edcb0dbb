// --print effective: the policy of each location, and the place of each value.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runCommand } from "../../../../test/support/terminal.ts";
import { good } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const merged = `${good}max_age = 60
[locations.closed]
path = "= /closed"
host = "*.example.com"
methods = "GET"
upstream = "api"
cors = false
[global]
cors = { allow_origins = "https://b.example", preflight_status = 204 }
merge = "location-wins"
`;

test("text output has a line per field with its value, level and place", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": merged });
  const { code, out } = await runCommand(cwd, ["check", "--print", "effective"]);
  assert.equal(code, 0);
  assert.equal(
    out,
    `server public  127.0.0.1:8080
  answers to localhost, *.localhost, IP addresses, *.example.com
  ambiguous paths are refused: its locations differ in policy

  location orders
    host      any
    path      /orders
    methods   all
    upstream  api
    cors      webapp+global  (location  corsway.toml:10:8)
      allow_origins        https://app.example.com  location  corsway.toml:13:17
      allow_methods        GET, HEAD, POST          default
      allow_headers        none                     default
      expose_headers       none                     default
      allow_credentials    false                    default
      max_age              60                       location  corsway.toml:14:11
      preflight_status     204                      global  corsway.toml:22:66
      on_mismatch          omit                     default
      timing_allow_origin  false                    default

  location closed
    host      *.example.com
    path      = /closed
    methods   GET
    upstream  api
    cors      false: no page of another origin may read  (location  corsway.toml:20:8)

  requests that no location matches
    cors      global  (global  corsway.toml:22:8)
      allow_origins        https://b.example  global  corsway.toml:22:26
      allow_methods        GET, HEAD, POST    default
      allow_headers        none               default
      expose_headers       none               default
      allow_credentials    false              default
      max_age              none               default
      preflight_status     204                global  corsway.toml:22:66
      on_mismatch          omit               default
      timing_allow_origin  false              default
`,
  );
});

test("JSON output has the same content as data", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": merged });
  const { out } = await runCommand(cwd, ["check", "--print", "effective", "--format", "json"]);
  const { servers } = JSON.parse(out) as { servers: { locations: { cors: unknown }[] }[] };
  assert.deepEqual(servers[0]!.locations[0]!.cors, {
    kind: "policy",
    policy: "webapp+global",
    from: {
      level: "location",
      path: "locations.orders.cors",
      at: { file: "corsway.toml", line: 10, column: 8 },
    },
    fields: {
      allow_origins: {
        value: ["https://app.example.com"],
        from: {
          level: "location",
          path: "policies.webapp.allow_origins",
          at: { file: "corsway.toml", line: 13, column: 17 },
        },
      },
      allow_methods: { value: ["GET", "HEAD", "POST"] },
      allow_headers: { value: [] },
      expose_headers: { value: [] },
      allow_credentials: { value: false },
      max_age: {
        value: 60,
        from: {
          level: "location",
          path: "policies.webapp.max_age",
          at: { file: "corsway.toml", line: 14, column: 11 },
        },
      },
      preflight_status: {
        value: 204,
        from: {
          level: "global",
          path: "global.cors.preflight_status",
          at: { file: "corsway.toml", line: 22, column: 66 },
        },
      },
      on_mismatch: { value: "omit" },
      timing_allow_origin: { value: false },
    },
  });
});

const ruled = `[servers.public]
addr = "127.0.0.1:8080"
cors = ["app", { allow_origins = "*" }]
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.api]
upstream = "api"
[policies.app]
allow_origins = "https://app.example.com"
allow_credentials = true
`;

test("rules are printed in order, each value with its place", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": ruled });
  const { out } = await runCommand(cwd, ["check", "--print", "effective"]);
  const [, location = ""] = out.split(/\n\n/);
  assert.equal(
    location,
    `  location api
    host      any
    path      any
    methods   all
    upstream  api
    cors      app, servers.public[1]: the first that allows the origin applies  (server  corsway.toml:3:8)
    rule 1    app
      allow_origins        https://app.example.com  server  corsway.toml:9:17
      allow_methods        GET, HEAD, POST          default
      allow_headers        none                     default
      expose_headers       none                     default
      allow_credentials    true                     server  corsway.toml:10:21
      max_age              none                     default
      preflight_status     204                      default
      on_mismatch          omit                     default
      timing_allow_origin  false                    default
    rule 2    servers.public[1]
      allow_origins        *                server  corsway.toml:3:34
      allow_methods        GET, HEAD, POST  default
      allow_headers        none             default
      expose_headers       none             default
      allow_credentials    false            default
      max_age              none             default
      preflight_status     204              default
      on_mismatch          omit             default
      timing_allow_origin  false            default`,
  );
  const json = await runCommand(cwd, ["check", "--print", "effective", "--format", "json"]);
  const { servers } = JSON.parse(json.out) as {
    servers: { fallback: { kind: string; policy: string; rules: { policy: string }[] } }[];
  };
  const { kind, policy, rules } = servers[0]!.fallback;
  assert.deepEqual([kind, policy], ["rules", "app, servers.public[1]"]);
  assert.deepEqual(
    rules.map((rule) => rule.policy),
    ["app", "servers.public[1]"],
  );
});

test("a faulty configuration prints its faults instead", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": merged.replace("60", '"x"') });
  const { code, out } = await runCommand(cwd, ["check", "--print", "effective"]);
  assert.equal(code, 1);
  assert.match(out, /error\[policy\/max-age-malformed\]/);
});

test("--dialect pingap prints each difference with its reason", async (t) => {
  const { code, out } = await runCommand(temporaryFolder(t, {}), ["check", "--dialect", "pingap"]);
  assert.equal(code, 0);
  assert.ok(out.match(/^because {2}\S/gm)!.length >= 10);
});
