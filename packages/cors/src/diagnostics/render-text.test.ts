import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderCount, renderText } from "./render-text.ts";

const file = "corsway.toml";
const text = `[policies.webapp]\nallow_origins = ["https://a.example/"]\n\tmax_age = -1\n名前 = "値" # x\n`;
const sources = new Map([[file, text]]);

function diagnostic(change: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: "policy/origin-trailing-slash",
    severity: "error",
    path: "policies.webapp.allow_origins[0]",
    at: { file, line: 2, column: 19, endLine: 2, endColumn: 37 },
    message: "`https://a.example/` ends in a slash",
    why: "an origin never ends in a slash",
    fix: { say: "write `https://a.example`" },
    ...change,
  };
}

/** The source line and the caret line of a rendering. */
function frame(change: Partial<Diagnostic>, source = text): string[] {
  const rendered = renderText([diagnostic(change)], { sources: new Map([[file, source]]) });
  return rendered.split("\n").filter((line) => line.includes(" | "));
}

test("a fault is printed with its place, its line, a caret, the reason and the fix", () => {
  assert.equal(
    renderText([diagnostic()], { sources }),
    [
      "error[policy/origin-trailing-slash] `https://a.example/` ends in a slash",
      "  at    corsway.toml:2:19  policies.webapp.allow_origins[0]",
      '  2 | allow_origins = ["https://a.example/"]',
      "    |                   ^^^^^^^^^^^^^^^^^^",
      "  why   an origin never ends in a slash",
      "  fix   write `https://a.example`",
      "",
    ].join("\n"),
  );
});

test("a file is split into lines once, however many faults it has", () => {
  let asked = 0;
  const counting = new Map(sources);
  counting.get = (name) => {
    asked++;
    return sources.get(name);
  };
  const rendered = renderText(
    Array.from({ length: 1000 }, () => diagnostic()),
    {
      sources: counting,
    },
  );
  assert.equal(rendered.match(/ {2}2 \| allow_origins/g)?.length, 1000);
  assert.equal(asked, 1);
});

test("without a source or a place only the code frame is omitted", () => {
  const { at: _at, fix: _fix, ...bare } = diagnostic();
  assert.equal(
    renderText([diagnostic(), bare]),
    [
      "error[policy/origin-trailing-slash] `https://a.example/` ends in a slash",
      "  at    corsway.toml:2:19  policies.webapp.allow_origins[0]",
      "  why   an origin never ends in a slash",
      "  fix   write `https://a.example`",
      "",
      "error[policy/origin-trailing-slash] `https://a.example/` ends in a slash",
      "  at    policies.webapp.allow_origins[0]",
      "  why   an origin never ends in a slash",
      "",
    ].join("\n"),
  );
  assert.equal(renderText([]), "");
});

test("related places are shown with their own lines, including those in other files", () => {
  const rendered = renderText(
    [
      diagnostic({
        also: [
          {
            say: "credentials are allowed here",
            at: { file: "b.toml", line: 1, column: 1, endColumn: 4 },
          },
        ],
      }),
    ],
    { sources: new Map([...sources, ["b.toml", "abc = 1"]]) },
  );
  assert.match(
    rendered,
    /also {2}credentials are allowed here\n {2}at {4}b\.toml:1:1\n {2}1 \| abc = 1\n {4}\| \^\^\^\n/,
  );
});

test("the caret stays under the fault when the line has tabs or wide characters", () => {
  assert.deepEqual(frame({ at: { file, line: 3, column: 12, endColumn: 14 } }), [
    "  3 |     max_age = -1",
    "    |               ^^",
  ]);
  assert.deepEqual(frame({ at: { file, line: 4, column: 7, endColumn: 8 } }), [
    '  4 | 名前 = "値" # x',
    "    |         ^^",
  ]);
  assert.deepEqual(
    frame({ at: { file, line: 1, column: 3, endColumn: 6 } }, "e\u0301=\u{1f600}x"),
    ["  1 | e\u0301=\u{1f600}x", "    |  ^^^"],
  );
});

test("a place without an end gets one caret; a multi-line place is marked to the end of its first line", () => {
  assert.deepEqual(frame({ at: { file, line: 3, column: 2 } })[1], "    |     ^");
  assert.deepEqual(
    frame({ at: { file, line: 1, column: 2, endLine: 3, endColumn: 2 } })[1],
    `    |  ${"^".repeat(16)}`,
  );
});

test("a place past the end of the file or the line is still rendered", () => {
  assert.deepEqual(frame({ at: { file, line: 99, column: 1 } }), []);
  assert.deepEqual(frame({ at: { file, line: 1, column: 900 } })[1], `    | ${" ".repeat(17)}^`);
  assert.deepEqual(frame({ at: { file, line: 1, column: 1 } }, ""), ["  1 | ", "    | ^"]);
});

test("a long line is shortened to the part around the fault", () => {
  const long = `a = "${"x".repeat(500)}BAD${"y".repeat(500)}"`;
  const column = long.indexOf("BAD") + 1;
  const [line, caret] = frame({ at: { file, line: 1, column, endColumn: column + 3 } }, long);
  assert.ok(line!.length < 120 && line!.startsWith("  1 | …") && line!.endsWith("…"));
  assert.equal(line!.indexOf("BAD"), caret!.indexOf("^^^"));
});

test("terminal control sequences in the input are escaped", () => {
  const evil = 'a = "\u001b[31m\u202e\u0007\u009b"\r';
  const rendered = renderText(
    [
      diagnostic({
        message: "`\u001b[2J` is none",
        path: "a\u001b",
        at: { file: "x\u001b", line: 1, column: 1 },
      }),
    ],
    { sources: new Map([["x\u001b", evil]]) },
  );
  for (const char of ["\u001b", "\u202e", "\u0007", "\u009b", "\r"])
    assert.ok(!rendered.includes(char));
});

test("colour adds escape sequences and changes no text", () => {
  const colored = renderText([diagnostic()], { sources, color: true });
  assert.ok(colored.includes("\u001b[1m\u001b[31merror["));
  assert.equal(colored.replaceAll(/.\[[\d;]+m/gsu, ""), renderText([diagnostic()], { sources }));
});

test("faults are counted by severity", () => {
  const warning = diagnostic({ severity: "warning" });
  assert.equal(renderCount([diagnostic(), warning, diagnostic()]), "2 errors, 1 warning");
  assert.equal(renderCount([diagnostic({ severity: "info" })]), "1 note");
  assert.equal(renderCount([]), "");
});
