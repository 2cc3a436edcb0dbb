import assert from "node:assert/strict";
import { test } from "node:test";
import { isOriginOf } from "./own-origin.ts";

test("the server's own origin is its scheme and authority, byte for byte", () => {
  const host = "api.example.com";
  assert.equal(isOriginOf("https://api.example.com", host, true), true);
  assert.equal(isOriginOf("https://api.example.com", "api.example.com:8443", true), false);
  for (const origin of [
    "http://api.example.com",
    "https://xapi.example.com",
    "https://api.example.com:443",
    "https://api.example.com.evil.example",
    "wss://api.example.com",
    "httpsx//api.example.com",
    "null",
    "",
  ])
    assert.equal(isOriginOf(origin, host, true), false, origin);
});

test("without TLS here a proxy may have had it, so both schemes are its own", () => {
  const host = "api.example.com:8080";
  assert.equal(isOriginOf("http://api.example.com:8080", host, false), true);
  assert.equal(isOriginOf("https://api.example.com:8080", host, false), true);
  assert.equal(isOriginOf("ftp://api.example.com:8080", host, false), false);
});
