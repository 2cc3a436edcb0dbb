// Code scanning accepts what `check --format sarif` prints: the output is validated against the SARIF
// 2.1.0 schema (as a package ships it), for a file with faults of each severity and for a clean one.

import { Ajv } from "ajv";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { test } from "node:test";
import { root } from "../scripts/checks.ts";
import { minimalConfig } from "./support/config-folder.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const schema = JSON.parse(
  readFileSync(
    createRequire(import.meta.url).resolve(
      "@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json",
    ),
    "utf8",
  ),
) as Record<string, unknown>;
// It is written for draft 4; what it uses of that means the same in ajv's draft 7, but for its name.
delete schema["$schema"];
delete schema["id"];
// Formats (uri, date-time) are not what is in question, and ajv has none of its own.
const validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
  schema,
);

const folder = temporaryFolder();

interface Log {
  readonly runs: readonly { readonly results: readonly { readonly level: string }[] }[];
}

function check(toml: string): Log {
  writeFileSync(path.join(folder, "corsway.toml"), toml);
  const run = spawnSync(
    process.execPath,
    [
      "--conditions=source",
      path.join(root, "packages/gateway/bin/corsway.mjs"),
      "check",
      "--format",
      "sarif",
    ],
    { cwd: folder, encoding: "utf8", env: { ...process.env, INIT_CWD: folder } },
  );
  const log = JSON.parse(run.stdout) as Log;
  assert.ok(validate(log), JSON.stringify(validate.errors, null, 2));
  return log;
}

const around = `
${minimalConfig({ name: "users", path: "/users" })}`;

test("faults of every severity, with places and fixes, match the SARIF 2.1.0 schema", () => {
  const log = check(
    `${around}cors = { allow_origins = "https://app.example.com/", allow_methods = ["GET", "patch"], max_age = 90000, alow_headers = "A" }\n`,
  );
  const levels = log.runs[0]!.results.map(({ level }) => level);
  assert.ok(levels.includes("error") && levels.includes("warning"), levels.join());
});

test("a clean file produces a log without errors that matches the schema", () => {
  const log = check(`${around}cors = { allow_origins = "https://app.example.com" }\n`);
  assert.deepEqual(
    log.runs[0]!.results.filter(({ level }) => level === "error"),
    [],
  );
});

test("the schema rejects a document that is not SARIF", () => {
  assert.equal(validate({ version: "2.1.0", runs: [{ results: [{}] }] }), false);
});
