// For any bytes and any structure, reading never throws, returns a configuration exactly if there is no
// error, and gives every fault a place that exists. CORSWAY_FUZZ=10000 tries longer.

import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { policyCodes } from "@corsway/cors/diagnostics";
import { codes } from "./tree/codes.ts";
import { describeEffective } from "./effective.ts";
import { fixText } from "./documents/fix.ts";
import { checkText, loadConfig, type Loaded } from "./load.ts";
import { tomlKey, tomlString } from "./tree/show.ts";
import { good } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const numRuns = Number(process.env["CORSWAY_FUZZ"] ?? 300);

const full = `${good}allow_methods = "GET, PUT"
allow_credentials = true
max_age = "24h"
path = '^/api/'
[global]
cors = { allow_origins = ["https://b.example"], max_age = 5 }
merge = "global-wins"
[admin]
addr = "127.0.0.1:9090"
[limits]
header_size = "16kb"
trusted_proxies = "10.0.0.0/8"
[locations.files]
host = "*.example.com, a.example"
path = "~ ^/f(.*)"
methods = ["GET"]
kind = "http-file"
rewrite = "^/f(.*) /$1"
upstream = "api"
plugins = ["p"]
proxy_set_headers = ["A: b"]
[plugins.p]
category = "cors"
`;

/** The same with rules by origin, which no merge takes. */
const ruled = full
  .replace('merge = "global-wins"', 'merge = "replace"')
  .replace('cors = "webapp"', 'cors = ["webapp", { allow_origins = "*" }]');

/** Every promise about an outcome that holds whatever was read. */
function holds({ config, diagnostics, sources }: Loaded): void {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  assert.equal(config !== undefined, errors.length === 0);
  if (config) describeEffective(config);
  for (const { code, message, why, at, fix, also } of diagnostics) {
    assert.ok(code in codes || code in policyCodes, code);
    assert.ok(!message.includes("\n") && why.length > 0);
    for (const place of [at, fix?.edit?.at, ...(also ?? []).map((other) => other.at)]) {
      if (place === undefined) continue;
      const lines = sources.get(place.file)?.split("\n");
      const line = lines?.[place.line - 1];
      if (lines === undefined) continue;
      assert.ok(line !== undefined, `${code}: there is no line ${place.line}`);
      assert.ok(
        place.column >= 1 && place.column <= line.length + 1,
        `${code}: column ${place.column}`,
      );
    }
  }
}

test("mutations of a valid file", () => {
  const mutation = fc.record({
    at: fc.nat(full.length),
    cut: fc.nat(12),
    put: fc.oneof(
      fc.string({ maxLength: 6 }),
      fc.constantFrom(
        "[",
        "]",
        "{",
        "}",
        '"',
        "'",
        '"""',
        "=",
        "\n",
        "\r\n",
        "#",
        ".",
        ",",
        "\0",
        "${X}",
        "\u2028",
        "true",
        "1e999",
        "-",
        "🦊",
      ),
    ),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(full, ruled),
      fc.array(mutation, { minLength: 1, maxLength: 4 }),
      (file, mutations) => {
        let text = file;
        for (const { at, cut, put } of mutations)
          text = text.slice(0, at) + put + text.slice(at + cut);
        const loaded = checkText(text, "corsway.toml");
        holds(loaded);
        const fixed = fixText(text, "corsway.toml", loaded.diagnostics);
        if (fixed.mended.length > 0) holds(checkText(fixed.text, "corsway.toml"));
      },
    ),
    { numRuns },
  );
});

test("lines of a valid file, removed, duplicated and shuffled", () => {
  const lines = full.split("\n");
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...lines), { maxLength: 60 }), (chosen) => {
      holds(checkText(chosen.join("\n"), "corsway.toml"));
    }),
    { numRuns },
  );
});

test("known keys with values of every type", () => {
  const keys: readonly string[] = [
    ...new Set([...full.matchAll(/^([a-z_]+) =/gm)].map(([, key]) => key!)),
    "__proto__",
    "tls",
    "cors",
    "includes",
    "constructor",
  ];
  const { value } = fc.letrec<{ value: string; list: string; table: string }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.string({ maxLength: 12 }).map(tomlString),
      fc
        .constantFrom(
          "*",
          "null",
          "https://a.example",
          "/x",
          "10s",
          "127.0.0.1:80",
          "GET",
          "api",
          "webapp",
          "$http_origin",
          "~ ^(",
          "^/a /b$9",
        )
        .map(tomlString),
      fc.constantFrom(
        "true",
        "false",
        "0",
        "-1",
        "1.5",
        "inf",
        "nan",
        "2020-01-01",
        "07:32:00",
        "0xff",
        "[]",
        "{}",
      ),
      tie("list"),
      tie("table"),
    ),
    list: fc.array(tie("value"), { maxLength: 4 }).map((items) => `[${items.join(", ")}]`),
    table: fc
      .uniqueArray(fc.tuple(fc.constantFrom(...keys), tie("value")), {
        maxLength: 3,
        selector: ([key]) => key,
      })
      .map((pairs) => `{ ${pairs.map(([key, item]) => `${key} = ${item}`).join(", ")} }`),
  }));
  const section = fc.constantFrom(
    "global",
    "admin",
    "limits",
    "basic",
    "servers.a",
    "locations.a",
    "upstreams.api",
    "policies.webapp",
    "plugins.p",
    "storages.s",
    "locations",
    "policies.b.c",
  );
  const table = fc
    .tuple(
      section,
      fc.uniqueArray(
        fc.tuple(fc.oneof(fc.constantFrom(...keys), fc.string({ maxLength: 4 })), value),
        {
          maxLength: 5,
          selector: ([key]) => key,
        },
      ),
    )
    .map(
      ([name, pairs]) =>
        `[${name}]\n${pairs.map(([key, item]) => `${tomlKey(key)} = ${item}\n`).join("")}`,
    );
  fc.assert(
    fc.property(fc.array(table, { maxLength: 6 }), (tables) => {
      holds(checkText(tables.join(""), "corsway.toml"));
    }),
    {
      numRuns,
      examples: [[["[locations.a]\nplugins = []\nhost = [{  }]\n"]]],
    },
  );
});

test("random bytes", (t) => {
  const file = join(temporaryFolder(t, { "corsway.toml": "" }), "corsway.toml");
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(good.length), (bytes, at) => {
      writeFileSync(file, Buffer.concat([Buffer.from(good.slice(0, at)), bytes]));
      holds(loadConfig(file));
    }),
    { numRuns: Math.min(numRuns, 1000) },
  );
});
