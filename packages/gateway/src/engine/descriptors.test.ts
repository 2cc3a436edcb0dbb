import assert from "node:assert/strict";
import { test } from "node:test";
import { roomUnder } from "./descriptors.ts";

const limits = (files: string): string =>
  `Max processes             95000                95000                processes \nMax open files            ${files}                1048576              files     \n`;

test("each client connection is budgeted with an upstream connection, plus a reserve for files", () => {
  assert.equal(roomUnder(limits("200")), 68);
  assert.equal(roomUnder(limits("1024")), 480);
  assert.equal(roomUnder(limits("10")), 16, "some are served however low the limit");
});

test("without a limit, or if the system does not report one, connections are unlimited", () => {
  assert.equal(roomUnder(limits("unlimited")), Infinity);
  assert.equal(roomUnder(undefined), Infinity);
});
