// A key in the wrong place.

import assert from "node:assert/strict";
import { test } from "node:test";
import { good, loadFiles } from "../../../../../test/support/config-folder.ts";

test("a policy's field outside of a policy is sent to its place", (t) => {
  const misplaced: readonly (readonly [text: string, at: string])[] = [
    [`on_mismatch = "reject"\n${good}`, "1:1"],
    [good.replace("[upstreams", 'max_age = "10m"\n[upstreams'), "4:1"],
    [good.replace("cors =", "allow_credentials = true\ncors ="), "10:1"],
  ];
  for (const [text, at] of misplaced) {
    const [fault, ...more] = loadFiles(t, text).diagnostics;
    assert.deepEqual(more, []);
    assert.equal(fault?.code, "config/unknown-key");
    assert.equal(fault.at && `${fault.at.line}:${fault.at.column}`, at);
    assert.match(
      fault.fix?.say ?? "",
      /^it is a field of a policy: write it in \[policies\.NAME\]/,
    );
  }
});

test("a key that nothing knows gets the list of keys that are known there", (t) => {
  const [fault] = loadFiles(t, good.replace("cors =", "zebra = 1\ncors =")).diagnostics;
  assert.match(fault?.fix?.say ?? "", /^known keys: host, path, /);
});
