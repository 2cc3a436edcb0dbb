// corsway check, as a user runs it.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { good } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { runCommand } from "../../../../test/support/terminal.ts";

const fine = good.replace(
  '["https://app.example.com"]',
  '["https://app.example.com"]\nallow_methods = "GET, HEAD, POST"',
);

test("a valid file prints a summary, exit 0", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": fine });
  const said = await runCommand(cwd, ["check"]);
  assert.deepEqual(said, {
    code: 0,
    out: "corsway.toml is good: 1 location, 1 policy, 1 server\n",
    err: "",
  });
});

test("warnings are shown and do not fail the check", async (t) => {
  const cwd = temporaryFolder(t, {
    "corsway.toml": `${fine}[upstreams.spare]\naddrs = ["127.0.0.1:1"]\n`,
  });
  const { code, out } = await runCommand(cwd, ["check"]);
  assert.equal(code, 0);
  assert.match(out, /warning\[config\/unused-upstream\]/);
  assert.match(out, /is good: .*, 1 warning\n$/);
});

test("a fault is shown with its line, a caret, the reason and the fix, exit 1", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": fine.replace("5001", "x") });
  const { code, out, err } = await runCommand(cwd, ["check"]);
  assert.deepEqual([code, err], [1, ""]);
  assert.equal(
    out,
    [
      "error[config/address] `127.0.0.1:x` is not an address",
      "  at    corsway.toml:5:11  upstreams.api.addrs[0]",
      '  5 | addrs = ["127.0.0.1:x"]',
      "    |           ^^^^^^^^^^^",
      "  why   an address is a host and a port: the port is missing or not a number",
      '  fix   write "127.0.0.1:5001"',
      "",
      "corsway.toml cannot be served: 1 error",
      "",
    ].join("\n"),
  );
});

test("stdout contains only JSON, even for a missing file, exit 2", async (t) => {
  const cwd = temporaryFolder(t, {});
  const { code, out } = await runCommand(cwd, ["check", "--format", "json"]);
  assert.equal(code, 2);
  const told = JSON.parse(out) as { ok: boolean; diagnostics: { code: string }[] };
  assert.equal(told.ok, false);
  assert.deepEqual(
    told.diagnostics.map((diagnostic) => diagnostic.code),
    ["toml/unreadable"],
  );
});

test("a missing file is reported on stderr, exit 2", async (t) => {
  const { code, out, err } = await runCommand(temporaryFolder(t, {}), ["check", "nope.toml"]);
  assert.deepEqual([code, out], [2, ""]);
  assert.match(err, /`nope.toml` cannot be read: there is no such file/);
});

test("wrong usage exits with 2 and prints the correct usage", async (t) => {
  const cwd = temporaryFolder(t, {});
  const option = await runCommand(cwd, ["check", "--fromat", "json"]);
  assert.equal(option.code, 2);
  assert.match(option.err, /Did you mean --format\?/);
  const value = await runCommand(cwd, ["check", "--format", "yaml"]);
  assert.equal(value.code, 2);
  assert.match(value.err, /text, json, sarif/);
  const command = await runCommand(cwd, ["chekc"]);
  assert.equal(command.code, 2);
  assert.match(command.err, /Did you mean check\?/);
});

test("help and version are printed to stdout, exit 0", async (t) => {
  const cwd = temporaryFolder(t, {});
  for (const argv of [["--help"], ["help", "check"], ["check", "--help"], ["--version"]]) {
    const said = await runCommand(cwd, argv);
    assert.deepEqual([said.code, said.err], [0, ""], argv.join(" "));
    assert.ok(said.out.length > 0);
  }
});

test("as a process, PATH is resolved from the user's directory, under npm too", (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": fine });
  const bin = fileURLToPath(new URL("../../bin/corsway.mjs", import.meta.url));
  const env = { ...process.env, npm_execpath: "npm", INIT_CWD: cwd, NO_COLOR: "1" };
  const run = spawnSync(process.execPath, [bin, "check"], { encoding: "utf8", env, cwd: "/" });
  assert.equal(run.stdout, "corsway.toml is good: 1 location, 1 policy, 1 server\n");
  assert.deepEqual([run.status, run.stderr], [0, ""]);
});

test("SARIF names the tool, the rule and the place", async (t) => {
  const cwd = temporaryFolder(t, { "corsway.toml": fine.replace("5001", "x") });
  const { code, out } = await runCommand(cwd, ["check", "--format", "sarif"]);
  assert.equal(code, 1);
  const [run] = (
    JSON.parse(out) as {
      runs: readonly { tool: { driver: { name: string } }; results: unknown[] }[];
    }
  ).runs;
  assert.equal(run!.tool.driver.name, "corsway");
  assert.match(
    JSON.stringify(run!.results),
    /"ruleId":"config\/address".*"uri":"corsway.toml".*"startLine":5/,
  );
});

test("--print schema prints the schema, without a file", async (t) => {
  const { code, out } = await runCommand(temporaryFolder(t, {}), ["check", "--print", "schema"]);
  assert.equal(code, 0);
  assert.equal((JSON.parse(out) as { title: string }).title, "Corsway's configuration");
});

test("an environment overlays the files, and a missing one is reported", async (t) => {
  const overlay = '[upstreams.api]\naddrs = ["127.0.0.1:x"]\n';
  const cwd = temporaryFolder(t, { "corsway.toml": fine, "corsway.prod.toml": overlay });
  assert.equal((await runCommand(cwd, ["check"])).code, 0);
  const prod = await runCommand(cwd, ["check", "--env", "prod"]);
  assert.equal(prod.code, 1);
  assert.match(prod.out, /at {4}corsway\.prod\.toml:2:11 {2}upstreams\.api\.addrs\[0\]/);
  const none = await runCommand(cwd, ["check", "--env", "test"]);
  assert.equal(none.code, 1);
  assert.match(none.out, /the environment `test` has no file[^]*known environments: prod/);
});

test("in SARIF every fault has a file, as code hosts require", async (t) => {
  const cwd = temporaryFolder(t, { "empty.toml": "", "conf/a.toml": "" });
  for (const [path, uri] of [
    ["empty.toml", "empty.toml"],
    ["conf", "conf/a.toml"],
    ["gone.toml", "gone.toml"],
  ] as const) {
    const { out } = await runCommand(cwd, ["check", path, "--format", "sarif"]);
    const { runs } = JSON.parse(out) as {
      runs: { results: { locations: { physicalLocation: unknown }[] }[] }[];
    };
    assert.deepEqual(
      runs[0]!.results.map(({ locations }) => locations[0]!.physicalLocation),
      [{ artifactLocation: { uri }, region: { startLine: 1, startColumn: 1 } }],
    );
  }
});
