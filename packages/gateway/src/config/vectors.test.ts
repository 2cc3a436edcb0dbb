// Every code of this room has a vector that raises it and a near miss that does not.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { codes } from "./tree/codes.ts";
import { loadFiles } from "../../../../test/support/config-folder.ts";
import { configVectors, type ConfigCase } from "../../../../test/support/config-vectors.ts";

const vectors = configVectors();

test("the register and the vectors list the same codes", () => {
  assert.deepEqual([...vectors.keys()].sort(), Object.keys(codes).sort());
  for (const [place, { code, cases }] of vectors) {
    assert.equal(code, place);
    assert.ok(cases.length > 0, place);
  }
});

test("the register and the reference list the same codes with the same words", () => {
  const reference = readFileSync(
    new URL("../../../../docs/reference/diagnostics.md", import.meta.url),
    "utf8",
  );
  const sections = [
    ...reference.matchAll(/^## ((?:toml|config|pingap)\/\S+)\n\n\*(\w+)\* · (.+)$/gm),
  ].map(([, code, severity, title]) => [code, { severity, title }]);
  assert.deepEqual(Object.fromEntries(sections), codes);
});

for (const [code, { cases }] of vectors)
  for (const { says, hit, miss } of cases) {
    test(`${code}: ${says}`, (t) => {
      const files = (from: ConfigCase): Record<string, string | Uint8Array> => {
        const all: Record<string, string | Uint8Array> = { ...from.files };
        for (const [name, text] of Object.entries(from.base64 ?? {})) {
          all[name] = Buffer.from(text, "base64");
        }
        if (from.pad !== undefined) {
          for (const name of Object.keys(all)) all[name] = String(all[name]).padEnd(from.pad, "#");
        }
        return all;
      };
      const load = (from: ConfigCase) =>
        loadFiles(t, files(from), {
          path: from.path ?? "corsway.toml",
          ...(from.env !== undefined && { env: from.env }),
        });
      const raised = load(hit).diagnostics.find((diagnostic) => diagnostic.code === code);
      assert.ok(raised, `${code} is not raised: ${JSON.stringify(load(hit).diagnostics)}`);
      assert.equal(raised.severity, codes[code as keyof typeof codes].severity);
      assert.match(raised.message, /^[^A-Z\n].*[^.]$/);
      const missed = load(miss).diagnostics;
      assert.ok(!missed.some((diagnostic) => diagnostic.code === code));
      assert.deepEqual(
        missed.filter(({ severity }) => severity === "error"),
        [],
      );
    });
  }
