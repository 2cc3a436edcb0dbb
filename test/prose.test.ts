// The worst words of the dialect that these texts once had, refused where a user reads: documents,
// diagnostics, help and the gateway's own answers. CONTRIBUTING has the habits with examples.
//
// `prose-debt.json` counts today's hits a file. A count may go down and never up; a file that is not
// listed has none. `allowed` is for the places where the word is right.
//
//   npx node test/prose.test.ts --list    prints every hit
//   npx node test/prose.test.ts --write   lowers the counts to today's

import assert from "node:assert/strict";
import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../scripts/checks.ts";

const refused: readonly RegExp[] = [
  /(?<!\b[Tt]here )\bis no (?!longer\b|more\b|less\b|better\b|worse\b|other\b)/g,
  /\btold\b/gi,
  /\bmend(?:s|ed|ing)?\b/gi,
  /\bnobody\b/gi,
  /\bstands? in\b/gi,
  /\bbeside\b/gi,
];

/** Where one of the words is right: the file, and a part of the line. */
const allowed: readonly { readonly file: string; readonly part: string; readonly why: string }[] = [
  { file: "CONTRIBUTING.md", part: "→", why: "a habit is quoted before its rewrite" },
];

const texts = [
  "*.md",
  "docs/**/*.md",
  "docs/*.json",
  "packages/*/README.md",
  "vectors/diagnostics/**/*.json",
  "packages/*/src/**/*.ts",
  "examples/demo/**/*.{ts,js,html}",
];

interface Hit {
  readonly file: string;
  readonly line: number;
  readonly word: string;
  readonly text: string;
}

function hitsOf(file: string): Hit[] {
  const lines = readFileSync(path.join(root, file), "utf8").split("\n");
  const seen = /\.[jt]s$/.test(file) ? stringsOf(lines) : lines;
  return lines.flatMap((text, index) => {
    if (allowed.some((place) => place.file === file && text.includes(place.part))) return [];
    return refused.flatMap((pattern) =>
      [...seen[index]!.matchAll(pattern)].map(([word]) => ({ file, line: index + 1, word, text })),
    );
  });
}

/** The lines of code on which a string stands, the others empty: names and comments are for us. */
function stringsOf(lines: readonly string[]): string[] {
  let inTemplate = false;
  return lines.map((line) => {
    const code = inTemplate ? line : withoutComment(line);
    const seen = inTemplate || /["'`]/.test(code);
    if ((code.match(/(?<!\\)`/g)?.length ?? 0) % 2 === 1) inTemplate = !inTemplate;
    return seen ? code : "";
  });
}

function withoutComment(line: string): string {
  return /^\s*(?:\/\/|\/\*|\*)/.test(line) ? "" : line.replace(/ \/\/ .*$/, "");
}

const files = globSync(texts, {
  cwd: root,
  exclude: (name) => name === "node_modules" || name === "dist" || name.endsWith(".test.ts"),
})
  .map((file) => file.replaceAll(path.sep, "/"))
  .sort();
const hits = files.flatMap(hitsOf);
const counts: Record<string, number> = {};
for (const { file } of hits) counts[file] = (counts[file] ?? 0) + 1;

const debtFile = path.join(root, "test/prose-debt.json");
const debt = (existsSync(debtFile) ? JSON.parse(readFileSync(debtFile, "utf8")) : {}) as Record<
  string,
  number
>;

if (process.argv.includes("--list"))
  for (const { file, line, word, text } of hits)
    console.log(`${file}:${line}  ${word.trim()}  ${text.trim()}`);
if (process.argv.includes("--write")) {
  const lowered = Object.entries(counts).map(
    ([file, count]) => [file, Math.min(count, debt[file] ?? 0)] as const,
  );
  const left = Object.fromEntries(lowered.filter(([, count]) => count > 0));
  writeFileSync(debtFile, `${JSON.stringify(left, null, 2)}\n`);
}

test("no user-facing text gains one of the refused words", () => {
  const over = new Set(
    Object.entries(counts)
      .filter(([file, count]) => count > (debt[file] ?? 0))
      .map(([file]) => file),
  );
  const wrong = hits
    .filter(({ file }) => over.has(file))
    .map(({ file, line, word, text }) => `${file}:${line}: "${word.trim()}" in ${text.trim()}`);
  assert.deepEqual(wrong, []);
});

test("texts of every kind are checked", () => {
  for (const kind of [
    "README.md",
    "docs/guide/",
    "docs/reference/",
    "vectors/diagnostics/",
    "/cli/",
  ])
    assert.ok(
      files.some((file) => file.includes(kind)),
      `no text of ${kind} was read`,
    );
});

test("a refused word is found, and a word that only looks like one is not", () => {
  const found = (text: string): number =>
    refused.reduce((sum, pattern) => sum + [...text.matchAll(pattern)].length, 0);
  assert.equal(found("`x` is no method, and nobody is told; mend it beside what stands in it"), 6);
  assert.equal(
    found(
      "it is no longer sent, that is no better, there is no other; recommend, amend, a bookstand in, besides",
    ),
    0,
  );
});
