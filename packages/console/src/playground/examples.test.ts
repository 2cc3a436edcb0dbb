import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explanation } from "@corsway/cors/explain";
import { exampleVerdicts } from "../../../../test/support/console/example-verdicts.ts";
import { answer } from "./answer.ts";
import { documents, frequent } from "./examples.ts";
import { readQuestion, writeQuestion } from "./question.ts";

const engines = ["standard", "chromium", "firefox", "webkit"] as const;

type Change = Explanation["remedies"][number]["change"][number];

function printed(change: Change): string {
  switch (change.kind) {
    case "header":
      return `${change.on} ${change.name}: ${change.to}`;
    case "status":
      return `${change.on} ${change.to}`;
    case "policy":
      return `policy ${change.field}: ${JSON.stringify(change.to)}`;
    case "request":
      return `request ${change.field}: ${change.to}`;
  }
}

const examples = [...documents, ...frequent];

test("there is an example for each source document and for each of the ten most frequent blocks", () => {
  assert.deepEqual([documents.length, frequent.length], [5, 10]);
  assert.deepEqual(
    examples.map(({ title }) => title).toSorted(),
    Object.keys(exampleVerdicts).toSorted(),
  );
});

for (const { title, question } of examples)
  test(`${title}: the right verdict in each engine, its reason, and the smallest fix`, () => {
    const expected = exampleVerdicts[title]!;
    const answered = answer(question, new Map());
    if (answered.kind === "fault") {
      const [first] = answered.diagnostics;
      assert.equal(`fault ${first?.code}`, expected.standard);
      assert.ok(first?.fix?.say);
      return;
    }
    const { explanation } = answered;
    for (const engine of engines) {
      const { verdict } = explanation.engines[engine]!;
      assert.equal(
        [verdict.outcome, verdict.outcome === "blocked" && verdict.reason]
          .filter(Boolean)
          .join(" "),
        expected[engine] ?? expected.standard,
        engine,
      );
    }
    const fix = explanation.remedies.find(({ change }) => change.length > 0);
    assert.equal(fix?.change.map(printed).join("; "), expected.fix);
    assert.deepEqual(readQuestion(writeQuestion(question)), question);
  });
