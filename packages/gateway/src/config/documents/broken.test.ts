// Broken files: each gets a clear fault, never an exception.

import assert from "node:assert/strict";
import { chmodSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { loadConfig } from "../load.ts";
import { good, loadFiles, told } from "../../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../../test/support/temporary-folder.ts";

test("a missing file is reported as unreadable", (t) => {
  const loaded = loadFiles(t, {}, { path: "corsway.toml" });
  assert.deepEqual(told(loaded), ["toml/unreadable"]);
  assert.match(loaded.unreadable ?? "", /no such file/);
});

test("a directory without TOML files is reported as unreadable", (t) => {
  const loaded = loadFiles(t, { "notes.txt": "" });
  assert.match(loaded.unreadable ?? "", /no \*\.toml file/);
});

test(
  "a directory without read permission is reported as unreadable",
  { skip: process.getuid?.() === 0 ? "root may read everything" : false },
  (t) => {
    const folder = temporaryFolder(t, { "corsway.toml": good });
    chmodSync(folder, 0o000);
    const { unreadable } = loadConfig(folder);
    chmodSync(folder, 0o700); // before the folder is taken away, which needs it
    assert.match(unreadable ?? "", /permission is denied/);
  },
);

test("circular links and a directory named like a file are reported", (t) => {
  const folder = temporaryFolder(t, {});
  symlinkSync(join(folder, "a.toml"), join(folder, "b.toml"));
  symlinkSync(join(folder, "b.toml"), join(folder, "a.toml"));
  assert.match(loadConfig(join(folder, "a.toml")).unreadable ?? "", /loop/);
  mkdirSync(join(folder, "c"));
  mkdirSync(join(folder, "c", "d.toml"));
  assert.match(loadConfig(join(folder, "c")).unreadable ?? "", /no \*\.toml file/);
});

test("an unreadable file in a directory is reported along with the faults of the other files", (t) => {
  const folder = temporaryFolder(t, { "a.toml": `${good}x = 1\n` });
  symlinkSync(join(folder, "gone.toml"), join(folder, "b.toml"));
  const codes = loadConfig(folder, { base: folder }).diagnostics.map(({ code }) => code);
  assert.deepEqual(codes.sort(), ["policy/unknown-key", "toml/unreadable"]);
});

test("a byte-order mark and CRLF change nothing, and places stay correct", (t) => {
  const windows = `\uFEFF${good.replaceAll("\n", "\r\n")}`;
  assert.ok(loadFiles(t, windows).config);
  const broken = `\uFEFF${good.replace("5001", "x").replaceAll("\n", "\r\n")}`;
  assert.deepEqual(told(loadFiles(t, broken)), [
    "config/address corsway.toml:5:11 upstreams.api.addrs[0]",
  ]);
});

test("bytes that are not UTF-8 are reported with their line and column", (t) => {
  const bytes = Buffer.concat([Buffer.from(`${good}# caf`), Buffer.from([0xe9, 0x0a])]);
  assert.deepEqual(told(loadFiles(t, { "corsway.toml": bytes }, { path: "corsway.toml" })), [
    "toml/encoding corsway.toml:14:6",
  ]);
});

test("JavaScript's built-in property names work like any other name", (t) => {
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const loaded = loadFiles(t, good.replaceAll("webapp", name).replaceAll("orders", name));
    assert.ok(loaded.config, JSON.stringify(loaded.diagnostics));
    assert.equal(loaded.config.servers[0]!.routes[0]!.location.name, name);
    const key = loadFiles(t, good.replace("path =", `${name} = 1\npath =`));
    assert.deepEqual(told(key), [`config/unknown-key corsway.toml:8:1 locations.orders.${name}`]);
  }
});

test("a section of the wrong type is reported", (t) => {
  const loaded = loadFiles(
    t,
    `servers = 1\nlocations = ["a"]\nadmin = true\nlimits = "many"\nglobal = []\n[[upstreams]]\nx = 1\n`,
  );
  const codes = new Set(loaded.diagnostics.map(({ code, path }) => `${code} ${path}`));
  for (const path of ["servers", "locations", "admin", "limits", "global", "upstreams"]) {
    assert.ok(codes.has(`config/wrong-type ${path}`), `${path}: ${[...codes].join(", ")}`);
  }
});

test("text that is not TOML gets a hint about the likely mistake", (t) => {
  const fixes = (line: string): string | undefined =>
    loadFiles(t, `${good}${line}\n`).diagnostics.find(({ code }) => code === "toml/syntax")?.fix
      ?.say;
  assert.match(fixes("max_age = yes") ?? "", /write true/);
  assert.match(fixes("max_age = 24h") ?? "", /quotes|TOML is/);
  assert.match(fixes("expose_headers = X-Id") ?? "", /"X-Id"/);
  assert.match(fixes("max_age: 3") ?? "", /key = value/);
  assert.match(fixes("max_age =") ?? "", /a value/);
  assert.match(fixes("[policies.x") ?? "", /close/);
  assert.match(fixes('max_age = "1h') ?? "", /close the string/);
});

test("an unclosed list is reported once, without follow-up faults", (t) => {
  const loaded = loadFiles(t, good.replace('["127.0.0.1:5001"]', '["127.0.0.1:5001",'));
  assert.ok(loaded.diagnostics.length <= 2, told(loaded).join("\n"));
  assert.equal(loaded.diagnostics[0]!.code, "toml/syntax");
});

test("a duplicate table is reported as a duplicate, even below a list", (t) => {
  const loaded = loadFiles(t, `${good}[upstreams.api]\naddrs = ["127.0.0.1:5002"]\n`);
  assert.deepEqual(told(loaded), ["toml/duplicate-key corsway.toml:14:2 upstreams.api"]);
  assert.equal(loaded.diagnostics[0]!.also?.[0]?.at?.line, 4);
  const open = good.replace('"127.0.0.1:5001"]', '"127.0.0.1:5001"');
  const [fault] = loadFiles(t, open).diagnostics;
  assert.match(fault!.message, /the `\[` opened on line 5 is not closed/);
});

test("table names nested too deeply are reported at their place", (t) => {
  const deep = `${good}[locations.${Array.from({ length: 80 }, () => "a").join(".")}]\n`;
  assert.deepEqual(told(loadFiles(t, deep)), ["toml/too-deep corsway.toml:14:138"]);
});

test("a key on an unparsable line is not reported as missing", (t) => {
  const loaded = loadFiles(t, good.replace('upstream = "api"', "upstream = api"));
  assert.deepEqual(told(loaded), ["toml/syntax corsway.toml:9:12"]);
  const header = loadFiles(t, good.replace("[policies.webapp]", "[policies.webapp"));
  assert.deepEqual(told(header), ["toml/syntax corsway.toml:12:17"]);
});
