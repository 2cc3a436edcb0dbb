// The schema is generated from the definition, matches the committed file, and agrees with check.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Ajv2020 } from "ajv/dist/2020.js";
import { parse } from "smol-toml";
import { configSchema } from "./schema.ts";
import { good } from "../../../../../test/support/config-folder.ts";

const docs = new URL("../../../../../docs/", import.meta.url);
const ajv = new Ajv2020({ strict: false, validateFormats: false });
const validate = ajv.compile(configSchema());
const plain = (text: string): unknown => JSON.parse(JSON.stringify(parse(text)));

test("the committed schema is up to date", () => {
  const committed: unknown = JSON.parse(readFileSync(new URL("corsway.schema.json", docs), "utf8"));
  const hint = "write it anew: npm run corsway -- check --print schema > docs/corsway.schema.json";
  assert.deepEqual(committed, JSON.parse(JSON.stringify(configSchema())), hint);
});

test("the schema accepts every valid example of the reference, and none with a misspelt key", () => {
  const reference = readFileSync(new URL("reference/config.md", docs), "utf8");
  const examples = [...reference.matchAll(/```toml check\n([^]*?)```/g)].map(([, text]) => text!);
  assert.ok(examples.length >= 3);
  for (const text of [good, ...examples]) {
    assert.ok(validate(plain(text)), `${JSON.stringify(validate.errors)}\n${text}`);
  }
  for (const slip of [
    good.replace("path =", "pth ="),
    good.replace("addrs", "adrs"),
    good.replace("allow_origins", "allow_orgins"),
    `[limits]\nheader_syze = 1\n`,
  ]) {
    assert.equal(validate(plain(slip)), false, slip);
  }
});

test("the schema accepts Pingap's files and every spelling of a header name", () => {
  const guide = readFileSync(new URL("guide/moving-in.md", docs), "utf8");
  const examples = [...guide.matchAll(/```toml check\n([^]*?)```/g)].map(([, text]) => text!);
  const spelt = ["access-control-allow-origin", "Access-Control-Allow-Origin", "allowOrigins"].map(
    (name) => good.replace("allow_origins", JSON.stringify(name)),
  );
  const included = `${good}[locations.more]\nincludes = ["x"]\n[storages.x]\nvalue = ""\n`;
  for (const text of [...examples, ...spelt, included, `${good}[basic]\nthreads = 2\n`]) {
    assert.ok(validate(plain(text)), `${JSON.stringify(validate.errors)}\n${text}`);
  }
});

test("the schema rejects a misspelt section and an invalid origin, path or rewrite", () => {
  for (const [from, to] of [
    ["[servers", "[server"],
    ["https://app.example.com", "https://app.example.com/"],
    ["https://app.example.com", "app.example.com"],
    ['["https://app.example.com"]', "[]"],
    ['"/orders"', '"orders"'],
    ['"/orders"', '"/orders"\nrewrite = "^/orders"'],
  ] as const) {
    assert.equal(validate(plain(good.replace(from, to))), false, to);
  }
});

test("every key has a description", () => {
  const silent: string[] = [];
  const walk = (schema: unknown, path: string): void => {
    if (typeof schema !== "object" || schema === null) return;
    const { properties } = schema as { properties?: Record<string, { description?: string }> };
    for (const [name, inner] of Object.entries(properties ?? {})) {
      const section = path === "" || ["policies"].includes(name);
      if (!section && !inner.description) silent.push(`${path}.${name}`);
      walk(inner, `${path}.${name}`);
      walk((inner as { additionalProperties?: unknown }).additionalProperties, `${path}.${name}`);
    }
  };
  walk(configSchema(), "");
  assert.deepEqual(silent, []);
});
