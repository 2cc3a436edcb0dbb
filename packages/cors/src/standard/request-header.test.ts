import assert from "node:assert/strict";
import { test } from "node:test";
import {
  corsUnsafeRequestHeaderNames,
  isCorsSafelistedRequestHeader,
  isForbiddenRequestHeader,
  isNoCorsSafelistedRequestHeader,
  sortedLowercaseSet,
} from "./request-header.ts";

function check(name: string, safe: string[], unsafe: string[]): void {
  for (const value of safe)
    assert.ok(isCorsSafelistedRequestHeader(name, value), `${name}: ${value}`);
  for (const value of unsafe)
    assert.ok(!isCorsSafelistedRequestHeader(name, value), `${name}: ${value}`);
}

test("Accept is safelisted up to 128 bytes if it has no unsafe byte", () => {
  check(
    "Accept",
    ["", "*/*", "text/html;q=0.9, a/b", "\t", "a".repeat(128), "\u00e9"],
    ["a".repeat(129), ...'"():<>?@[\\]{}\u007f\u0001\u001f'.split("").map((char) => `a${char}`)],
  );
});

test("a language header is safelisted if it has only letters, digits and the listed signs", () => {
  for (const name of ["Accept-Language", "content-language"])
    check(
      name,
      ["en-GB, de;q=0.5", "*", "", "a=b."],
      ["en_GB", "en/GB", "\u00e4", "a\tb", "a".repeat(129)],
    );
});

test("Content-Type is safelisted for the three form MIME types", () => {
  check(
    "Content-Type",
    [
      "text/plain",
      "TEXT/Plain;charset=UTF-8",
      "multipart/form-data; boundary=x",
      " application/x-www-form-urlencoded ",
      "text/plain;garbage",
      "text/plain;",
      "text/plain ;a",
    ],
    [
      "application/json",
      "text/html",
      "text/plain, text/plain",
      "text /plain",
      "text/ plain",
      "text",
      "",
      "/",
      'text/plain;a="b"',
      `text/plain;${"a".repeat(128)}`,
    ],
  );
});

test("Range is safelisted for a single range with a start", () => {
  check(
    "Range",
    [
      "bytes=0-",
      "bytes=0-0",
      "bytes=9-10",
      "bytes=00-1",
      `bytes=${"1".repeat(50)}-${"1".repeat(51)}`,
    ],
    [
      "bytes=-5",
      "bytes=5-4",
      "bytes=10-9",
      "bytes= 0-1",
      "bytes=0 -1",
      "Bytes=0-1",
      "bytes=0-1,2-3",
      "items=0-1",
      "bytes=",
      "bytes=a-b",
      "",
    ],
  );
});

test("no other header name is safelisted", () => {
  for (const name of ["Authorization", "X-A", "DPR", "Origin", "Cache-Control"])
    check(name, [], ["", "a"]);
});

test("unsafe names are lower-cased, sorted by byte, without duplicates", () => {
  assert.deepEqual(
    corsUnsafeRequestHeaderNames([
      ["X-b", "1"],
      ["Accept", "*/*"],
      ["x-B", "2"],
      ["X-A_", "1"],
      ["X-A-", "1"],
      ["Content-Type", "application/json"],
    ]),
    ["content-type", "x-a-", "x-a_", "x-b"],
  );
  assert.deepEqual(sortedLowercaseSet(["b", "A", "a", "_", "B1"]), ["_", "a", "b", "b1"]);
});

test("safelisted headers all become unsafe above 1024 bytes in total", () => {
  const many = (count: number, last: number): [string, string][] => [
    ...Array.from({ length: count }, (): [string, string] => ["Accept", "a".repeat(128)]),
    ["Accept-Language", "a".repeat(last)],
    ["X-A", "1"],
  ];
  assert.deepEqual(corsUnsafeRequestHeaderNames(many(7, 128)), ["x-a"]);
  assert.deepEqual(corsUnsafeRequestHeaderNames(many(8, 1)), ["accept", "accept-language", "x-a"]);
});

test("request headers are forbidden by name, by prefix or by a forbidden method in the value", () => {
  for (const name of [
    "Cookie",
    "HOST",
    "Sec-Fetch-Mode",
    "proxy-x",
    "Set-Cookie",
    "DNT",
    "Origin",
    "Via",
    "Access-Control-Request-Method",
    "Content-Length",
  ])
    assert.ok(isForbiddenRequestHeader(name, ""), name);
  for (const name of [
    "User-Agent",
    "Security",
    "X-Sec-",
    "Authorization",
    "Access-Control-Allow-Origin",
    "Proxy",
  ])
    assert.ok(!isForbiddenRequestHeader(name, ""), name);
  for (const name of ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"]) {
    for (const value of ["TRACE", "connect", "GET, track", "\tTRACE "])
      assert.ok(isForbiddenRequestHeader(name, value), value);
    for (const value of ["GET", "TRACES", '"TRACE"', '"a, TRACE, b"', ""])
      assert.ok(!isForbiddenRequestHeader(name, value), value);
  }
});

test("the no-cors safelist excludes Range", () => {
  assert.ok(isNoCorsSafelistedRequestHeader(["Accept", "*/*"]));
  assert.ok(!isNoCorsSafelistedRequestHeader(["Range", "bytes=0-"]));
});
