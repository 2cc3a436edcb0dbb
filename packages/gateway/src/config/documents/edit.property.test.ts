// An edit of any value in any text: what was asked for is changed, and every other byte stays.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse } from "smol-toml";
import { editToml } from "./edit.ts";

const space = fc.constantFrom("", " ", "  ", "\t");
const comment = fc.constantFrom("", "# c", ' # mine [x] = "y"', "\t#t");
const written = fc.constantFrom(
  '"https://a.example"',
  "'lit'",
  "true",
  "0",
  '"24h"',
  '[ "a", "b" ]',
  "[]",
  '["a" , # in\n  "b", ]',
  '{ a = 1, b = "x" }',
  '"""\nseveral = 1\n# lines\n"""',
  "1979-05-27",
  "0x10",
  "1_000",
);
const lines = (most: number) =>
  fc.uniqueArray(
    fc.record({
      before: space,
      key: fc.constantFrom("k0", "k1", "k2", '"q k"', "__proto__", "d.k"),
      equals: fc.constantFrom("=", " = ", "\t= "),
      value: written,
      after: space,
      comment,
    }),
    { selector: ({ key }) => key, maxLength: most },
  );
const arbitraryText = fc
  .record({
    top: lines(2),
    tables: fc.uniqueArray(
      fc.record({
        name: fc.constantFrom("a", "b", "a.c", 'a."d e"', "f"),
        comment,
        rows: lines(4),
        after: fc.constantFrom("", "\n", "# between\n", "\n\n# x\n"),
      }),
      { selector: ({ name }) => name, maxLength: 4 },
    ),
    end: fc.constantFrom("\n", "\r\n"),
    open: fc.boolean(),
  })
  .map(({ top, tables, end, open }) => {
    const row = (one: (typeof top)[number]): string =>
      `${one.before}${one.key}${one.equals}${one.value}${one.after}${one.comment}\n`;
    const text = [
      ...top.map(row),
      ...tables.map(
        (one) => `[${one.name}]${one.comment}\n${one.rows.map(row).join("")}${one.after}`,
      ),
    ].join("");
    return (open ? text.replace(/\n$/, "") : text).replaceAll("\n", end);
  });

type Tree = Record<string, unknown>;

/** The paths of the values that are not tables. */
function leaves(tree: Tree, above: readonly string[] = []): string[][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Date)
      ? leaves(value as Tree, [...above, key])
      : [[...above, key]],
  );
}

test("an edit changes only the addressed value, and removes or rewrites nothing around it", () => {
  const done = { set: 0, removed: 0, added: 0 };
  fc.assert(
    fc.property(
      arbitraryText,
      fc.nat(),
      fc.constantFrom<unknown>("x", 7, true, ["p", "q"], [], undefined),
      fc.boolean(),
      (text, pick, value, isNew) => {
        let tree: Tree;
        try {
          tree = parse(text) as Tree;
        } catch {
          return; // a key twice
        }
        const paths = leaves(tree);
        fc.pre(paths.length > 0 && !(isNew && value === undefined));
        const found = paths[pick % paths.length]!;
        const path = isNew ? [...found.slice(0, -1), "fresh"] : found;
        const edited = editToml(text, [value === undefined ? { path } : { path, value }]);

        // What both have in common at their beginning and end; the rest is what changed.
        let from = 0;
        while (from < text.length && text[from] === edited[from]) from++;
        let to = 0;
        while (
          to < Math.min(text.length, edited.length) - from &&
          text.at(-1 - to) === edited.at(-1 - to)
        )
          to++;
        const gone = text.slice(from, text.length - to);
        if (isNew) {
          done.added++;
          // A key of an inline table is added inside of it.
          assert.ok(
            gone === "" || /^[\s\S]*[{}][\s\S]*$/.test(edited),
            JSON.stringify({ text, edited }),
          );
        } else if (value === undefined) done.removed++;
        else {
          done.set++;
          assert.doesNotMatch(gone, /# (?:c|mine|between|x)|#t/, JSON.stringify({ text, edited }));
        }
        // No more than one value, with its line.
        const most = 60;
        assert.ok(gone.length <= most, JSON.stringify({ gone, text, edited }));
        const kept = new Set(leaves(parse(edited) as Tree).map(String));
        for (const other of paths) if (other !== found) assert.ok(kept.has(String(other)));
      },
    ),
    { numRuns: 3000 },
  );
  for (const [what, count] of Object.entries(done)) assert.ok(count > 200, `${what}: ${count}`);
});
