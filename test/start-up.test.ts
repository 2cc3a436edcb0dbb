// What each command loads. A start is mostly the loading of modules (docs/performance.md), and one import
// too many is noticed by nobody.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { root } from "../scripts/checks.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const config = `
[servers.public]
addr = "127.0.0.1:0"
[upstreams.api]
addrs = ["127.0.0.1:1"]
[policies.webapp]
allow_origins = ["https://app.example.com"]
[locations.all]
path = "/"
upstream = "api"
cors = "webapp"
`;

/** The modules that a command loads, without what the program itself is not asked for: `src/…`, `re2js/…`. */
async function loaded(
  t: TestContext,
  args: readonly string[],
  text = config,
): Promise<readonly string[]> {
  const folder = temporaryFolder(t);
  const list = path.join(folder, "modules.txt");
  const file = path.join(folder, "corsway.toml");
  writeFileSync(file, text);
  const hook = path.join(root, "test/support/list-modules.mjs");
  const main = path.join(root, "packages/gateway/bin/corsway.mjs");
  const child = spawn(
    process.execPath,
    ["--conditions=source", "--import", hook, main, ...args, file],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LIST_MODULES: list, XDG_STATE_HOME: folder, NODE_OPTIONS: "" },
    },
  );
  let said = "";
  for await (const chunk of child.stderr) {
    said += String(chunk);
    if (/serves .*generation 1/.test(said)) child.kill("SIGTERM");
  }
  assert.ok(existsSync(list), said);
  const modules = readFileSync(list, "utf8").trim().split("\n");
  assert.ok(
    modules.some((module) => module.includes("/smol-toml/")),
    said,
  );
  return modules.map((module) => module.replace(/^.*\/(?:node_modules|packages)\//, ""));
}

/** Asserts that none of the modules is in one of these folders or packages. */
function loadsNone(modules: readonly string[], folders: readonly string[]): void {
  for (const folder of folders)
    assert.deepEqual(
      modules.filter((module) => module.startsWith(folder)),
      [],
      `${folder} is loaded`,
    );
}

const never = [
  "@babel/",
  "@clack/",
  "@hono/",
  "@modelcontextprotocol/",
  "acorn/",
  "hono/",
  "zod/",
  "node:http",
  "node:https",
  "node:sqlite",
  "node:tls",
  "cors/src/explain/",
  "cors/src/browser/",
  "cors/src/adapters/",
  "gateway/src/migrate/",
  "gateway/src/responders/",
  "gateway/src/recipes/",
];
const onlyWithAFault = ["toml-eslint-parser/", "@decimalturn/"];
const serving = ["clock", "engine", "http1", "head", "route", "walk", "upstream", "crew"].map(
  (room) => `gateway/src/${room}/`,
);

test("`check` loads nothing of the gateway's wire, of explain, or of what only a fault needs", async (t) => {
  const modules = await loaded(t, ["check"]);
  loadsNone(modules, [...never, ...serving, ...onlyWithAFault, "re2js/", "gateway/src/admin/"]);
});

test("`serve` loads neither the admin API, several processes, explain, nor what only a fault needs", async (t) => {
  const modules = await loaded(t, ["serve"]);
  loadsNone(modules, [
    ...never,
    ...onlyWithAFault,
    "re2js/",
    "node:cluster",
    "node:worker_threads",
    "gateway/src/admin/api.ts",
    "gateway/src/crew/crew-of-many.ts",
  ]);
});

test("the RE2 library and the parser for places are loaded when a configuration needs them", async (t) => {
  const text = config.replace('path = "/"', 'path = "~^/v[0-9]+/"\nretries = 1');
  const modules = await loaded(t, ["check"], text);
  for (const needed of ["re2js/", "toml-eslint-parser/"])
    assert.ok(
      modules.some((module) => module.startsWith(needed)),
      needed,
    );
});
