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

test("text that is not TOML and paths through a value are refused with a message", () => {
  assert.throws(() => editToml("a = [", [{ path: ["a"], value: 1 }]));
  assert.throws(() => editToml(text, [{ path: ["servers", "public", "addr", "x"], value: 1 }]), {
    message: /passes through a value that is not a table/,
  });
});
