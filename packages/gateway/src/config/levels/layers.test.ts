// Levels merged field by field: document 000's precedence (the realm goes first unless `merge` says
// the reverse), with the server between the two.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Effective } from "../config.ts";
import { good, loadFiles, told } from "../../../../../test/support/config-folder.ts";

type Written = Readonly<Record<string, unknown>> | false | "upstream";
interface Row {
  readonly says: string;
  readonly merge: string;
  readonly global?: Written;
  readonly server?: Written;
  readonly location?: Written;
  readonly effective: {
    readonly kind: Effective["kind"];
    readonly level?: string;
    readonly fields?: Readonly<Record<string, readonly [value: unknown, level: string]>>;
  };
}

const vectors = new URL("../../../../../vectors/config/layers.json", import.meta.url);
const rows = JSON.parse(readFileSync(vectors, "utf8")) as readonly Row[];

function write(row: Row): string {
  const policies: string[] = [];
  const cors = (level: "global" | "server" | "location"): string => {
    const written = row[level];
    if (written === undefined) return "";
    if (written === false || written === "upstream") return `cors = ${JSON.stringify(written)}\n`;
    policies.push(`[policies.${level}]\n`);
    for (const [key, value] of Object.entries(written)) {
      policies.push(`${key} = ${JSON.stringify(value)}\n`);
    }
    return `cors = "${level}"\n`;
  };
  return [
    `[global]\nmerge = "${row.merge}"\n${cors("global")}`,
    `[servers.public]\naddr = ":8080"\n${cors("server")}`,
    `[upstreams.api]\naddrs = ["127.0.0.1:5001"]\n`,
    `[locations.orders]\npath = "/orders"\nupstream = "api"\n${cors("location")}`,
    ...policies,
  ].join("");
}

for (const row of rows) {
  test(`${row.merge}: ${row.says}`, (t) => {
    const text = write(row);
    const loaded = loadFiles(t, text);
    assert.ok(loaded.config, told(loaded).join("\n"));
    const { cors } = loaded.config.servers[0]!.routes[0]!;
    assert.equal(cors.kind, row.effective.kind);
    if (cors.kind === "closed" || cors.kind === "upstream") {
      assert.equal(cors.from.level, row.effective.level);
    }
    if (cors.kind !== "policy") return;
    const lines = text.split("\n");
    const found: Record<string, unknown> = {};
    for (const [field, { level, at }] of cors.fields) {
      // The value that stands at the place that the field says it comes from.
      const line = lines[at!.line - 1]!;
      found[field] = [JSON.parse(line.slice(at!.column - 1)), level];
    }
    assert.deepEqual(found, row.effective.fields);
    assert.equal(cors.path, row.effective.fields!["path"]?.[0]);
  });
}

const base = `[servers.public]
addr = ":8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.orders]
path = "/orders"
upstream = "api"
cors = "orders"
[global]
cors = "realm"
merge = "global-wins"
`;

test("a fault caused by the merge alone is reported with both places", (t) => {
  const loaded = loadFiles(
    t,
    `${base}[policies.realm]
allow_origins = "*"
[policies.orders]
allow_credentials = true
`,
  );
  const errors = loaded.diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(
    errors.map(({ code }) => code),
    ["policy/credentials-with-any-origin"],
  );
  const [fault] = errors;
  const places = [fault!.at, ...(fault!.also ?? []).map(({ at }) => at)].map((at) => at?.line);
  assert.deepEqual(new Set(places), new Set([13, 15]), JSON.stringify(fault));
});

test("a required field may be missing on one side of a merge, but not from the result", (t) => {
  const text = `${base}[policies.realm]\nmax_age = 60\n[policies.orders]\nallow_origins = "*"\n`;
  const loaded = loadFiles(t, text);
  assert.ok(loaded.config, told(loaded).join("\n"));
  assert.equal(loaded.config.servers[0]!.fallback.kind, "absent");
  const silent = loadFiles(t, `${text}[locations.files]\npath = "/files"\nupstream = "api"\n`);
  assert.ok(told(silent).some((line) => line.startsWith("policy/missing-origins")));
});

test("an unused partial policy is a fault only without a merge", (t) => {
  const spare = `${base}[policies.realm]\nallow_origins = "*"\n[policies.orders]\nmax_age = 5\n[policies.spare]\nmax_age = 7\n`;
  assert.ok(loadFiles(t, spare).config);
  const replace = loadFiles(t, spare.replace("global-wins", "replace"));
  const missing = replace.diagnostics.filter(({ code }) => code === "policy/missing-origins");
  assert.deepEqual(
    missing.map(({ path }) => path),
    ["policies.orders", "policies.spare"],
  );
});

test("a faulty `merge` causes no faults in policies that it would complete", (t) => {
  const text = good
    .replace('allow_origins = ["https://app.example.com"]', "max_age = 60")
    .concat('[global]\ncors = { allow_origins = "https://a.example" }\nmerge = "globl-wins"\n');
  for (const slip of [text, text.replace("merge =", "mrege =")]) {
    const codes = loadFiles(t, slip).diagnostics.map(({ code }) => code);
    assert.deepEqual(codes.length, 1, codes.join());
    assert.match(codes[0]!, /^config\/unknown-/);
  }
});

test("a fault in a field that the other side replaces is not reported", (t) => {
  const loaded = loadFiles(
    t,
    `${base.replace('addr = ":8080"', 'addr = ":8080"\ncors = "orders"')}[policies.realm]
allow_origins = "https://app.example.com"
[policies.orders]
allow_origins = "nonsense"
`,
  );
  assert.ok(loaded.config, told(loaded).join("\n"));
});

test("a policy may use header names as keys, but not both spellings of one field", (t) => {
  const text = (policy: string): string =>
    `${base}[policies.realm]\n${policy}[policies.orders]\nallow_methods = "PUT"\n`;
  const headers = loadFiles(
    t,
    text(`"Access-Control-Allow-Origin" = "https://a.example,https://b.example"
Access-Control-Allow-Headers = "Authorization,Content-Type,apikey"
Access-Control-Allow-Credentials = "true"
Access-Control-Max-Age = "600"
`),
  );
  assert.ok(headers.config, told(headers).join("\n"));
  const { cors } = headers.config.servers[0]!.routes[0]!;
  assert.ok(cors.kind === "policy");
  assert.deepEqual(
    [cors.policy.allowOrigins.length, cors.policy.allowCredentials, cors.policy.maxAge],
    [2, true, 600],
  );
  const both = loadFiles(
    t,
    text(
      `allow_origins = "https://a.example"\nAccess-Control-Allow-Origin = "https://b.example"\n`,
    ),
  );
  const twice = both.diagnostics.find(({ code }) => code === "policy/field-written-twice");
  assert.deepEqual(
    [twice?.at?.line, twice?.also?.[0]?.at?.line].sort(),
    [13, 14],
    JSON.stringify(twice),
  );
});

test("a default of a Pingap plugin yields to a value set by the realm", (t) => {
  const text = `${base}[policies.realm]
allow_origins = "https://app.example.com"
[plugins.orders]
category = "cors"
allow_headers = "X-Id"
`.replace("global-wins", "location-wins");
  const loaded = loadFiles(t, text);
  assert.ok(loaded.config, told(loaded).join("\n"));
  const { cors } = loaded.config.servers[0]!.routes[0]!;
  assert.ok(cors.kind === "policy");
  assert.notEqual(cors.policy.allowOrigins, "*");
  assert.equal(cors.fields.get("allow_origins")?.level, "global");
  assert.equal(cors.policy.maxAge, 3600);
});

test("a policy defined only in environments is an unknown name, and the fault lists those environments", (t) => {
  const files = {
    "corsway.toml": `${base}[policies.orders]\nallow_methods = "PUT"\n`,
    "corsway.prod.toml": '[policies.realm]\nallow_origins = "https://app.example.com"\n',
    "corsway.test.toml": '[policies.realm]\nallow_origins = "https://test.example.com"\n',
  };
  const none = loadFiles(t, files, { path: "." });
  const errors = none.diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(
    errors.map(({ code, path }) => [code, path]),
    [["config/unknown-name", "global.cors"]],
  );
  assert.match(errors[0]?.fix?.say ?? "", /^write .*; or is it in .*\? --env prod, --env test$/);
  assert.ok(loadFiles(t, files, { path: ".", env: "prod" }).config);
  const unknown = loadFiles(t, files, { path: ".", env: "prd" });
  assert.deepEqual(
    unknown.diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code),
    ["config/unknown-env"],
  );
});

test("with no named policy, the fault for an unknown name says that no policy is defined", (t) => {
  const loaded = loadFiles(t, base.replace('cors = "orders"\n', ""));
  const fault = loaded.diagnostics.find(({ code }) => code === "config/unknown-name");
  assert.equal(fault?.why, "no policy is defined");
});
