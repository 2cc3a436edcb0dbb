import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { buildRoute, type BuiltLocation } from "../../../../test/support/build-config.ts";
import { Router } from "./router.ts";

function routerOf(
  locations: readonly BuiltLocation[],
): (host: string, path: string, method?: string) => string {
  const router = new Router(locations.map((one, i) => ({ config: buildRoute(one, i).location })));
  return (host, path, method = "GET") => {
    const group = router.find(host, path);
    if (group === undefined) return "none";
    return (
      group.pick(method)?.config.name ??
      `no method of ${group.locations.map(({ config }) => config.name).join(" ")}`
    );
  };
}

test("host: exact before wildcard before any, falling through to the next if no path matches", () => {
  const find = routerOf([
    { name: "any", path: "/" },
    { name: "wild", host: "*.example.com", path: "/" },
    { name: "wilder", host: "*.a.example.com", path: "/" },
    { name: "exact", host: "api.example.com", path: "/v1" },
  ]);
  assert.equal(find("api.example.com", "/v1/x"), "exact");
  assert.equal(find("api.example.com", "/v2"), "wild");
  assert.equal(find("x.y.example.com", "/"), "wild");
  assert.equal(find("x.a.example.com", "/"), "wilder");
  assert.equal(find("a.example.com", "/"), "wild");
  assert.equal(find("example.com", "/"), "any", "a wildcard never takes the apex");
  assert.equal(find("", "/"), "any");
});

test("path: exact, then the longest prefix by segment, then regexes in file order, then any", () => {
  const find = routerOf([
    { name: "any" },
    { name: "regex2", path: { kind: "regex", source: "^/r" } },
    { name: "regex", path: { kind: "regex", source: "^/re" } },
    { name: "api", path: "/api" },
    { name: "closed", path: "/closed/" },
    { name: "deep", path: "/api/v1/users" },
    { name: "exact", path: { kind: "exact", path: "/api/v1/users/me" } },
  ]);
  assert.equal(find("h", "/api"), "api");
  assert.equal(find("h", "/api/x"), "api");
  assert.equal(find("h", "/apix"), "any");
  assert.equal(find("h", "/api/v1"), "api");
  assert.equal(find("h", "/api/v1/users"), "deep");
  assert.equal(find("h", "/api/v1/users/"), "deep");
  assert.equal(find("h", "/api/v1/users/me"), "exact");
  assert.equal(find("h", "/api/v1/users/me/x"), "deep");
  assert.equal(find("h", "/closed"), "any");
  assert.equal(find("h", "/closed/"), "closed");
  assert.equal(find("h", "/closed/x"), "closed");
  assert.equal(find("h", "/re"), "regex2");
});

test("method: matched within the group, GET implies HEAD, and a location without methods accepts the rest", () => {
  const find = routerOf([
    { name: "read", path: "/x", methods: ["GET"] },
    { name: "write", path: "/x", methods: ["PUT", "GET"] },
    { name: "all", path: "/y", methods: ["POST"] },
    { name: "rest", path: "/y" },
    { name: "short", path: "/" },
  ]);
  assert.equal(find("h", "/x", "GET"), "read");
  assert.equal(find("h", "/x", "HEAD"), "read");
  assert.equal(find("h", "/x", "PUT"), "write");
  assert.equal(find("h", "/x", "POST"), "no method of read write", "never a shorter path");
  assert.equal(find("h", "/x", "get"), "no method of read write", "methods are case-sensitive");
  assert.equal(find("h", "/x", "OPTIONS"), "no method of read write");
  assert.equal(find("h", "/y", "POST"), "all");
  assert.equal(find("h", "/y", "OPTIONS"), "rest");
});

test("Pingap's raw prefixes end anywhere and are ordered by length, after its weights", () => {
  const find = routerOf([
    { name: "segment", path: "/api" },
    { name: "raw", path: { kind: "raw-prefix", path: "/api/v" } },
    { name: "rawer", path: { kind: "raw-prefix", path: "/ap" } },
    { name: "heavy", path: { kind: "raw-prefix", path: "/api/v9" }, weight: 10 },
    { name: "heavier", path: { kind: "prefix", path: "/api/v9/x" }, weight: 20 },
    { name: "longest", path: "/api/v9/x/y" },
  ]);
  assert.equal(find("h", "/api/x"), "segment");
  assert.equal(find("h", "/api/v1"), "raw");
  assert.equal(find("h", "/apix"), "rawer");
  assert.equal(find("h", "/api/v99"), "heavy");
  assert.equal(find("h", "/api/v9/x/y"), "heavier");
});

test("a configured path is canonicalised like a request's", () => {
  const find = routerOf([
    { name: "café", path: "/caf\u00e9" },
    { name: "tilde", path: "/%7Euser" },
  ]);
  assert.equal(find("h", "/caf%C3%A9/x"), "café");
  assert.equal(find("h", "/~user"), "tilde");
});

test("the router agrees with a scan over all locations, written from the rules", () => {
  const segment = fc.constantFrom("a", "b", "ab", "");
  const path = fc.array(segment, { maxLength: 4 }).map((parts) => `/${parts.join("/")}`);
  const host = fc.constantFrom(undefined, "a.test", "*.test", "*.a.test");
  fc.assert(
    fc.property(
      fc.array(fc.record({ host, path }), { maxLength: 8 }),
      fc.constantFrom("a.test", "b.a.test", "c.test", "test", "x"),
      path,
      (locations, askedHost, askedPath) => {
        const built = locations.map(({ host, path }, i): BuiltLocation => ({
          name: String(i),
          path,
          ...(host !== undefined && { host }),
        }));
        let best = "none";
        let bestRank = -1;
        built.forEach(({ host, path, name }) => {
          const under = path as string;
          const fits =
            askedPath === under || askedPath.startsWith(under.endsWith("/") ? under : `${under}/`);
          const hostRank =
            host === undefined
              ? 0
              : host === askedHost
                ? 2000
                : host.startsWith("*") && askedHost.endsWith(host.slice(1))
                  ? 1000 + host.length
                  : -1;
          const rank = hostRank * 1000 + under.length;
          if (fits && hostRank >= 0 && rank > bestRank) [best, bestRank] = [name!, rank];
        });
        assert.equal(routerOf(built)(askedHost, askedPath), best);
      },
    ),
    { numRuns: 2000 },
  );
});

test("locations with the same host expression share their paths, and expressions match in file order", () => {
  const host = (source: string) => ({ hosts: [{ kind: "regex" as const, source }] });
  const locations = [
    { name: "any", path: "/" },
    { name: "api", path: "/api", ...host("^a") },
    { name: "root", path: "/", ...host("^a") },
    { name: "other", path: "/api/v1", ...host("b$") },
    { name: "wild", path: "/", hosts: [{ kind: "subdomains" as const, suffix: ".c" }] },
  ];
  const router = new Router(
    locations.map(({ hosts, ...one }) => {
      const config = buildRoute(one).location;
      return { config: hosts === undefined ? config : { ...config, hosts } };
    }),
  );
  const find = (host: string, path: string) => router.find(host, path)?.pick("GET")?.config.name;
  assert.equal(find("a", "/api/v1"), "api");
  assert.equal(find("a", "/x"), "root");
  assert.equal(find("ab", "/api/v1"), "api", "the first that fits");
  assert.equal(find("b", "/api/v1"), "other");
  assert.equal(find("b", "/api"), "any");
  assert.equal(find("a.c", "/api"), "wild", "wildcards go before");
});
