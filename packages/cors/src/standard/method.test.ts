import assert from "node:assert/strict";
import { test } from "node:test";
import { isCorsSafelistedMethod, isForbiddenMethod, normalizeMethod } from "./method.ts";

test("six methods are put in upper case, and no other", () => {
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

test("safelisted methods have their case, forbidden ones do not", () => {
  for (const method of ["GET", "HEAD", "POST"]) assert.ok(isCorsSafelistedMethod(method));
  for (const method of ["get", "PUT", "", "QUERY"]) assert.ok(!isCorsSafelistedMethod(method));
  for (const method of ["CONNECT", "trace", "Track"]) assert.ok(isForbiddenMethod(method));
  for (const method of ["TRACES", "", "GET"]) assert.ok(!isForbiddenMethod(method));
});
