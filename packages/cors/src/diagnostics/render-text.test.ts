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

test("a fault is told with its place, its line, a caret, why and fix", () => {
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

test("a file is taken apart once, however many faults it has", () => {
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

test("without the source or the place there is no frame, and nothing is missing else", () => {
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

test("other places are shown with their own lines, in other files too", () => {
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

test("tabs and wide letters keep the caret under the fault", () => {
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

test("a place without an end is one caret; one over several lines is marked to the end of the first", () => {
  assert.deepEqual(frame({ at: { file, line: 3, column: 2 } })[1], "    |     ^");
  assert.deepEqual(
    frame({ at: { file, line: 1, column: 2, endLine: 3, endColumn: 2 } })[1],
    `    |  ${"^".repeat(16)}`,
  );
});

test("a place beyond the file or the line is shown without harm", () => {
  assert.deepEqual(frame({ at: { file, line: 99, column: 1 } }), []);
  assert.deepEqual(frame({ at: { file, line: 1, column: 900 } })[1], `    | ${" ".repeat(17)}^`);
  assert.deepEqual(frame({ at: { file, line: 1, column: 1 } }, ""), ["  1 | ", "    | ^"]);
});

test("of a long line the part around the fault is shown", () => {
  const long = `a = "${"x".repeat(500)}BAD${"y".repeat(500)}"`;
  const column = long.indexOf("BAD") + 1;
  const [line, caret] = frame({ at: { file, line: 1, column, endColumn: column + 3 } }, long);
  assert.ok(line!.length < 120 && line!.startsWith("  1 | …") && line!.endsWith("…"));
  assert.equal(line!.indexOf("BAD"), caret!.indexOf("^^^"));
});

test("what could write on the reader's terminal is made harmless", () => {
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

test("colour changes no word", () => {
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
