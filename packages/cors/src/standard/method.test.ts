import assert from "node:assert/strict";
import { test } from "node:test";
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from "./method.ts";

test("exactly six methods are normalised to upper case", () => {
  for (const method of ["delete", "Get", "hEAD", "options", "post", "put"])
    assert.equal(normalizeMethod(method), method.toUpperCase());
  for (const method of [
    "patch",
    "Patch",
    "query",
    "trace",
    "opt\u0131ons",
    "po\u017ft",
    "",
    "get ",
  ])
    assert.equal(normalizeMethod(method), method);
});

test("safelisted methods are case-sensitive, forbidden methods are not", () => {
  for (const method of ["GET", "HEAD", "POST"]) assert.ok(isCorsSafelistedMethod(method));
  for (const method of ["get", "PUT", "", "QUERY"]) assert.ok(!isCorsSafelistedMethod(method));
  for (const method of ["CONNECT", "trace", "Track"]) assert.ok(isForbiddenMethod(method));
  for (const method of ["TRACES", "", "GET"]) assert.ok(!isForbiddenMethod(method));
});
