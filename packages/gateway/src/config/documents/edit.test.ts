import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "smol-toml";
import { editToml } from "./edit.ts";

const text = `#:schema ./corsway.schema.json
# the gateway
[policies.webapp]   # ours
allow_origins = ["https://app.example.com"] # one
allow_credentials = true

[servers.public]
addr   =   "127.0.0.1:8080"
`;

test("an edit changes one value and keeps every other byte", () => {
  const edited = editToml(text, [
    { path: ["policies", "webapp", "allow_credentials"], value: false },
  ]);
  assert.equal(edited, text.replace("allow_credentials = true", "allow_credentials = false"));
});

test("an edit can extend a list, add a key and remove a key", () => {
  const path = ["policies", "webapp"];
  const edited = editToml(text, [
    { path: [...path, "allow_origins"], value: ["https://app.example.com", "https://b.example"] },
    { path: [...path, "max_age"], value: 600 },
    { path: [...path, "allow_credentials"] },
  ]);
  const { policies } = parse(edited) as { policies: Record<string, unknown> };
  assert.deepEqual(JSON.parse(JSON.stringify(policies["webapp"])), {
    allow_origins: ["https://app.example.com", "https://b.example"],
    max_age: 600,
  });
  for (const kept of [
    "#:schema ./corsway.schema.json",
    "# the gateway",
    "# ours",
    'addr   =   "127',
  ])
    assert.ok(edited.includes(kept), kept);
});

test("a comment directly after a value stays, and so do the comments inside a list", () => {
  const dense = 'max_age = 0# none yet\t\nallow = [ # ours\n  "a", # the first\n]\n';
  const edited = editToml(dense, [
    { path: ["max_age"], value: 600 },
    { path: ["allow"], value: ["a", "b"] },
  ]);
  assert.ok(edited.startsWith("max_age = 600# none yet\t\n"), edited);
  for (const kept of ["# ours", "# the first"]) assert.ok(edited.includes(kept), edited);
});

test("a table is added at the end, a key next to its siblings, and a table is removed completely", () => {
  const added = editToml(text, [
    { path: ["policies", "open", "allow_origins"], value: "*" },
    { path: ["servers", "public", "hosts"], value: ["api.example.com"] },
  ]);
  assert.equal(
    added,
    `${text}hosts = ["api.example.com"]\n\n[policies.open]\nallow_origins = "*"\n`,
  );
  assert.equal(
    editToml(added, [{ path: ["policies", "webapp"] }]),
    added.replace(/\[policies\.webapp\][^]*?= true\n/, ""),
  );
  assert.equal(editToml("a.b = 1\n", [{ path: ["a", "c"], value: 2 }]), "a.b = 1\na.c = 2\n");
});

test("`__proto__` in a path changes nothing but the text", () => {
  for (const path of [
    ["__proto__", "polluted"],
    ["servers", "public", "__proto__", "polluted"],
    ["constructor", "prototype", "polluted"],
  ]) {
    try {
      editToml(text, [{ path, value: 1 }]);
    } catch {
      // Refused in words, as a change that cannot be made in place.
    }
    assert.equal(({} as Record<string, unknown>)["polluted"], undefined, path.join("."));
  }
});

test("text that is not TOML and paths through a value are refused with a message", () => {
  assert.throws(() => editToml("a = [", [{ path: ["a"], value: 1 }]));
  assert.throws(() => editToml(text, [{ path: ["servers", "public", "addr", "x"], value: 1 }]), {
    message: /passes through a value that is not a table/,
  });
});
