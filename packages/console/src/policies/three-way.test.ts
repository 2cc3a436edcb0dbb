import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { lineDifference } from "./line-difference.ts";
import { bringTogether } from "./three-way.ts";

const lines = (...all: string[]): string => all.join("\n");
const text = fc
  .array(fc.constantFrom("a", "b", "c", "", "d = 1"), { maxLength: 12 })
  .map((all) => all.join("\n"));

test("a difference holds both texts whole", () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const difference = lineDifference(before, after);
      const side = (left: "removed" | "added"): string =>
        difference
          .filter(({ kind }) => kind !== left)
          .map((line) => line.text)
          .join("\n");
      assert.equal(side("added"), before);
      assert.equal(side("removed"), after);
    }),
  );
});

test("changes of different lines come together", () => {
  assert.equal(
    bringTogether(
      lines("one", "two", "three", "four"),
      lines("ONE", "two", "three", "four"),
      lines("one", "two", "three", "4", "five"),
    ),
    lines("ONE", "two", "three", "4", "five"),
  );
});

test("different changes of the same line do not, and the same change does", () => {
  const base = lines("one", "two", "three");
  assert.equal(
    bringTogether(base, lines("one", "2", "three"), lines("one", "II", "three")),
    undefined,
  );
  assert.equal(
    bringTogether(base, lines("one", "2", "three"), lines("one", "2", "three", "four")),
    lines("one", "2", "three", "four"),
  );
});

test("whoever changed nothing loses nothing, and neither does the other", () => {
  fc.assert(
    fc.property(text, text, (base, changed) => {
      assert.equal(bringTogether(base, base, changed), changed);
      assert.equal(bringTogether(base, changed, base), changed);
      assert.equal(bringTogether(base, changed, changed), changed);
    }),
  );
});
