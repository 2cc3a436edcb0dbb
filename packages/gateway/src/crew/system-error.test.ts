import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSystemError } from "./system-error.ts";

for (const [error, expected] of [
  [
    { code: "EADDRINUSE", address: "127.0.0.1", port: 80 },
    /^127\.0\.0\.1:80 is in use .*`addr` in c\.toml$/,
  ],
  [{ code: "EADDRINUSE", address: "::1", port: 80 }, /^\[::1\]:80 is in use/],
  [{ code: "EADDRINUSE" }, /^the address is in use/],
  [{ code: "EACCES", address: "0.0.0.0", port: 80 }, /^no permission to listen on 0\.0\.0\.0:80;/],
  [{ code: "EACCES", path: "key.pem" }, /^no permission to read key\.pem$/],
  [
    { code: "EADDRNOTAVAIL", address: "10.0.0.1" },
    /^this machine does not have the address 10\.0\.0\.1;.* c\.toml$/,
  ],
  [{ code: "ENOTFOUND", hostname: "a.test" }, /^the name a\.test does not resolve;.* c\.toml$/],
  [{ code: "ENOENT", path: "cert.pem" }, /^the file cert\.pem does not exist$/],
  [new Error("another one"), /^another one$/],
  ["thrown as text", /^thrown as text$/],
  [undefined, /^undefined$/],
] as const)
  test(`a system error is described in plain words: ${JSON.stringify(error)}`, () => {
    assert.match(describeSystemError(error, "c.toml"), expected);
  });
