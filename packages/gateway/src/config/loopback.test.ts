import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopback } from "./loopback.ts";

test("addresses in 127.0.0.0/8, ::1 in any spelling and localhost are loopback", () => {
  for (const host of ["127.0.0.1", "127.9.8.7", "::1", "0:0:0:0:0:0:0:1", "localhost"])
    assert.equal(isLoopback(host), true, host);
});

test("a name that only begins or ends like a loopback name is not loopback", () => {
  for (const host of [
    "127.0.0.1.nip.io",
    "127.evil.example",
    "127.1",
    "127.0.0.1.",
    "localhost.evil.example",
    "app.localhost",
    "localhost.",
    "::1.evil.example",
    "::2",
    "128.0.0.1",
    "0.0.0.0",
    "",
  ])
    assert.equal(isLoopback(host), false, host);
});
