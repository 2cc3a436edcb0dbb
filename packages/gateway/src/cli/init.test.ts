// corsway init: a file that check finds clean, or nothing.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folderOf } from "../config/test-folder.ts";
import { runCommand } from "./test-terminal.ts";

const flags = ["init", "--api", "127.0.0.1:5001", "--origins", "https://app.example.com"];

for (const more of [
  [],
  ["--credentials"],
  ["--methods", "PUT,DELETE", "--headers", "Content-Type, X-Auth-Token"],
  ["--api", "https://api.internal", "--origins", "https://*.example.com,http://localhost:*"],
  ["--origins", "*", "--headers", "apikey"],
]) {
  test(`init ${more.join(" ")} writes a file that check finds clean`, async (t) => {
    const cwd = folderOf(t, {});
    const said = await runCommand(cwd, [...flags, ...more]);
    assert.deepEqual(said, { code: 0, out: "wrote corsway.toml\nnext: corsway serve\n", err: "" });
    const check = await runCommand(cwd, ["check"]);
    assert.equal(check.out, "corsway.toml is good: 1 location, 1 policy, 1 server\n");
  });
}

test("answers that make no sound policy are refused, and nothing is written", async (t) => {
  const cwd = folderOf(t, {});
  const { code, err } = await runCommand(cwd, [...flags, "--origins", "*", "--credentials"]);
  assert.equal(code, 1);
  assert.match(err, /credentials-with-any-origin/);
  assert.equal(existsSync(join(cwd, "corsway.toml")), false);
});

test("a file that is there stays, unless it is told otherwise", async (t) => {
  const cwd = folderOf(t, { "corsway.toml": "mine\n" });
  const { code, err } = await runCommand(cwd, flags);
  assert.equal(code, 1);
  assert.match(err, /is there already/);
  assert.equal(readFileSync(join(cwd, "corsway.toml"), "utf8"), "mine\n");
  assert.equal((await runCommand(cwd, [...flags, "--force"])).code, 0);
});

test("where nobody can be asked, it says what must be given", async (t) => {
  const { code, err } = await runCommand(folderOf(t, {}), ["init"]);
  assert.equal(code, 1);
  assert.match(err, /--api ADDRESS and --origins LIST must be given/);
});

test("a folder that is not there is could-not-run", async (t) => {
  const { code, err } = await runCommand(folderOf(t, {}), [
    ...flags.slice(0, 1),
    "x/y.toml",
    ...flags.slice(1),
  ]);
  assert.equal(code, 2);
  assert.match(err, /x\/y\.toml cannot be written/);
});

test("under npm the next command is npm's", async (t) => {
  const env = { npm_lifecycle_event: "corsway" };
  const { out } = await runCommand(folderOf(t, {}), flags, { env });
  assert.match(out, /next: npm run corsway -- serve\n/);
});
