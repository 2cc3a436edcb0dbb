import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderSarif } from "./render-sarif.ts";

const at = { file: "conf d/corsway.toml", line: 2, column: 19, endLine: 2, endColumn: 37 };
const fault: Diagnostic = {
  code: "policy/origin-trailing-slash",
  severity: "error",
  path: "policies.webapp.allow_origins[0]",
  at,
  message: "`https://a.example/` ends in a slash",
  why: "an origin never ends in a slash",
  fix: { say: "write `https://a.example`", edit: { at, text: "https://a.example" } },
  also: [{ say: "here", at }, { say: "and nowhere" }],
};
const note: Diagnostic = {
  code: "policy/max-age-capped",
  severity: "info",
  path: "",
  message: "m",
  why: "w",
};

test("SARIF locates the fault, its fix and its related places", () => {
  const log = JSON.parse(
    renderSarif([fault, note], {
      tool: { name: "corsway", version: "0.1.0" },
      titles: { "policy/max-age-capped": { title: "a title" } },
    }),
  );
  assert.equal(log.version, "2.1.0");
  const [run] = log.runs;
  assert.deepEqual(run.tool.driver.rules, [
    { id: "policy/max-age-capped", shortDescription: { text: "a title" } },
    {
      id: "policy/origin-trailing-slash",
      shortDescription: { text: "policy/origin-trailing-slash" },
    },
  ]);
  const region = { startLine: 2, startColumn: 19, endLine: 2, endColumn: 37 };
  const physicalLocation = { artifactLocation: { uri: "conf%20d/corsway.toml" }, region };
  const [first, second] = run.results;
  assert.equal(first.level, "error");
  assert.equal(first.ruleIndex, 1);
  assert.deepEqual(first.locations, [
    { physicalLocation, logicalLocations: [{ fullyQualifiedName: fault.path }] },
  ]);
  assert.deepEqual(first.relatedLocations, [{ physicalLocation, message: { text: "here" } }]);
  assert.deepEqual(first.fixes[0].artifactChanges[0].replacements, [
    { deletedRegion: region, insertedContent: { text: "https://a.example" } },
  ]);
  assert.deepEqual(second, {
    ruleId: "policy/max-age-capped",
    ruleIndex: 0,
    level: "note",
    message: { text: "m\nwhy: w" },
  });
});

test("a file name that cannot be encoded as UTF-8 does not break SARIF", () => {
  const odd = { ...fault, at: { file: "\ud800\\x.toml", line: 1, column: 1 } };
  assert.ok(renderSarif([odd], { tool: { name: "t", version: "1" } }).includes("%EF%BF%BD/x.toml"));
});

test("a diagnostic without a place is located at the checked file, and an absolute path becomes a URI", () => {
  const place = (file: string): unknown => {
    const log = JSON.parse(renderSarif([note], { tool: { name: "n", version: "1" }, file }));
    return log.runs[0].results[0].locations[0].physicalLocation;
  };
  const region = { startLine: 1, startColumn: 1 };
  for (const [file, uri] of [
    ["conf/corsway.toml", "conf/corsway.toml"],
    ["/etc/a b/corsway.toml", "file:///etc/a%20b/corsway.toml"],
    ["C:\\conf\\corsway.toml", "file:///C:/conf/corsway.toml"],
  ] as const) {
    assert.deepEqual(place(file), { artifactLocation: { uri }, region });
  }
});
