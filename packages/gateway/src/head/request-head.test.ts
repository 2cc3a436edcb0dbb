// A head as an engine hands it over, however little that engine refused by itself: Node's parser
// refuses much of this before we see it, and another one may not.

import assert from "node:assert/strict";
import { test } from "node:test";
import type { Arrival } from "../engine/engine.ts";
import type { HeadFault } from "./head-fault.ts";
import { noLines } from "../http1/lines.ts";
import { readRequestHead, type ReadHead, type Vantage } from "./request-head.ts";

const limits = {
  headerSize: 16_384,
  headerCount: 4,
  urlSize: 40,
  headerTimeout: 1,
  requestTimeout: 1,
  keepaliveTimeout: 1,
  writeStallTimeout: 1,
  maxConnections: 1,
  trustedProxies: [],
};

const http: Vantage = { scheme: "http", port: 8080, limits, trusts: (peer) => peer === "10.0.0.1" };

function read(
  fields: string,
  arrival: Partial<Arrival> = {},
  vantage: Partial<Vantage> = {},
): ReadHead {
  const flat = fields === "" ? [] : fields.split("\n").flatMap((line) => line.split(/: ?(.*)/, 2));
  return readRequestHead(
    {
      method: "POST",
      target: "/x",
      version: "1.1",
      fields: flat,
      lines: noLines,
      peer: "192.0.2.1",
      awaitsContinue: false,
      upgrade: false,
      ...arrival,
    },
    { ...http, ...vantage },
  );
}

const host = "Host: api.test";

for (const [name, status, fields, arrival = {}] of [
  ["no Host", 400, ""],
  ["two Hosts", 400, `${host}\n${host}`],
  ["an empty Host", 400, "Host: "],
  ["a Host of 261 bytes", 400, `Host: ${"a".repeat(261)}`],
  ["a Host with only a port", 400, "Host: :80"],
  ["a character in Host that a host cannot have", 400, "Host: api_test,evil.test"],
  ["port 0 in Host", 400, "Host: api.test:0"],
  ["port 65536 in Host", 400, "Host: api.test:65536"],
  ["a six-digit port in Host", 400, "Host: api.test:000080"],
  ["a port in Host that is not a number", 400, "Host: api.test:8o"],
  ["a port in Host followed by a colon", 400, "Host: api.test:80:"],
  ["brackets in Host with too short a content", 400, "Host: [:]"],
  ["brackets in Host around a name", 400, "Host: [api]"],
  ["brackets in Host that begin with an invalid character", 400, "Host: [x::1]"],
  ["brackets in Host that end with an invalid character", 400, "Host: [::1x]"],
  ["unclosed brackets in Host", 400, "Host: [::1"],
  ["text after the brackets in Host", 400, "Host: [::1]x"],
  ["an empty Content-Length", 400, `${host}\nContent-Length: `],
  ["a Content-Length that does not begin with a digit", 400, `${host}\nContent-Length: +1`],
  ["a Content-Length that contains a comma", 400, `${host}\nContent-Length: 1,1`],
  ["a Content-Length with the character before `0` in ASCII", 400, `${host}\nContent-Length: 1/1`],
  ["a Content-Length with the character after `9` in ASCII", 400, `${host}\nContent-Length: :`],
  ["a Content-Length of 16 digits", 400, `${host}\nContent-Length: ${"1".repeat(16)}`],
  ["two Content-Lengths", 400, `${host}\nContent-Length: 1\nContent-Length: 1`],
  [
    "both Content-Length and Transfer-Encoding",
    400,
    `${host}\nContent-Length: 1\nTransfer-Encoding: chunked`,
  ],
  [
    "two Transfer-Encodings",
    501,
    `${host}\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked`,
  ],
  ["a coding that is not chunked", 501, `${host}\nTransfer-Encoding: gzip`],
  ["chunked in HTTP/1.0", 400, `${host}\nTransfer-Encoding: chunked`, { version: "1.0" }],
  ["Content_Length", 400, `${host}\nContent_Length: 1`],
  ["Transfer_Encoding", 400, `${host}\ntransfer_encoding: chunked`],
  ["HTTP/2.0", 505, host, { version: "2.0" }],
  ["one field more than the limit", 431, `${host}\nA: 1\nB: 2\nC: 3\nD: 4`],
  ["a URL one longer than the limit", 414, host, { target: `/${"x".repeat(40)}` }],
  ["an unknown expectation", 417, `${host}\nExpect: coffee`],
  ["CONNECT", 405, host, { method: "CONNECT", target: "/x" }],
  ["`*` with a method other than OPTIONS", 400, host, { target: "*" }],
  ["a target that is not a path", 400, host, { target: "x" }],
  ["a target with another scheme", 400, host, { target: "ftp://api.test/x" }],
  ["an absolute target of another host", 400, host, { target: "http://evil.test/x" }],
  ["an absolute target of another port", 400, host, { target: "http://api.test:81/x" }],
  ["an absolute target of the other scheme", 400, host, { target: "https://api.test/x" }],
  ["an absolute target without a host", 400, host, { target: "http:///x" }],
  ["an absolute target and no Host", 400, "", { version: "1.0", target: "http://api.test/x" }],
  ["a space in the query", 400, host, { target: "/x?a b" }],
  ["a fragment after the query", 400, host, { target: "/x?a#b" }],
  ["a DEL in the query", 400, host, { target: "/x?\x7f" }],
] as readonly [string, HeadFault["status"], string, Partial<Arrival>?][])
  test(`${name}: ${status}`, () => {
    const { fault, head, contentLength } = read(fields, arrival);
    assert.equal(fault?.status, status);
    assert.equal(contentLength, undefined, "no body is read by a length that is in doubt");
    assert.ok(URL.canParse(head.url), head.url);
  });

for (const [name, fields, arrival, expected] of [
  ["a host of 260 bytes", `Host: ${"a".repeat(260)}`, {}, { host: "a".repeat(260) }],
  ["a host in upper case, its own port", "Host: API.Test:80", {}, { url: "http://api.test/x" }],
  ["an empty port", "Host: api.test:", {}, { url: "http://api.test/x" }],
  ["the highest port", "Host: a:65535", {}, { url: "http://a:65535/x", host: "a" }],
  ["the shortest IPv6", "Host: [::]", {}, { url: "http://[::]/x", host: "[::]" }],
  ["IPv6 and a port", "Host: [::1]:81", {}, { url: "http://[::1]:81/x", host: "[::1]" }],
  ["a trailing dot", "Host: a.test.", {}, { url: "http://a.test./x", host: "a.test" }],
  ["HTTP/1.0 without Host", "", { version: "1.0" }, { url: "http://0.0.0.0:8080/x", host: "" }],
  ["a length", `${host}\nContent-Length: 120`, {}, { contentLength: 120 }],
  [
    "a length of 15 digits",
    `${host}\nContent-Length: 999999999999999`,
    {},
    { contentLength: 1e15 - 1 },
  ],
  ["chunked, in any case", `${host}\nTransfer-Encoding: Chunked`, {}, { contentLength: undefined }],
  ["as many fields as the limit", `${host}\nA: 1\nB: 2\nC: 3`, {}, {}],
  ["a URL as long as the limit", host, { target: `/${"x".repeat(39)}` }, {}],
  ["Expect: 100-Continue", `${host}\nExpect: 100-Continue`, {}, {}],
  ["a query", host, { target: "/a/../x?~!" }, { path: "/x", query: "?~!" }],
  ["`*` with OPTIONS", host, { method: "OPTIONS", target: "*" }, { path: "*", query: "" }],
  ["an absolute target", host, { target: "http://API.test:80/y?z" }, { path: "/y", query: "?z" }],
  ["an absolute target, no path", host, { target: "http://api.test" }, { path: "/", query: "" }],
  ["a query and no path", host, { target: "http://api.test?a/b" }, { path: "/", query: "?a/b" }],
] as const)
  test(`${name}: accepted`, () => {
    const { fault, head, ...rest } = read(fields, arrival);
    assert.equal(fault, undefined);
    const got: Record<string, unknown> = { ...rest, url: head.url };
    for (const [key, value] of Object.entries(expected)) assert.equal(got[key], value, key);
  });

test("a request with two Host fields is routed to neither, and its URL names neither", () => {
  const { host: routed, head } = read("Host: a.test\nHost: b.test");
  assert.equal(routed, "");
  assert.equal(head.url, "http://0.0.0.0:8080/x");
});

test("a preflight is OPTIONS with Origin and Access-Control-Request-Method", () => {
  const asks = `${host}\nOrigin: https://a.test\nAccess-Control-Request-Method: PUT`;
  assert.equal(read(asks, { method: "OPTIONS" }).preflightFor, "PUT");
  assert.equal(read(asks).preflightFor, undefined);
  const [, origin, method] = asks.split("\n");
  assert.equal(read(`${host}\n${origin}`, { method: "OPTIONS" }).preflightFor, undefined);
  assert.equal(read(`${host}\n${method}`, { method: "OPTIONS" }).preflightFor, undefined);
});

test("forwarded fields of a trusted peer set the request URL, and those of other peers are ignored", () => {
  const proto = "X-Forwarded-Proto: https";
  const outer = "X-Forwarded-Host: shop.test:444";
  const url = (fields: string, peer: string): string => read(fields, { peer }).head.url;
  const [trusted, other] = ["10.0.0.1", "192.0.2.1"];
  assert.equal(url(`${host}\n${proto}`, trusted), "https://api.test/x");
  assert.equal(url(`${host}\n${outer}`, trusted), "http://shop.test:444/x");
  assert.equal(url(`${host}\n${proto}\n${outer}`, trusted), "https://shop.test:444/x");
  assert.equal(url(`${host}\n${proto}\n${outer}`, other), "http://api.test/x");
  assert.equal(url(`${host}\nX-Forwarded-Proto: ftp`, trusted), "http://api.test/x");
  assert.equal(url(`${host}\nX-Forwarded-Host: a b`, trusted), "http://api.test/x");
  assert.equal(read(`${host}\n${outer}`, { peer: trusted }).host, "api.test", "routed by Host");
});
