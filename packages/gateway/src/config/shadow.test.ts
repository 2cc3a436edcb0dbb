// Exactly the locations that no request can reach are reported.

import assert from "node:assert/strict";
import { test } from "node:test";
import { loadFiles } from "../../../../test/support/config-folder.ts";

const base = `[servers.public]
addr = ":8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
`;

function shadowed(
  t: Parameters<typeof loadFiles>[0],
  ...locations: readonly string[]
): readonly string[] {
  const tables = locations.map(
    (keys, index) => `[locations.l${index}]\nupstream = "api"\n${keys}\n`,
  );
  const { config, diagnostics } = loadFiles(t, base + tables.join(""));
  assert.ok(config, JSON.stringify(diagnostics));
  return diagnostics
    .filter(({ code }) => code === "config/shadowed-location")
    .map(({ path, also }) => `${path} by ${also?.[0]?.path}`);
}

for (const [says, first, second, expected] of [
  ["the same path", 'path = "/x"', 'path = "/x"', true],
  ["no path at all", "", "", true],
  ["another path", 'path = "/x"', 'path = "/y"', false],
  ["exact and prefix", 'path = "= /x"', 'path = "/x"', false],
  ["the same regular expression", 'path = "~ ^/x"', 'path = "~ ^/x"', true],
  ["another host", 'host = "a.example"', 'host = "b.example"', false],
  ["one of two hosts", 'host = "a.example"', 'host = "a.example, b.example"', false],
  ["both of two hosts", 'host = "a.example, b.example"', 'host = "b.example, a.example"', true],
  ["a regular expression after the prefix /", 'path = "/"', 'path = "~ ^/x"', true],
  ["no path after the prefix /", 'path = "/"', "", true],
  ["a regular expression and a longer prefix", 'path = "/x"', 'path = "~ ^/x"', false],
  ["a regular expression after no path", "", 'path = "~ ^/x"', false],
  ["an exact path after the prefix /", 'path = "/"', 'path = "= /x"', false],
  ["a regular expression with its own host", 'path = "/"', 'host = "a.b"\npath = "~ ^/x"', false],
  ["a regular expression with its own weight", 'path = "/"', 'path = "~ ^/x"\nweight = 5', false],
  ["different methods", 'methods = "GET"', 'methods = "PUT"', false],
  ["HEAD after GET", 'methods = "GET"', 'methods = "HEAD"', true],
  ["all methods after some", 'methods = "GET"', "", false],
  ["some methods after all", "", 'methods = "GET"', true],
  ["its own weight", "", "weight = 5", false],
  ["the same weight", "weight = 5", "weight = 5", true],
] as const) {
  test(`${says}: ${expected ? "shadowed" : "reached"}`, (t) => {
    assert.deepEqual(shadowed(t, first, second), expected ? ["locations.l1 by locations.l0"] : []);
  });
}

test("a location is shadowed by two earlier ones that cover its methods together", (t) => {
  const three = ['methods = "GET"', 'methods = "PUT"', 'methods = "PUT, GET"'];
  assert.deepEqual(shadowed(t, ...three), ["locations.l2 by locations.l1"]);
});

test("a path with a fault of its own is not reported as shadowed", (t) => {
  const tables = ['path = "/a?b"', 'path = "no-slash"', 'path = "/x"'].map(
    (keys, index) => `[locations.l${index}]\nupstream = "api"\n${keys}\n`,
  );
  const { diagnostics } = loadFiles(t, base + tables.join(""));
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["config/path", "config/path"],
  );
});
