// System errors of failed connections. Most of them cannot be provoked for real in a test.

import assert from "node:assert/strict";
import { test } from "node:test";
import { fault } from "../http1/fault.ts";
import { connectFailure, wireFailure } from "./endpoint-failure.ts";

const told = (url: string, code: string, connected = false, message = "it failed"): string => {
  const failure = connectFailure(
    new URL(url),
    Object.assign(new Error(message), { code }),
    connected,
  );
  return `${failure.code}: ${failure.say}`;
};

const plain = "http://api.test:81/x";
const secure = "https://api.test/x";

for (const [code, expected] of [
  ["ENOTFOUND", "dns: the name `api.test` cannot be resolved"],
  ["EAI_AGAIN", "dns: the name `api.test` cannot be resolved"],
  ["EAI_NODATA", "dns: the name `api.test` cannot be resolved"],
  ["ECONNREFUSED", "connect: nothing is listening on `api.test:81` (connection refused)"],
  ["EHOSTUNREACH", "connect: `api.test:81` cannot be reached from this machine"],
  ["ENETUNREACH", "connect: `api.test:81` cannot be reached from this machine"],
  ["EADDRNOTAVAIL", "connect: `api.test:81` cannot be reached from this machine"],
  ["ETIMEDOUT", "timeout: no connection to `api.test:81`"],
  ["EPIPE", "reset: the connection to `api.test:81` failed: it failed"],
] as const)
  test(`${code} from a connection is reported as ${expected}`, () => {
    assert.equal(told(plain, code), expected);
    const several = new AggregateError(
      [Object.assign(new Error("it failed"), { code })],
      "it failed",
    );
    const failure = connectFailure(new URL(plain), several, false);
    assert.equal(`${failure.code}: ${failure.say}`, expected, "of each address that was tried");
  });

test("a connection that broke after the request was sent is reported as such", () => {
  const broke = "reset the connection before it responded";
  assert.equal(told(plain, "ECONNRESET", true), `reset: \`api.test:81\` ${broke}`);
  assert.equal(told(secure, "ECONNRESET", true), `reset: \`api.test\` ${broke}`);
});

for (const [code, expected] of [
  ["DEPTH_ZERO_SELF_SIGNED_CERT", "the certificate of `api.test` is self-signed"],
  ["CERT_HAS_EXPIRED", "the certificate of `api.test` has expired"],
  ["CERT_NOT_YET_VALID", "the certificate of `api.test` is not valid yet"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "the certificate of `api.test` is for another host name"],
  ["ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED", "`api.test` asks for a client certificate"],
  ["ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE", "`api.test` asks for a client certificate"],
  ["EPROTO", "no TLS connection to `api.test`: it failed"],
  ["ECONNRESET", "no TLS connection to `api.test`: it failed"],
] as const)
  test(`${code} from TLS is reported as ${expected}`, () => {
    assert.equal(told(secure, code), `tls: ${expected}`);
  });

for (const message of ["wrong version number", "packet length too long", "HTTP request"])
  test(`EPROTO with "${message}" is reported as a port that does not speak TLS`, () => {
    assert.equal(told(secure, "EPROTO", false, message), "tls: `api.test` does not use TLS");
  });

test("only the reason of an OpenSSL error is printed, and never more than one line", () => {
  const line = "A0:error:0A000410:SSL routines:ssl3_read_bytes:handshake failure:s3_pkt.c:918:";
  assert.match(told(secure, "EPROTO", false, line), /: handshake failure$/);
  assert.match(told(plain, "EPIPE", false, "one\ntwo"), /: one$/);
});

test("a head that this reader refuses is not reported as failing in a browser, which may accept it", () => {
  const url = new URL(plain);
  for (const code of [
    "version-not-supported",
    "too-many-headers",
    "header-folded",
    "header-name-malformed",
    "bare-lf",
    "status-not-allowed",
  ] as const) {
    const { why } = wireFailure(url, code, fault(code, 3), undefined);
    assert.match(why, /Corsway's own reader/, code);
    assert.doesNotMatch(why, /fails in the same way/, code);
  }
  const ssh = wireFailure(url, "not-http", fault("not-http", 0), undefined);
  assert.match(ssh.why, /a browser fails in the same way/);
});
