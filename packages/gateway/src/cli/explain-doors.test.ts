// Bad input at each door of corsway explain: a clear word and exit status 2, whatever is handed over.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { Readable } from "node:stream";
import { test, type TestContext } from "node:test";
import { good } from "../../../../test/support/config-folder.ts";
import { runCommand } from "../../../../test/support/terminal.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const page = ["https://api.example.com/users", "--origin", "https://app.example.com"];
const head = "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://app.example.com\r\n\r\n";

function folderWith(t: TestContext, files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = temporaryFolder(t, {});
  for (const [name, content] of Object.entries(files))
    writeFileSync(path.join(folder, name), content);
  mkdirSync(path.join(folder, "folder"));
  return folder;
}

test("a file that is none of what a door takes is refused in one sentence", async (t) => {
  const folder = folderWith(t, {
    empty: "",
    binary: Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256)),
    "page.html": "<!doctype html>\n<html><body>It is down</body></html>\n",
    "long.log": "a line of a log without any meaning \n".repeat(30_000),
    "cut.har": '{"log":{"entries":[{"request":',
    "list.json": "[]",
    "null.json": "null",
    "odd.har": '{"log":{"entries":[null,1,{"request":{"url":5,"method":[]}}]}}',
  });
  for (const door of ["--answer", "--transcript", "--har", "--preflights", "--config"])
    for (const file of [
      "empty",
      "binary",
      "page.html",
      "long.log",
      "cut.har",
      "list.json",
      "null.json",
      "odd.har",
      "folder",
      "none",
    ]) {
      const positional = door === "--preflights" ? page.slice(1) : page;
      const said = await runCommand(folder, ["explain", ...positional, door, file]);
      const what = `${door} ${file}: ${said.err}`;
      assert.deepEqual([said.code, said.out], [2, ""], what);
      assert.match(said.err, /^(?:corsway explain: |error\[)/, what);
      assert.doesNotMatch(said.err, /\n\s+at .*\.[jt]s:\d|undefined|\[object/, what);
      // eslint-disable-next-line no-control-regex
      assert.doesNotMatch(said.err, /[\0-\x08\x0b-\x1f]/, `control bytes: ${what}`);
    }
});

test("an answer is read in each encoding and with each line ending that tools write", async (t) => {
  const folder = folderWith(t, {
    lf: head.replaceAll("\r\n", "\n"),
    cr: head.replaceAll("\r\n", "\r"),
    bom: `\uFEFF${head}`,
    "utf-16le": Buffer.from(`\uFEFF${head}`, "utf16le"),
    "utf-16be": Buffer.from(`\uFEFF${head}`, "utf16le").swap16(),
    "windows-1252": Buffer.from(head.replace("OK\r\n", "OK\r\nX-Name: J\u00fcrg\r\n"), "latin1"),
  });
  for (const file of ["lf", "cr", "bom", "utf-16le", "utf-16be", "windows-1252"]) {
    const said = await runCommand(folder, ["explain", ...page, "--answer", file]);
    assert.deepEqual([said.code, said.err], [0, ""], file);
    assert.match(said.out, /^readable /, file);
  }
});

test("stdin that is closed or empty is reported at each door that reads it", async () => {
  for (const door of ["--answer", "--transcript", "--curl", "--message", "--preflights"]) {
    const positional = door === "--preflights" ? page.slice(1) : page;
    const said = await runCommand("/", ["explain", ...positional, door, "-"]);
    assert.deepEqual([said.code, said.out], [2, ""], door);
    assert.match(said.err, /nothing was piped in/, door);
  }
  const har = await runCommand("/", ["explain", "--har", "-"]);
  assert.match(har.err, /it is empty/);
});

test("10 MB at a door cost bounded time and memory", async () => {
  const line = "the quick brown fox curl fetch jumps over $ PS C: \n";
  for (const door of ["--curl", "--message", "--answer"]) {
    const input = Readable.from([Buffer.from(line.repeat(200_000))]);
    const said = await runCommand("/", ["explain", ...page, door, "-"], { input });
    assert.deepEqual([said.code, said.out], [2, ""], door);
  }
});

test("a flag that would have no effect is refused, and so is a value that cannot be meant", async (t) => {
  const folder = folderWith(t, { "corsway.toml": good });
  const cases: readonly (readonly [RegExp, ...(readonly string[])])[] = [
    [/--upstream-status is for --config/, ...page, "--upstream-status", "500"],
    [/--as cannot be combined with --har/, "--har", "x.har", "--as", "img"],
    [/--csp cannot be combined with --har/, "--har", "x.har", "--csp", "default-src 'self'"],
    [/--third-party-cookies .* --har/, "--har", "x.har", "--third-party-cookies", "blocked"],
    [/--read .* --message/, "--message", "x", "--read", "X-A"],
    [/--dry-run .* --config/, ...page, "--config", "corsway.toml", "--dry-run"],
    [/`a b` is not the name of a header/, ...page, "--read", "a b"],
    [/`--as xhr` has no --mode/, ...page, "--as", "xhr", "--mode", "no-cors"],
    [/`\/users` has no host/, "/users", ...page.slice(1)],
    [/is a pattern, not an origin/, page[0]!, "--origin", "https://*.example.com"],
    [/is more than one origin/, page[0]!, "--origin", "https://a.test, https://b.test"],
  ];
  for (const [says, ...argv] of cases) {
    const { code, out, err } = await runCommand(folder, ["explain", ...argv]);
    assert.deepEqual([code, out], [2, ""], argv.join(" "));
    assert.match(err, says);
  }
});
