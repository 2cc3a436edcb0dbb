import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { keysOf, valuesOf, type FileSchema } from "./schema-keys.ts";

const schema = JSON.parse(
  readFileSync(new URL("../../../../docs/corsway.schema.json", import.meta.url), "utf8"),
) as FileSchema;
const labels = (offers: readonly { readonly label: string }[]): string[] =>
  offers.map(({ label }) => label);

test("the schema offers the sections of the file, and the keys of each with what they are for", () => {
  for (const section of ["global", "policies", "servers", "upstreams", "locations", "limits"])
    assert.ok(labels(keysOf(schema, "")).includes(section), section);
  const server = keysOf(schema, "servers.public");
  for (const key of ["addr", "hosts", "locations", "cors"])
    assert.ok(labels(server).includes(key), key);
  assert.match(server.find(({ label }) => label === "hosts")?.info ?? "", /421/);
  assert.ok(labels(keysOf(schema, 'policies."web app"')).includes("allow_origins"));
  assert.ok(labels(keysOf(schema, "limits")).includes("header_timeout"));
});

test("the schema offers the words that a key takes", () => {
  assert.deepEqual(labels(valuesOf(schema, "global", "merge")), [
    '"replace"',
    '"global-wins"',
    '"location-wins"',
  ]);
  assert.deepEqual(labels(valuesOf(schema, "policies.a", "allow_credentials")), ["true", "false"]);
  assert.ok(labels(valuesOf(schema, "policies.a", "on_mismatch")).includes('"reject-writes"'));
});

test("an unknown table or key offers nothing", () => {
  assert.deepEqual(keysOf(schema, "nothing.here"), []);
  assert.deepEqual(valuesOf(schema, "global", "nothing"), []);
});
