// check --fix applies fixes that have one safe edit, and keeps every other byte.

import assert from "node:assert/strict";
import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { runCommand } from "../../../../../test/support/terminal.ts";
import { fixText } from "./fix.ts";
import { good, loadFiles } from "../../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../../test/support/temporary-folder.ts";

const broken = `\uFEFF# café, kept\r
[servers.public]\r
addr = "http://127.0.0.1:8080"   # a comment, kept\r
[upstreams.api]\r
adrs = [ "127.0.0.1:5001", ]\r
max_connections = "30"\t# kept\r
[locations.orders]\r
path = 'orders'\r
methods = ["get", 'PUT']\r
upstream = "api"\r
cors = "webapp"\r
[policies.webapp]\r
allow_origins = ["https://app.example.com/", "[https://b.example](https://b.example)"]\r
allow_credentials = "true"\r
`;
const mended = broken
  .replace("http://", "")
  .replace("adrs", "addrs")
  .replace('"30"', "30")
  .replace("'orders'", '"/orders"')
  .replace('"get"', '"GET"')
  .replace("example.com/", "example.com")
  .replace("[https://b.example](https://b.example)", "https://b.example")
  .replace('"true"', "true");

test("safe fixes are applied, and a byte-order mark, comments and CRLF are kept", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": broken });
  const { code, out, err } = await runCommand(cwd, ["check", "--fix"]);
  assert.equal(readFileSync(join(cwd, "corsway.toml"), "utf8"), mended);
  assert.equal(code, 0, out);
  assert.equal(err.match(/^fixed /gm)?.length, 8);
  assert.match(err, /^fixed {2}corsway\.toml:5:1 {2}it is now addrs$/m);
  const again = await runCommand(cwd, ["check", "--fix"]);
  assert.equal(again.err, "");
});

test("a fault that needs a person's choice is not fixed", async (t) => {
  const text = good.replace('cors = "webapp"', 'cors = "wepapp"');
  const cwd = temporaryFolder(t, { "corsway.toml": text });
  const { code, out } = await runCommand(cwd, ["check", "--fix"]);
  assert.equal(readFileSync(join(cwd, "corsway.toml"), "utf8"), text);
  assert.equal(code, 1);
  assert.match(out, /did you mean `webapp`/);
});

test("a misspelt key is not renamed if the correct key is present", (t) => {
  const text = good.replace('path = "/orders"', 'path = "/orders"\npaht = "/x"');
  const loaded = loadFiles(t, text);
  assert.deepEqual(fixText(text, "corsway.toml", loaded.diagnostics).mended, []);
});

test("a key similar to a known one but with another meaning is suggested, not renamed", async (t) => {
  const text = good
    .replace("[servers", '[global]\nmerge = "local-wins"\n[servers')
    .replace("[locations", "min_connections = 3\n[locations")
    .replace("allow_origins", "allow_null_origin = true\nmin_age = 3\ndisallow_origins");
  const cwd = temporaryFolder(t, { "corsway.toml": text });
  const { code, out, err } = await runCommand(cwd, ["check", "--fix"]);
  assert.equal(readFileSync(join(cwd, "corsway.toml"), "utf8"), text);
  assert.equal(err, "");
  assert.equal(code, 1);
  assert.match(out, /did you mean `max_connections`/);
  assert.match(out, /did you mean `dangerously_allow_null_origin`/);
  assert.doesNotMatch(out, /did you mean `(?:global-wins|allow_origins)`/);
});

test("a fault from an include is inside a string of its storage, which is left unchanged", async (t) => {
  const storage =
    'category = "config"\nvalue = "websocket_without_origin = \\"yes\\"\\ncors.allow_origins = \\"https://a.example/\\""\n';
  const flat = `category = "config"\nvalue = 'cors.allow_origins = "https://a.example/"'\n`;
  for (const text of [storage, flat]) {
    const cwd = temporaryFolder(t, {
      "corsway.toml": good.replace('cors = "webapp"', 'includes = ["more"]'),
      "storages/more.toml": text,
    });
    const { code } = await runCommand(cwd, ["check", ".", "--fix"]);
    assert.equal(readFileSync(join(cwd, "storages", "more.toml"), "utf8"), text);
    assert.equal(code, 1);
  }
});

test(
  "a read-only file is reported and left unchanged",
  { skip: process.getuid?.() === 0 ? "root may write everything" : false },
  async (t) => {
    const cwd = temporaryFolder(t, { "corsway.toml": broken });
    chmodSync(join(cwd, "corsway.toml"), 0o444);
    const { code, err } = await runCommand(cwd, ["check", "--fix"]);
    assert.match(err, /^corsway: corsway\.toml cannot be fixed: EACCES/);
    assert.equal(code, 1);
  },
);

test("the first of several overlapping edits is applied, and an edit that breaks the TOML is not", () => {
  const place = { file: "f", line: 1, column: 5, endLine: 1, endColumn: 6 };
  const fault = (text: string) => ({
    code: "x",
    severity: "error" as const,
    path: "",
    message: "",
    why: "",
    fix: { say: "", edit: { at: place, text } },
  });
  assert.equal(fixText("a = 1\n", "f", [fault("2"), fault("3")]).text, "a = 2\n");
  assert.equal(fixText("a = 1\n", "f", [fault('"'), fault("3")]).text, "a = 3\n");
});
