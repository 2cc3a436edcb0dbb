// No path bypasses a policy: each reading of a path, and naive models of what servers do to one.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildConfig, type BuiltLocation } from "../../../../test/support/build-config.ts";
import { canonicalPath } from "../head/canonical-path.ts";
import { runSteps } from "@corsway/cors/policy";
import { compilePathGuard } from "./path-guard.ts";
import { Router } from "./router.ts";

const app = { allowOrigins: ["https://app.example.com"] };
const open = { allowOrigins: "*" } as const;

/** `LOCATION`, or `refused` with the reading; undefined where no location takes the path. */
function routing(locations: readonly BuiltLocation[], fallback?: BuiltLocation["cors"]) {
  const server = buildConfig({ locations, ...(fallback !== undefined && { fallback }) })
    .servers[0]!;
  const router = new Router(server.routes.map(({ location }) => ({ config: location })));
  const guard = runSteps(compilePathGuard(server, router));
  const route = (path: string, method = "GET", host = "h"): string | undefined => {
    const canonical = canonicalPath(path);
    if (canonical === undefined) return undefined;
    const own = router.find(host, canonical)?.pick(method)?.config;
    if (own === undefined) return undefined;
    const ambiguity = guard?.(host, canonical, method, own);
    return ambiguity === undefined
      ? own.name
      : `refused: ${ambiguity.reading} → ${ambiguity.location ?? "up"}`;
  };
  return { route, isOn: guard !== undefined };
}

const strictAndLoose: readonly BuiltLocation[] = [
  { name: "admin", path: "/admin", cors: app },
  { name: "rest", path: "/", cors: open },
];

test("each way servers read a path differently is refused if it leads to another policy", () => {
  const { route } = routing(strictAndLoose);
  assert.equal(route("/admin/x"), "admin");
  assert.equal(route("/x"), "rest");
  for (const [path, reading] of [
    ["//admin/x", "slashes merged"],
    ["/x/..//admin/x", "slashes merged"],
    ["/admin;/x", "parameters dropped"],
    ["/admin;v=1/x", "parameters dropped"],
    ["/;a/admin/x", "parameters dropped, slashes merged"],
    ["/admin%3b/x", "decoded reserved characters, parameters dropped"],
    ["/ADMIN/x", "upper and lower case alike"],
    ["/Admin", "upper and lower case alike"],
    ["/admin./x", "trailing dots and spaces dropped"],
    ["/admin%20/x", "trailing dots and spaces dropped"],
    ["/admin.%20.", "trailing dots and spaces dropped"],
    ["/%2561dmin/x", "decoded twice"],
    ["/%2541dmin/x", "decoded twice, upper and lower case alike"],
    ["/%252Fadmin/x", "decoded twice, slashes merged"],
    ["/%255Cadmin/x", "decoded twice, slashes merged"],
    ["/admin%3Fx", "decoded reserved characters"],
    ["//ADMIN;x/y", "parameters dropped, slashes merged, upper and lower case alike"],
  ] as const)
    assert.equal(route(path), `refused: ${reading} → admin`, path);
});

test("a dot segment that appears only under another reading is refused, wherever it leads", () => {
  const { route } = routing([{ name: "api", path: "/api", cors: app }]);
  for (const path of [
    "/api/..;/internal",
    "/api/..;x/internal",
    "/api/..%3b/internal",
    "/api/%252e%252e/internal",
    "/api/%252e%252e%252finternal",
    "/api/..%20/internal",
    "/api/%2500/x",
  ])
    assert.match(route(path)!, /^refused: .* → up$/, path);
  assert.equal(route("/api/...;/x"), "api", "no dot segment in any reading");
});

test("an odd path that leads to the same policy under every reading is accepted", () => {
  const { route } = routing([...strictAndLoose, { name: "img", path: "/img", cors: open }]);
  for (const [path, location] of [
    ["/Users/Ann", "rest"],
    ["/files//a;v=1/B./%20", "rest"],
    ["/admin//x", "admin"],
    ["/admin/Users;a=1", "admin"],
    ["/IMG/x", "rest"],
    ["/administrators/X", "rest"],
    ["/a/%252Fb", "rest"],
    ["/caf%C3%A9", "rest"],
    ["/a%20b", "rest"],
  ] as const)
    assert.equal(route(path), location, path);
});

test("a server with a single policy needs no guard, and paths without a location count as well", () => {
  assert.equal(routing([{ path: "/admin" }, { path: "/" }]).isOn, false);
  assert.equal(routing([{ path: "/admin" }, { path: "/x", cors: "upstream" }]).isOn, false);
  assert.equal(routing([{ path: "/", cors: app }]).isOn, false);
  assert.equal(routing([{ path: "/api", cors: app }]).isOn, true);
  assert.equal(routing([{ path: "/api", cors: false }], false).isOn, false);
  assert.equal(routing([{ path: "/", cors: app, corsPath: "^/api/" }]).isOn, true);
  assert.equal(routing([{ path: "/a", cors: false }, { path: "/" }]).isOn, true);
});

test("a location's path is read in the same ways as the request's", () => {
  const { route } = routing([
    { name: "admin", path: "/Admin", cors: app },
    { name: "params", path: "/shop;v=1", cors: app },
    { name: "regex", host: "regex", path: { kind: "regex", source: "^/Secret" }, cors: app },
    { name: "regex-rest", host: "regex", cors: open },
    { name: "rest", path: "/", cors: open },
  ]);
  assert.equal(route("/Admin/x"), "admin");
  assert.match(route("/admin/x")!, /^refused: upper and lower case alike → admin$/);
  assert.match(route("/ADMIN/x")!, /^refused/);
  assert.match(route("/shop/x")!, /^refused: the location's own path → params$/);
  assert.equal(route("/Secret", "GET", "regex"), "regex");
  assert.match(route("/secret", "GET", "regex")!, /^refused: .* → regex$/);
  assert.equal(route("/other", "GET", "regex"), "regex-rest");
});

test("a trailing slash matters if a location matches only with it or only without it", () => {
  const { route } = routing([
    { name: "login", path: { kind: "exact", path: "/login" }, cors: app },
    { name: "docs", path: "/docs/", cors: app },
    { name: "rest", path: "/", cors: open },
  ]);
  assert.equal(route("/login"), "login");
  assert.match(route("/login/")!, /^refused: .* → login$/);
  assert.match(route("/LOGIN/")!, /^refused/);
  assert.match(route("/docs")!, /^refused: .* → docs$/);
  assert.equal(route("/login/x"), "rest");
  assert.equal(route("/x/"), "rest");
});

test("the location that accepts the method decides, and a policy limited to a path applies only there", () => {
  const methods = routing([
    { name: "read", path: "/x", methods: ["GET"], cors: open },
    { name: "write", path: "/x", methods: ["PUT"], cors: app },
    { name: "rest", path: "/", cors: open },
  ]);
  assert.equal(methods.route("//x", "GET"), "rest");
  assert.equal(methods.route("//x", "HEAD"), "rest");
  assert.match(methods.route("//x", "PUT")!, /^refused: .* → write$/);
  assert.match(methods.route("//x", "DELETE")!, /^refused: .* → write$/);
  const limited = routing([{ name: "all", path: "/", cors: app, corsPath: "^/api/" }]);
  assert.equal(limited.route("/api/x"), "all");
  assert.equal(limited.route("/Other//x"), "all");
  assert.match(limited.route("//api/x")!, /^refused/);
  assert.match(limited.route("/API/x")!, /^refused/);
});

test('ambiguous_paths = "allow" applies only to its own location', () => {
  const { route } = routing([
    { name: "admin", path: "/admin", cors: app },
    { name: "files", path: "/files", cors: open, ambiguousPaths: "allow" },
    { name: "rest", path: "/", cors: open },
  ]);
  assert.equal(route("/files//..;/admin"), "files");
  assert.match(route("//admin")!, /^refused/);
});

/** What naive upstreams make of a path that reaches them, one step each. */
const models: Readonly<Record<string, (path: string) => string>> = {
  mergesSlashes: (path) => path.replace(/\/+/g, "/"),
  dropsParameters: (path) =>
    path
      .split("/")
      .map((one) => one.split(";")[0])
      .join("/"),
  ignoresCase: (path) => path.toLowerCase(),
  trimsSegments: (path) =>
    path
      .split("/")
      .map((one) => (/^\.{1,2} *$/.test(one) ? one.trim() : one.replace(/[. ]+$/, "")))
      .join("/"),
  decodes: (path) => path.replace(/%([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(+`0x${hex}`)),
  cutsQuery: (path) => path.replace(/[?#].*$/s, ""),
  turnsBackslashes: (path) => path.replaceAll("\\", "/"),
  resolvesDots: (path) => {
    const kept: string[] = [];
    for (const segment of path.split("/").slice(1))
      if (segment === "..") kept.pop();
      else if (segment !== ".") kept.push(segment);
    return `/${kept.join("/")}`;
  },
};

const piece = fc.constantFrom(
  ..."/ / // ; . .. %20 %252e %252F %255c %3b %253b %3f admin admin ADMIN Admin %2561dmin adm%2549n x v=1".split(
    " ",
  ),
);
const wild = fc.array(piece, { minLength: 1, maxLength: 8 }).map((parts) => `/${parts.join("")}`);
const upstream = fc.array(fc.constantFrom(...Object.keys(models)), { maxLength: 6 });

test("every path that a naive upstream serves as /admin was decided by its policy, or refused", () => {
  const { route } = routing(strictAndLoose);
  let ways = 0;
  fc.assert(
    fc.property(wild, upstream, (path, steps) => {
      // At most two decodings: one is the server's own, the other the one too many.
      const decodings = steps.filter((step) => step === "decodes").length;
      fc.pre(decodings <= 2);
      const canonical = canonicalPath(path);
      if (canonical === undefined) return;
      const served = steps.reduce((at, step) => models[step]!(at), canonical);
      const isAdmin = served === "/admin" || served.startsWith("/admin/");
      const routed = route(path)!;
      if (!isAdmin || routed === "admin") return;
      ways++;
      assert.match(routed, /^refused/, `${canonical} is served as ${served} by ${steps.join(" ")}`);
    }),
    { numRuns: 40_000 },
  );
  assert.ok(ways > 500, `only ${ways} paths would have led round the policy`);
});

test("an ordinary path is never refused", () => {
  const { route } = routing(strictAndLoose);
  const segment = fc.stringMatching(/^[a-z0-9_-]{1,8}(\.[a-z]{1,3})?$/);
  fc.assert(
    fc.property(fc.array(segment, { maxLength: 5 }), (segments) => {
      const path = `/${segments.join("/")}`;
      assert.equal(route(path), segments[0] === "admin" ? "admin" : "rest");
    }),
    { numRuns: 2000 },
  );
});
