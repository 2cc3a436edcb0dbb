import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
  isNoCorsSafelistedRequestHeaderName,
  isSafelistableRequestHeaderName,
} from "./header-name.ts";

test("the header name sets contain the standard's lists, in any case", () => {
  for (const name of [
    "cache-control",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "EXPIRES",
    "Last-Modified",
    "Pragma",
  ])
    assert.ok(isCorsSafelistedResponseHeaderName(name), name);
  for (const name of ["ETag", "Content-Disposition", "Set-Cookie", ""])
    assert.ok(!isCorsSafelistedResponseHeaderName(name), name);
  assert.ok(
    isForbiddenResponseHeaderName("SET-COOKIE2") && !isForbiddenResponseHeaderName("Cookie"),
  );
  assert.ok(
    isCorsNonWildcardRequestHeaderName("AUTHORIZATION") && !isCorsNonWildcardRequestHeaderName("X"),
  );
  assert.ok(
    isSafelistableRequestHeaderName("Range") && !isNoCorsSafelistedRequestHeaderName("Range"),
  );
  assert.ok(isNoCorsSafelistedRequestHeaderName("Accept") && !isSafelistableRequestHeaderName("X"));
});
