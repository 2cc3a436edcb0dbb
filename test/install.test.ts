// scripts/install.mjs, which runs before `npm start`, `npm test` and `npm run corsway`: what it prints
// if the machine's Node is too old and npm installed no newer one.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../scripts/checks.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();
before(() => {
  mkdirSync(path.join(folder, "scripts"));
  mkdirSync(path.join(folder, "node_modules", ".bin"), { recursive: true });
  copyFileSync(path.join(root, "scripts/install.mjs"), path.join(folder, "scripts/install.mjs"));
  writeFileSync(path.join(folder, "package-lock.json"), "{}");
  writeFileSync(path.join(folder, "node_modules", ".package-lock.json"), "{}"); // installed already
});

/** Runs the copy as if Node had that version. */
function installUnder(version: string): { status: number | null; stderr: string } {
  const copy = pathToFileURL(path.join(folder, "scripts/install.mjs")).href;
  const script = `Object.defineProperty(process, "versions", { value: { node: "${version}" } });
await import("${copy}");`;
  const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    encoding: "utf8",
  });
  return { status, stderr };
}

test("an old Node is reported with a remedy if npm did not install a newer one", () => {
  const { status, stderr } = installUnder("20.19.0");
  assert.equal(status, 1);
  assert.match(
    stderr,
    /^corsway needs Node 22\.19 or newer; this is 20\.19\.0, and npm brought none/,
  );
  assert.match(stderr, /npm ci --include=optional/);
  assert.equal(installUnder("22.18.9").status, 1);
});

test("a new Node is used as it is, and an old one runs the Node that npm installed", (t) => {
  assert.deepEqual(installUnder("22.19.0"), { status: 0, stderr: "" });
  if (process.platform === "win32") return t.skip("npm writes no link there, but a script");
  symlinkSync(process.execPath, path.join(folder, "node_modules", ".bin", "node"));
  assert.deepEqual(installUnder("20.19.0"), { status: 0, stderr: "" });
  return undefined;
});
