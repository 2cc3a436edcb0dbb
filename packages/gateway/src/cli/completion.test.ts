// corsway completion: scripts that the shells accept, generated from the commands themselves.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { commands } from "./commands.ts";
import { runCommand } from "../../../../test/support/terminal.ts";

for (const shell of ["bash", "zsh", "fish"]) {
  test(`${shell}: every command is completed, and the shell accepts the script`, async (t) => {
    const folder = temporaryFolder(t, {});
    const { code, out } = await runCommand(folder, ["completion", shell]);
    assert.equal(code, 0);
    for (const name of Object.keys(commands)) assert.match(out, new RegExp(`\\b${name}\\b`));
    assert.match(out, /sarif/);
    const file = path.join(folder, "completion");
    writeFileSync(file, out);
    const parsed = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    if (parsed.error) t.diagnostic(`${shell} is not installed here: its syntax is not tried`);
    else assert.deepEqual([parsed.status, parsed.stderr], [0, ""]);
  });
}

const bash = spawnSync("bash", ["--version"]).error ? "there is no bash here" : false;
test("bash completes commands, options and choices", { skip: bash }, async (t) => {
  const { out } = await runCommand(temporaryFolder(t, {}), ["completion", "bash"]);
  const complete = (...typed: readonly string[]): string => {
    const words = ["corsway", ...typed].map((word) => `'${word}'`).join(" ");
    const script = `${out}\nCOMP_WORDS=(${words})\nCOMP_CWORD=${typed.length}\n_corsway\necho "\${COMPREPLY[*]}"\n`;
    return spawnSync("bash", { input: script, encoding: "utf8" }).stdout.trim();
  };
  assert.equal(complete("che"), "check");
  assert.equal(complete("check", "--fi"), "--fix");
  assert.equal(complete("check", "--format", "s"), "sarif");
  assert.equal(complete("check", "--format", "=", "s"), "sarif");
  assert.equal(complete("completion", "f"), "fish");
  assert.equal(complete("help", "expl"), "explain");
  assert.equal(complete("check", ""), "", "then bash completes files");
});

const fish = spawnSync("fish", ["--version"]).error ? "there is no fish here" : false;
test("fish completes commands, options and choices", { skip: fish }, async (t) => {
  const { out } = await runCommand(temporaryFolder(t, {}), ["completion", "fish"]);
  const complete = (typed: string): string[] => {
    const script = `${out}\ncomplete -C "corsway ${typed}"\n`;
    const { stdout } = spawnSync("fish", ["-c", script], { encoding: "utf8" });
    return stdout
      .trim()
      .split("\n")
      .map((line) => line.split("\t")[0]!);
  };
  assert.deepEqual(complete("che"), ["check"]);
  assert.deepEqual(complete("check --fi"), ["--fix"]);
  assert.deepEqual(complete("check --format s"), ["sarif"]);
  assert.deepEqual(complete("completion f"), ["fish"]);
});

test("an unknown shell is a usage error", async (t) => {
  const { code, err } = await runCommand(temporaryFolder(t, {}), ["completion", "tcsh"]);
  assert.equal(code, 2);
  assert.match(err, /bash, zsh, fish/);
});
