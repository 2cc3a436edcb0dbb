// A document cannot lie: every fenced block that is marked as a case is run.
//   ```toml check           `corsway check` finds it clean
//   ```toml check-fails     `corsway check` finds errors
//   ```console case         `$ corsway …` and what it prints, exactly; a line `…` stands for any lines
//   ```ts run               the module runs without an error
// And every link leads somewhere.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { glob } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { root } from "../scripts/checks.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

interface Block {
  readonly file: string;
  readonly line: number;
  readonly info: string;
  readonly text: string;
}

const folder = temporaryFolder();

const files: string[] = [];
for await (const file of glob(["*.md", "docs/**/*.md", "packages/*/README.md"], {
  cwd: root,
  exclude: (name) => name === "node_modules",
}))
  files.push(file);

const blocks = files.sort().flatMap(blocksOf);

function blocksOf(file: string): Block[] {
  const found: Block[] = [];
  const lines = readFileSync(path.join(root, file), "utf8").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const open = /^```(\S.*)$/.exec(lines[i]!);
    if (open === null) continue;
    const start = i;
    const body: string[] = [];
    for (i++; i < lines.length && lines[i] !== "```"; i++) body.push(lines[i]!);
    found.push({ file, line: start + 1, info: open[1]!.trim(), text: `${body.join("\n")}\n` });
  }
  return found;
}

function corsway(args: readonly string[], cwd: string): { status: number; output: string } {
  const run = spawnSync(
    process.execPath,
    ["--conditions=source", path.join(root, "packages/gateway/bin/corsway.mjs"), ...args],
    { cwd, encoding: "utf8", env: { ...process.env, INIT_CWD: cwd, NO_COLOR: "1" } },
  );
  return { status: run.status ?? 2, output: run.stdout + run.stderr };
}

const ran = new Map<string, number>();
function cases(info: string, run: (block: Block, cwd: string) => void): void {
  const found = blocks.filter((candidate) => candidate.info === info);
  ran.set(info, found.length);
  for (const block of found) {
    test(`${block.file}:${block.line} (${info})`, () => {
      const cwd = mkdtempSync(path.join(folder, "case-"));
      run(block, cwd);
    });
  }
}

cases("toml check", (block, cwd) => {
  writeFileSync(path.join(cwd, "corsway.toml"), block.text);
  const { status, output } = corsway(["check", "corsway.toml"], cwd);
  assert.equal(status, 0, output);
});

cases("toml check-fails", (block, cwd) => {
  writeFileSync(path.join(cwd, "corsway.toml"), block.text);
  const { status, output } = corsway(["check", "corsway.toml"], cwd);
  assert.equal(status, 1, output);
});

cases("console case", (block, cwd) => {
  const toml = blocks.filter(
    ({ file, info, line }) =>
      file === block.file && line < block.line && info.startsWith("toml check"),
  );
  if (toml.length > 0) writeFileSync(path.join(cwd, "corsway.toml"), toml.at(-1)!.text);
  const [command, ...expected] = block.text.trimEnd().split("\n");
  const match = /^\$ (?:npm run (?:-s )?corsway -- |corsway )(.*)$/.exec(command!);
  assert.ok(match !== null, `the first line is no command: ${command}`);
  const { output } = corsway(words(match[1]!), cwd);
  assertOutput(output.trimEnd(), expected.join("\n").trimEnd());
});

cases("ts run", (block, cwd) => {
  // Bare imports resolve as they do for a user who has installed the packages.
  symlinkSync(path.join(root, "node_modules"), path.join(cwd, "node_modules"), "junction");
  const file = path.join(cwd, "example.ts");
  writeFileSync(file, block.text);
  const run = spawnSync(process.execPath, ["--conditions=source", file], { cwd, encoding: "utf8" });
  assert.equal(run.status, 0, run.stderr);
});

/** As many as there were; a document that is shortened on purpose lowers its number here. */
const least = { "toml check": 18, "toml check-fails": 3, "console case": 10, "ts run": 7 };

test("the documents have the expected number of cases of each kind, and none of an unknown kind", () => {
  // A slip in a block's mark would take it out of the gate without a word.
  for (const [info, count] of Object.entries(least))
    assert.ok(
      (ran.get(info) ?? 0) >= count,
      `${ran.get(info)} blocks of \`${info}\`, not ${count}`,
    );
  assert.deepEqual([...ran.keys()].sort(), Object.keys(least).sort());
  const marked = blocks.filter(({ info }) => /\s/.test(info) && !ran.has(info));
  assert.deepEqual(
    marked.map(({ file, line, info }) => `${file}:${line} ${info}`),
    [],
  );
});

test("each theorem of docs/proofs.md is a property in the named test, with the stated number of cases", () => {
  const proofs = readFileSync(path.join(root, "docs/proofs.md"), "utf8");
  const rows = [...proofs.matchAll(/^\| .+ \| `([^`]+\.test\.ts)` \| (\d+) \|$/gm)];
  assert.ok(rows.length >= 15, `${rows.length} rows`);
  for (const [, file, cases] of rows) {
    const text = readFileSync(path.join(root, file!), "utf8").replaceAll(/(?<=\d)_(?=\d)/g, "");
    assert.match(text, new RegExp(`(?:numRuns: |numRuns = .*\\?\\? )${cases}\\b`), file);
  }
});

test("docs/proofs.md states how many cases of each kind the small proof in Chromium plays", () => {
  const proofs = readFileSync(path.join(root, "docs/proofs.md"), "utf8");
  const text = readFileSync(path.join(root, "test/proof/chromium.test.ts"), "utf8");
  const stated =
    /(\d+) generated exchanges, (\d+) acts and (\d+) cases of cookies in Chromium/.exec(proofs);
  const played = ["count", "actCount", "cookieCount"].map(
    (name) => new RegExp(`^const ${name} = (\\d+);$`, "m").exec(text)?.[1],
  );
  assert.deepEqual(stated?.slice(1), played);
});

test("every link in a document leads to an existing file and heading", () => {
  const dead: string[] = [];
  let links = 0;
  for (const file of files) {
    for (const [, target] of withoutFences(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(target!)) continue;
      links += 1;
      const [to = "", anchor] = target!.split("#", 2);
      const found = to === "" ? file : path.join(path.dirname(file), to);
      if (!existsSync(path.join(root, found))) dead.push(`${file}: ${target}`);
      else if (anchor !== undefined && !anchorsOf(found).includes(anchor))
        dead.push(`${file}: ${target}`);
    }
  }
  assert.ok(links > 20, "no link was found");
  assert.deepEqual(dead, []);
});

function withoutFences(file: string): string {
  return readFileSync(path.join(root, file), "utf8").replace(/^```[^]*?^```$/gm, "");
}

/** The anchors of a document's headings, as code hosts make them. */
function anchorsOf(file: string): string[] {
  return [...withoutFences(file).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}

/** Words of a command line: spaces separate, single and double quotes keep together. */
function words(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map((m) => (m[1] ?? m[2] ?? m[3])!);
}

function assertOutput(actual: string, expected: string): void {
  if (!expected.split("\n").includes("…")) {
    assert.equal(actual, expected);
    return;
  }
  const parts = expected.split(/^…$/m).map((part) => part.replace(/^\n|\n$/g, ""));
  let from = 0;
  for (const part of parts) {
    const at = actual.indexOf(part, from);
    assert.ok(at >= 0, `not found in the output:\n${part}\n\noutput:\n${actual}`);
    from = at + part.length;
  }
}
