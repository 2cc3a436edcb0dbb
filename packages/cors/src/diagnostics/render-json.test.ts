import assert from "node:assert/strict";
import { test } from "node:test";
import type { Diagnostic } from "./diagnostic.ts";
import { renderJson } from "./render-json.ts";

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

test("JSON contains every diagnostic unchanged, and whether the check passed", () => {
  assert.deepEqual(JSON.parse(renderJson([fault, note])), {
    ok: false,
    diagnostics: [fault, note],
  });
  assert.deepEqual(JSON.parse(renderJson([note])), { ok: true, diagnostics: [note] });
  assert.equal(renderJson([]), '{\n  "ok": true,\n  "diagnostics": []\n}\n');
});
