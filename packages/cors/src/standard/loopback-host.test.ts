import assert from "node:assert/strict";
import { test } from "node:test";
import { isLoopbackHost } from "./loopback-host.ts";

for (const host of ["localhost", "app.localhost", "127.0.0.1", "127.255.0.9", "[::1]"])
  test(`${host} is a loopback host`, () => assert.equal(isLoopbackHost(host), true));

for (const host of [
  "127.0.0.1.nip.io",
  "127.evil.example",
  "127.0.0.example",
  "x.127.0.0.1",
  "localhost.evil.example",
  "evil-localhost",
  "localhost.",
  "128.0.0.1",
  "[::1:1]",
  "",
])
  test(`${host || "an empty host"} is not a loopback host`, () =>
    assert.equal(isLoopbackHost(host), false));
