// `cors = ["app", "public"]`: rules by origin, at every level.

import assert from "node:assert/strict";
import { test } from "node:test";
import { hasSeveralVoices } from "../voices.ts";
import { loadFiles, told } from "../../../../../test/support/config-folder.ts";

const file = (levels: { global?: string; server?: string; location?: string; app?: string }) => `
[global]
${levels.global ?? ""}
[servers.public]
addr = "127.0.0.1:8080"
${levels.server ?? ""}
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.orders]
upstream = "api"
${levels.location ?? ""}
[policies.app]
allow_origins = "https://app.example.com"
${levels.app ?? ""}
[policies.public]
allow_origins = "*"
`;

for (const level of ["global", "server", "location"] as const)
  test(`a list of policies is accepted in the ${level}`, (t) => {
    const loaded = loadFiles(t, file({ [level]: 'cors = ["app", "public"]' }));
    assert.deepEqual(told(loaded), []);
    const { cors } = loaded.config!.servers[0]!.routes[0]!;
    assert.ok(cors.kind === "rules");
    assert.equal(cors.name, "app, public");
    assert.equal(cors.from.level, level);
    assert.deepEqual(
      cors.rules.map(({ name, fields }) => [name, fields.get("allow_origins")?.path]),
      [
        ["app", "policies.app.allow_origins"],
        ["public", "policies.public.allow_origins"],
      ],
    );
  });

test("a list of one equals that policy, even when levels are merged", (t) => {
  const text = file({
    global: 'merge = "location-wins"\ncors = { max_age = 60 }',
    location: 'cors = [{ allow_origins = "https://a.example" }]',
  });
  const loaded = loadFiles(t, text.replace(/\[policies[^]*/, ""));
  assert.deepEqual(told(loaded), []);
  const { cors } = loaded.config!.servers[0]!.routes[0]!;
  assert.ok(cors.kind === "policy");
  assert.equal(cors.policy.maxAge, 60);
  assert.equal(cors.fields.get("allow_origins")?.path, "locations.orders.cors[0].allow_origins");
});

test("every faulty entry is reported at its own place, and so is a policy with faults", (t) => {
  const loaded = loadFiles(
    t,
    file({
      location: `cors = ["app", "nobody", { allow_origins = "https://a.example/" }]`,
      server: 'cors = [false, "upstream", 3]',
    }),
  );
  assert.deepEqual(
    loaded.diagnostics
      .filter(({ severity }) => severity === "error")
      .map(({ code, path }) => `${code} ${path}`),
    [
      "config/rule servers.public.cors[0]",
      "config/rule servers.public.cors[1]",
      "config/rule servers.public.cors[2]",
      "config/unknown-name locations.orders.cors[1]",
    ],
  );
  const faulty = loadFiles(
    t,
    file({ location: 'cors = ["app", { allow_origins = "https://a.example/" }]' }),
  );
  assert.deepEqual(
    faulty.diagnostics.map(({ code, path }) => `${code} ${path}`),
    [
      "policy/origin-trailing-slash locations.orders.cors[1].allow_origins",
      "config/unused-policy policies.public",
    ],
  );
});

test("a rule that is never reached is a warning with both places", (t) => {
  const loaded = loadFiles(t, file({ location: 'cors = ["public", "app"]' }));
  assert.ok(loaded.config, "it loads");
  const [shadowed, ...rest] = loaded.diagnostics;
  assert.deepEqual(rest, []);
  assert.deepEqual(
    [shadowed!.code, shadowed!.severity, shadowed!.at?.line, shadowed!.at?.column],
    ["config/shadowed-rule", "warning", 11, 19],
  );
  assert.match(shadowed!.why, /`public` allows all of its origins/);
  const [also] = shadowed!.also ?? [];
  assert.deepEqual([also?.path, also?.at?.column], ["locations.orders.cors[0]", 9]);
});

test("a list combined with a merge is an error that names the merge", (t) => {
  const loaded = loadFiles(
    t,
    file({ global: 'merge = "global-wins"', location: 'cors = ["app", "public"]' }),
  );
  assert.deepEqual(
    loaded.diagnostics.map(({ code, path, also }) => [code, path, also?.[0]?.path]),
    [["config/merged-rules", "locations.orders.cors", "global.merge"]],
  );
});

test("only the last rule's missing write lock is noted, once per list", (t) => {
  const noted = (levels: Parameters<typeof file>[0]) =>
    loadFiles(t, file(levels)).diagnostics.map(({ code, path }) => `${code} ${path}`);
  const other = '{ allow_origins = "https://b.example"';
  const credentials = "allow_credentials = true";
  assert.deepEqual(
    noted({ location: `cors = [${other}, ${credentials} }, "app"]`, app: 'on_mismatch = "omit"' }),
    ["config/open-writes policies.app.on_mismatch", "config/unused-policy policies.public"],
  );
  assert.deepEqual(
    noted({ location: `cors = ["app", ${other}, on_mismatch = "reject" }]`, app: credentials }),
    ["config/unused-policy policies.public"],
  );
  const open = noted({ location: 'cors = ["app", "public"]', app: credentials });
  assert.deepEqual(open, ["config/open-writes locations.orders.cors"]);
  assert.deepEqual(noted({ location: 'cors = ["app", "public"]' }), []);
});

test("an `on_mismatch` that the list overrules is a warning at the rule, with the place where it is set", (t) => {
  const warned = (location: string, app: string) =>
    loadFiles(t, file({ location: `cors = ${location}`, app })).diagnostics.filter(
      ({ code }) => code === "config/weakened-rule",
    );
  const reject = 'on_mismatch = "reject"';
  const other = (more = "") => `{ allow_origins = "https://b.example"${more} }`;

  const [open] = warned('["app", "public"]', reject);
  assert.deepEqual([open?.severity, open?.path], ["warning", "locations.orders.cors[0]"]);
  assert.match(open!.why, /`public` allows every origin/);
  assert.equal(open!.also?.[0]?.path, "policies.app.on_mismatch");

  const [last] = warned(`["app", ${other(', on_mismatch = "reject-writes"')}]`, reject);
  assert.match(last!.why, /refused by the last rule, .* is `reject-writes`/);
  assert.equal(last!.fix?.say, 'write on_mismatch = "reject" in the last rule');

  assert.deepEqual(warned(`["app", ${other(`, ${reject}`)}]`, reject), []);
  assert.deepEqual(warned(`[${other()}, "app"]`, reject), []);
  // A lock that is stricter than a rule needs is not a fault.
  assert.deepEqual(warned(`["app", ${other(`, ${reject}`)}]`, 'on_mismatch = "omit"'), []);
});

test("the path guard treats equal rules at two levels as one policy, and another order as a different one", (t) => {
  const differ = (location: string): boolean => {
    const loaded = loadFiles(
      t,
      file({
        server: 'cors = ["app", "public"]',
        location: `path = "/orders"\ncors = ${location}`,
      }),
    );
    return hasSeveralVoices(loaded.config!.servers[0]!);
  };
  assert.equal(differ('["app", "public"]'), false);
  assert.equal(differ('["public", "app"]'), true);
  assert.equal(differ('"app"'), true);
});

test("a list used in many locations compiles its policies once", (t) => {
  const origins = Array.from({ length: 2000 }, (_, index) => `"https://${index}.example"`);
  const locations = Array.from(
    { length: 300 },
    (_, index) =>
      `[locations.l${index}]\npath = "/${index}"\nupstream = "api"\ncors = ["many", "app"]\n`,
  );
  const text = `${file({})}[policies.many]\nallow_origins = [${origins.join(", ")}]\n${locations.join("")}`;
  const loaded = loadFiles(t, text);
  const lists = loaded.config!.servers[0]!.routes.flatMap(({ cors }) =>
    cors.kind === "rules" ? [cors.rules] : [],
  );
  assert.equal(lists.length, 300);
  assert.equal(new Set(lists).size, 1, "they share one list, which is compiled once");
});
