import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { brandPolicy } from "@corsway/cors/policy";
import type { Config } from "../config/config.ts";
import { loadConfig } from "../config/load.ts";
import { chooseServer, configGateway } from "./config-gateway.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const folder = temporaryFolder();

function load(text: string): Config {
  const file = path.join(folder, "corsway.toml");
  writeFileSync(file, text);
  const { config, diagnostics } = loadConfig(file, { base: folder });
  assert.ok(config !== undefined, JSON.stringify(diagnostics));
  return config;
}

const config = load(`
[policies.web]
allow_origins = ["https://app.example.com"]
allow_methods = ["PUT"]
[servers.public]
addr = "127.0.0.1:8080"
hosts = "*"
[servers.internal]
addr = "127.0.0.1:8081"
locations = ["files"]
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.orders]
host = "api.example.com"
path = "/orders"
methods = ["GET"]
upstream = "api"
cors = "web"
[locations.files]
path = "/files"
upstream = "api"
`);
const server = config.servers[0]!;
const upstream = { status: 200, headers: [["X-A", "1"]] as const };
const gateway = configGateway(config, server, upstream);
const ask = (method: string, url: string, ...headers: [string, string][]) =>
  gateway.respond({ method, url, headers: [["Origin", "https://app.example.com"], ...headers] });

test("it responds as the gateway does: preflights itself, other requests with the upstream's response", () => {
  const preflight = ask("OPTIONS", "http://api.example.com/orders", [
    "Access-Control-Request-Method",
    "GET",
  ]);
  assert.equal(preflight.status, 204);
  const actual = ask("GET", "http://api.example.com/orders/7?x=1");
  assert.equal(actual.status, 200);
  assert.deepEqual(
    actual.headers.filter(([name]) => /^(?:x-a|access-control-allow-origin)$/i.test(name)),
    [
      ["X-A", "1"],
      ["Access-Control-Allow-Origin", "https://app.example.com"],
    ],
  );
});

test("a method that no location of the group accepts gets a 404 that the page can read", () => {
  const answer = ask("DELETE", "http://api.example.com/orders");
  assert.equal(answer.status, 404);
  assert.ok(answer.headers.some(([name]) => name === "Access-Control-Allow-Origin"));
  assert.equal(ask("GET", "http://api.example.com/nowhere").status, 404);
});

test("it reports which location and policy apply, and where they are written", () => {
  const request = { method: "GET", url: "http://api.example.com/orders", headers: [] };
  const ruling = gateway.ruling(request);
  assert.equal(ruling.location?.name, "orders");
  assert.ok(ruling.effective.kind === "policy" && ruling.effective.from.at?.line === 18);
  const files = gateway.ruling({ ...request, url: "http://api.example.com/files" });
  assert.equal(files.effective.kind, "absent");
});

test("it decides by a replacement policy if one is given", () => {
  const request = {
    method: "GET",
    url: "http://api.example.com/orders",
    headers: [["Origin", "https://b.example"]] as const,
  };
  const { effective } = gateway.ruling(request);
  assert.ok(effective.kind === "policy");
  const open = gateway.withPolicy(
    effective.policy,
    brandPolicy({ ...effective.policy, allowOrigins: "*" }),
  );
  const allowed = (answer: { headers: readonly (readonly [string, string])[] }) =>
    answer.headers.some(([name]) => name === "Access-Control-Allow-Origin");
  assert.equal(allowed(gateway.respond(request)), false);
  assert.equal(allowed(open.respond(request)), true);
});

test("the server is selected by the URL's port, its locations' hosts, or by name", () => {
  const choose = (url: string, name?: string): string => {
    const chosen = chooseServer(config, new URL(url), name);
    return chosen.kind === "server" ? chosen.server.name : chosen.fix;
  };
  assert.equal(choose("http://127.0.0.1:8081/files"), "internal");
  assert.equal(choose("http://localhost:8080/"), "public");
  assert.equal(choose("https://api.example.com/orders"), "public");
  assert.equal(choose("https://x.example/", "internal"), "internal");
  assert.match(choose("https://x.example/"), /--server NAME/);
  assert.match(choose("https://x.example/", "nope"), /`public`, `internal`/);
});

test("a change to a policy that several locations use applies to all of them", () => {
  const shared = load(`
[policies.web]
allow_origins = ["https://app.example.com"]
[policies.other]
allow_origins = ["https://app.example.com"]
[servers.public]
addr = "127.0.0.1:8080"
hosts = "*"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.one]
path = "/one"
upstream = "api"
cors = "web"
[locations.two]
path = "/two"
upstream = "api"
cors = "web"
[locations.three]
path = "/three"
upstream = "api"
cors = "other"
`);
  const get = (path: string) => ({
    method: "GET",
    url: `http://api.example.com${path}`,
    headers: [["Origin", "https://b.example"]] as const,
  });
  const before = configGateway(shared, shared.servers[0]!, upstream);
  const { effective } = before.ruling(get("/one"));
  assert.ok(effective.kind === "policy");
  const open = before.withPolicy(
    effective.policy,
    brandPolicy({ ...effective.policy, allowOrigins: "*" }),
  );
  const isAllowed = (path: string): boolean =>
    open
      .respond(get(path))
      .headers.some(([name, value]) => name === "Access-Control-Allow-Origin" && value === "*");
  assert.deepEqual(["/one", "/two", "/three"].map(isAllowed), [true, true, false]);
});

test("a single server is selected whatever the URL, and a request outside a policy's path is reported as such", () => {
  const only = load(`
[policies.web]
allow_origins = ["https://app.example.com"]
path = "^/orders"
[servers.public]
addr = "127.0.0.1:8080"
hosts = "*"
cors = "web"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.all]
path = "/"
upstream = "api"
`);
  const chosen = chooseServer(only, new URL("https://anything.example:9/"), undefined);
  assert.ok(chosen.kind === "server" && chosen.server.name === "public");
  const limited = configGateway(only, chosen.server, upstream);
  const isOutside = (path: string): boolean =>
    limited.ruling({ method: "GET", url: `http://api.example.com${path}`, headers: [] })
      .outsidePath;
  assert.equal(isOutside("/orders/1"), false);
  assert.equal(isOutside("/users"), true);
});

test("a path that an upstream may read as belonging to another policy is refused, as in the gateway", () => {
  const config = load(`
[servers.public]
addr = "127.0.0.1:8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[policies.web]
allow_origins = ["https://app.example.com"]
[locations.admin]
path = "/admin"
upstream = "api"
cors = false
[locations.rest]
path = "/"
upstream = "api"
cors = "web"
`);
  const gateway = configGateway(config, config.servers[0]!, upstream);
  const request = (url: string) =>
    ({ method: "GET", url, headers: [["Origin", "https://app.example.com"]] }) as const;
  assert.equal(gateway.respond(request("http://localhost:8080//admin/x")).status, 400);
  assert.equal(
    gateway.ruling(request("http://localhost:8080//admin/x")).ambiguity,
    "slashes merged: admin",
  );
  assert.equal(gateway.respond(request("http://localhost:8080//other/x")).status, 200);
});

test('login_redirect = "401": a script\'s call that the upstream redirects to another origin gets a 401', () => {
  const config = load(`
[servers.public]
addr = "127.0.0.1:8080"
[upstreams.api]
addrs = ["127.0.0.1:5001"]
[locations.api]
upstream = "api"
login_redirect = "401"
cors = { allow_origins = "https://app.example.com" }
`);
  const gateway = configGateway(config, config.servers[0]!, {
    status: 302,
    headers: [["Location", "https://login.example.com/?state=1"]],
  });
  const answer = gateway.respond({
    method: "GET",
    url: "http://localhost:8080/api",
    headers: [["Origin", "https://app.example.com"]],
  });
  assert.equal(answer.status, 401);
  assert.ok(answer.headers.some(([name]) => name === "Access-Control-Allow-Origin"));
});
