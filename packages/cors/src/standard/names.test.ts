import assert from "node:assert/strict";
import { test } from "node:test";
import {
  isCorsNonWildcardRequestHeaderName,
  isCorsSafelistedResponseHeaderName,
  isForbiddenResponseHeaderName,
  isHeaderName,
  isNoCorsSafelistedRequestHeaderName,
  isSafelistableRequestHeaderName,
} from "./header-name.ts";
import { isCorsSafelistedMethod, isForbiddenMethod, isMethod, normalizeMethod } from "./method.ts";
import { link, snapshot } from "./snapshot.ts";
import { asciiLowercase, isToken } from "./token.ts";

test("tokens are the visible ASCII but the separators", () => {
  for (let code = 0; code < 0x180; code++) {
    const char = String.fromCharCode(code);
    const expected = code > 0x20 && code < 0x7f && !'"(),/:;<=>?@[\\]{}'.includes(char);
    assert.equal(isToken(char), expected, `U+${code.toString(16)}`);
  }
  assert.ok(!isToken("") && isHeaderName("*") && isMethod("M-SEARCH"));
});

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

test("the sets of names hold what the standard lists, in any case", () => {
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

test("lower case is ASCII's: other letters stay", () => {
  assert.equal(asciiLowercase("AbZ-9"), "abz-9");
  assert.equal(asciiLowercase("\u212aA\u0130"), "\u212aa\u0130");
});

test("links name a term of the pinned standard", () => {
  assert.equal(link("concept-cors-check"), "https://fetch.spec.whatwg.org/#concept-cors-check");
  assert.match(snapshot.commit, /^[0-9a-f]{7,40}$/);
});
