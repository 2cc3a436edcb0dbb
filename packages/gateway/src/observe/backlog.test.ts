import assert from "node:assert/strict";
import { test } from "node:test";
import type { AccessRecord } from "./access-record.ts";
import { Backlog, mostKept } from "./backlog.ts";

const record = (path: number): AccessRecord => ({ path: `/${path}` }) as AccessRecord;
const pathsOf = ({ records }: { readonly records: readonly AccessRecord[] }): readonly string[] =>
  records.map(({ path }) => path);

test("a backlog gives what came after a number, once and in order", () => {
  const backlog = new Backlog();
  assert.deepEqual(pathsOf(backlog.after(0)), []);
  for (let n = 1; n <= 3; n++) backlog.add(record(n));
  const first = backlog.after(0);
  assert.deepEqual(pathsOf(first), ["/1", "/2", "/3"]);
  backlog.add(record(4));
  assert.deepEqual(pathsOf(backlog.after(first.last)), ["/4"]);
  assert.deepEqual(pathsOf(backlog.after(4)), []);
  assert.deepEqual(pathsOf(backlog.after(99)), []);
});

test("a backlog keeps the newest, whatever number of requests comes", () => {
  const backlog = new Backlog();
  for (let n = 1; n <= mostKept * 3 + 7; n++) backlog.add(record(n));
  const { last, records } = backlog.after(5);
  assert.equal(last, mostKept * 3 + 7);
  assert.equal(records.length, mostKept);
  assert.equal(records[0]!.path, `/${last - mostKept + 1}`);
  assert.equal(records.at(-1)!.path, `/${last}`);
});

test("each process has a name of its own", () => {
  assert.notEqual(new Backlog().source, new Backlog().source);
});
