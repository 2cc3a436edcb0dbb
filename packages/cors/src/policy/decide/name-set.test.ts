import assert from "node:assert/strict";
import { test } from "node:test";
import { compileNameSet, walkRequestedNames } from "./name-set.ts";
import { CountedText } from "../../../../../test/support/counted-text.ts";

function walk(lines: string[]): { result: string; names: string[] } {
  const names: string[] = [];
  const result = walkRequestedNames(lines.join(", "), (name) => names.push(name) > 0);
  return { result, names };
}

test("names are read across lines, in any case, with spaces and empty elements", () => {
  assert.deepEqual(walk(["x-a,X-B", " , x-c ,,\tx-d\t"]), {
    result: "done",
    names: ["x-a", "x-b", "x-c", "x-d"],
  });
  assert.deepEqual(walk([]), { result: "done", names: [] });
  assert.deepEqual(walk([""]), { result: "done", names: [] });
});

test("a name that is not a token is malformed", () => {
  for (const line of ["a b", "a:b", '"a"', "a,b\u0000", "ä", "a;b", "a, b c"])
    assert.equal(walk([line]).result, "malformed", line);
});

test("at most 4 KiB and 64 names are read across all lines", () => {
  const names = Array.from({ length: 64 }, (_, i) => `n${i}`);
  assert.equal(walk([names.join(",")]).result, "done");
  assert.equal(walk([names.slice(0, 40).join(","), names.slice(40).join(",")]).result, "done");
  assert.equal(walk([[...names, "n64"].join(",")]).result, "beyond");
  assert.equal(walk(["x".repeat(4096)]).result, "done");
  assert.equal(walk(["x".repeat(4097)]).result, "beyond");
  assert.equal(walk(["x".repeat(4096), "y"]).result, "beyond");
  // a name that the bound cuts is not taken for a shorter one
  assert.deepEqual(walk([`${",".repeat(4094)}abc`]), { result: "beyond", names: [] });
});

test("reading stops when the callback returns false", () => {
  let calls = 0;
  const result = walkRequestedNames("a,b,c", () => ++calls < 2);
  assert.deepEqual([result, calls], ["stopped", 2]);
});

test("a policy with a longer list accepts a request for all of it", () => {
  const names = Array.from({ length: 300 }, (_, i) => `x-a-rather-long-header-name-${i}`);
  const set = compileNameSet(names);
  const line = names.join(",");
  assert.ok(line.length > 4096);
  assert.equal(walkRequestedNames(line, set.has, set.bytesLimit, set.namesLimit), "done");
  assert.equal(
    walkRequestedNames(`${line},${line}`, set.has, set.bytesLimit, set.namesLimit),
    "beyond",
  );
});

test("a mebibyte of commas, spaces or names costs no more than 4 KiB", () => {
  for (const unit of [",", " ", ", ", "a,", "abc", "\t,", "a ,"]) {
    const text = new CountedText(unit.repeat(1_048_576 / unit.length));
    const result = walkRequestedNames(text as unknown as string, () => true);
    assert.equal(result, "beyond");
    assert.ok(text.looks <= 5 * 4096, `${JSON.stringify(unit)}: ${text.looks} looks`);
  }
});
