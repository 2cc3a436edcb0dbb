// The walk of a request: who decides, what the gateway answers itself, and what is forwarded.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import type { BuiltLocation } from "../../../../test/support/build-config.ts";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw, type RawAnswer } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";
const evil = "https://evil.example";
const listed = { allowOrigins: [app], allowMethods: ["GET", "PUT"] };

const upstream = await httpServer((request, response) => {
  response.setHeader("Access-Control-Allow-Origin", "https://upstream.example");
  response.setHeader("X-Upstream", "yes");
  response.end(`${request.method} ${request.url}`);
});

type Ask = (method: string, path: string, fields?: string) => Promise<RawAnswer>;

async function asking(
  locations: readonly BuiltLocation[],
  fallback?: BuiltLocation["cors"],
): Promise<Ask> {
  const { port } = await gatewayOf({
    locations: locations.map((one) => ({ upstream: "api", ...one })),
    upstreams: { api: { ports: [upstream] } },
    ...(fallback !== undefined && { fallback }),
  });
  return (method, path, fields = "") =>
    sendRaw(
      port,
      `${method} ${path} HTTP/1.1\r\nHost: api.test\r\n${fields}Connection: close\r\n\r\n`,
    );
}

const from = (origin: string): string => `Origin: ${origin}\r\n`;
const preflight = (origin: string, method: string): string =>
  `${from(origin)}Access-Control-Request-Method: ${method}\r\n`;
const allowed = (answer: RawAnswer): string[] => answer.header("Access-Control-Allow-Origin");

test("a method that no location of the path accepts gets a readable 404, never a shorter path", async () => {
  const ask = await asking([
    { path: "/users", methods: ["GET"], cors: listed },
    { path: "/", cors: "absent" },
  ]);
  const answer = await ask("POST", "/users", from(app));
  assert.equal(answer.status, 404);
  assert.deepEqual(allowed(answer), [app]);
  assert.equal((JSON.parse(answer.body) as { error: string }).error, "not_found");
  assert.deepEqual(answer.header("Content-Type"), ["application/json"]);
  assert.deepEqual(answer.header("Cache-Control"), ["no-store"]);
  assert.deepEqual(answer.header("X-Content-Type-Options"), ["nosniff"]);
});

test("a preflight is decided by the location that accepts the requested method", async () => {
  const ask = await asking([
    { path: "/x", methods: ["GET"], cors: { allowOrigins: [app] } },
    { path: "/x", methods: ["PUT"], cors: { allowOrigins: [evil], allowMethods: "PUT" } },
  ]);
  assert.equal((await ask("OPTIONS", "/x", preflight(evil, "PUT"))).status, 204);
  assert.equal((await ask("OPTIONS", "/x", preflight(evil, "GET"))).status, 403);
  assert.equal((await ask("OPTIONS", "/x", preflight(app, "GET"))).status, 204);
  const other = await ask("OPTIONS", "/x", preflight(app, "DELETE"));
  assert.equal(other.status, 204, "the group's first policy answers what no location takes");
  assert.deepEqual(allowed(other), [app]);
});

test("the first rule that allows the origin decides, and the log and the debug field name it", async () => {
  const { port, logged } = await gatewayOf(
    {
      locations: [
        { upstream: "api", cors: [{ ...listed, allowCredentials: true }, { allowOrigins: "*" }] },
      ],
      upstreams: { api: { ports: [upstream] } },
    },
    { debug: true },
  );
  const ask: Ask = (method, path, fields = "") =>
    sendRaw(
      port,
      `${method} ${path} HTTP/1.1\r\nHost: api.test\r\n${fields}Connection: close\r\n\r\n`,
    );
  const one = await ask("GET", "/", from(app));
  assert.deepEqual(allowed(one), [app]);
  assert.deepEqual(one.header("Access-Control-Allow-Credentials"), ["true"]);
  const two = await ask("GET", "/", from(evil));
  assert.deepEqual(allowed(two), ["*"]);
  assert.deepEqual(two.header("Vary"), ["Origin"]);
  const none = await ask("GET", "/");
  assert.deepEqual(allowed(none), []);
  assert.deepEqual(
    [one, two, none].flatMap((answer) => answer.header("Corsway-Decision")),
    [
      "policy=rule0; kind=actual; allowed",
      "policy=rule1; kind=actual; allowed",
      "policy=rule0, rule1; kind=not-cors; allowed",
    ],
  );
  assert.deepEqual(
    (await logged(3)).map(({ policy }) => policy),
    ["rule0", "rule1", "rule0, rule1"],
  );
});

test("a request refused by on_mismatch gets a 403 before the upstream, and the log says why", async () => {
  const reached: string[] = [];
  const api = await httpServer((request, response) => {
    reached.push(`${request.method} ${request.url}`);
    response.end();
  });
  const { port, logged } = await gatewayOf({
    locations: [
      { path: "/writes", upstream: "api", cors: { ...listed, onMismatch: "reject-writes" } },
      { path: "/all", upstream: "api", cors: { ...listed, onMismatch: "reject" } },
    ],
    upstreams: { api: { ports: [api] } },
  });
  const ask: Ask = (method, path, fields = "") =>
    sendRaw(
      port,
      `${method} ${path} HTTP/1.1\r\nHost: api.test\r\n${fields}Connection: close\r\n\r\n`,
    );
  const image =
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n";
  const statuses = [
    await ask("GET", "/writes", from(evil)),
    await ask("POST", "/writes", `${from(evil)}Content-Length: 0\r\n`),
    await ask("POST", "/writes", `${from(app)}Content-Length: 0\r\n`),
    await ask("GET", "/writes", image),
    await ask("GET", "/all", image),
    await ask("GET", "/all"),
  ].map(({ status }) => status);
  assert.deepEqual(statuses, [200, 403, 200, 200, 403, 200]);
  assert.deepEqual(reached, ["GET /writes", "POST /writes", "GET /writes", "GET /all"]);
  assert.deepEqual(
    (await logged(6))
      .filter(({ status }) => status === 403)
      .map(({ kind, refusal, error }) => [kind, refusal, error]),
    [
      ["actual", "origin-not-allowed", "origin_not_allowed"],
      ["not-cors", "site-not-allowed", "origin_not_allowed"],
    ],
  );
});

test("an OPTIONS that is not a preflight is forwarded, or gets a 404 if the location does not list it", async () => {
  const ask = await asking([
    { path: "/all", cors: listed },
    { path: "/get", methods: ["GET"], cors: listed },
    { path: "/options", methods: ["GET", "OPTIONS"], cors: listed },
  ]);
  const forwarded = await ask("OPTIONS", "/all", from(app));
  assert.match(forwarded.body, /OPTIONS \/all/);
  assert.deepEqual(forwarded.header("Vary"), ["Origin, Access-Control-Request-Method"]);
  assert.equal((await ask("OPTIONS", "/get", from(app))).status, 404);
  assert.match((await ask("OPTIONS", "/options")).body, /OPTIONS \/options/);
});

test("a request that matches no location gets a 404 under the policy of the server or realm", async () => {
  const ask = await asking([{ path: "/x" }], listed);
  const answer = await ask("GET", "/y", from(app));
  assert.equal(answer.status, 404);
  assert.deepEqual(allowed(answer), [app]);
  assert.equal((await ask("OPTIONS", "/y", preflight(app, "PUT"))).status, 204);
});

test('without cors, or with cors = "upstream", responses are unchanged and preflights are forwarded', async () => {
  for (const cors of ["absent", "upstream"] as const) {
    const ask = await asking([{ path: "/", cors }]);
    const answer = await ask("GET", "/x", from(app));
    assert.deepEqual(allowed(answer), ["https://upstream.example"]);
    assert.deepEqual(answer.header("Vary"), []);
    assert.match((await ask("OPTIONS", "/x", preflight(app, "PUT"))).body, /OPTIONS \/x/);
  }
});

test("cors = false removes the upstream's CORS headers and refuses preflights", async () => {
  const ask = await asking([{ path: "/", cors: false }]);
  const answer = await ask("GET", "/x", from(app));
  assert.equal(answer.status, 200);
  assert.deepEqual(allowed(answer), []);
  assert.equal((await ask("OPTIONS", "/x", preflight(app, "PUT"))).status, 403);
});

test("a policy with a path applies only there, matched on the canonical path before the rewrite", async () => {
  const ask = await asking([
    {
      path: "/",
      cors: listed,
      corsPath: "^/api/",
      rewrite: { pattern: "^/api/(.*)$", replacement: "/v2/$1" },
    },
  ]);
  const inside = await ask("GET", "/%61pi/users?q=1", from(app));
  assert.match(inside.body, /GET \/v2\/users\?q=1/);
  assert.deepEqual(allowed(inside), [app]);
  const outside = await ask("GET", "/other", from(app));
  assert.deepEqual(allowed(outside), ["https://upstream.example"]);
  const around = await ask("GET", "/api/%2e%2e/other", from(app));
  assert.match(around.body, /GET \/other/);
  assert.deepEqual(allowed(around), ["https://upstream.example"]);
});

test("on_mismatch forwards a refused origin's request without CORS headers, or answers 403", async () => {
  const omit = await asking([{ path: "/", cors: listed }]);
  const went = await omit("GET", "/x", from(evil));
  assert.equal(went.status, 200);
  assert.deepEqual(allowed(went), []);
  assert.deepEqual(went.header("Vary"), ["Origin"]);
  const reject = await asking([{ path: "/", cors: { ...listed, onMismatch: "reject" } }]);
  const stopped = await reject("GET", "/x", from(evil));
  assert.equal(stopped.status, 403);
  assert.deepEqual(stopped.header("Vary"), ["Origin"]);
  assert.equal(
    (await reject("POST", "/x", `${from("http://api.test")}Content-Length: 0\r\n`)).status,
    200,
    "same-origin is never refused",
  );
});

test("a request's host is matched in any case, with or without the default port", async () => {
  const { port } = await gatewayOf({
    locations: [
      { path: "/", host: "api.test", upstream: "api", cors: { ...listed, onMismatch: "reject" } },
    ],
    upstreams: { api: { ports: [upstream] } },
  });
  for (const host of ["api.test", "API.test:80", "api.test.", "api.test:"]) {
    const answer = await sendRaw(
      port,
      `GET /x HTTP/1.1\r\nHost: ${host}\r\n${from(host.startsWith("API") || host.endsWith(":") ? "http://api.test" : `http://${host}`)}Connection: close\r\n\r\n`,
    );
    assert.equal(answer.status, 200, `${host}: ${answer.text}`);
  }
});

test("the debug field reports the decision", async () => {
  const { port } = await gatewayOf(
    {
      locations: [{ name: "x", path: "/", upstream: "api", cors: listed }],
      upstreams: { api: { ports: [upstream] } },
    },
    { debug: true },
  );
  const answer = await sendRaw(
    port,
    `GET /x HTTP/1.1\r\nHost: a\r\n${from(evil)}Connection: close\r\n\r\n`,
  );
  assert.deepEqual(answer.header("Corsway-Decision"), [
    "policy=x; kind=actual; refused; reason=origin-not-allowed",
  ]);
});

test("a policy name in any script does not break the debug field", async () => {
  const locations = [{ name: "웹\n", path: "/", cors: listed }];
  const { port } = await gatewayOf({ locations }, { debug: true });
  const answer = await sendRaw(port, `GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  assert.equal(answer.status, 502);
  assert.deepEqual(answer.header("Corsway-Decision"), [
    String.raw`policy=\uc6f9\n; kind=not-cors; allowed`,
  ]);
});

test("a response has one request id: the upstream's if it sent one, or else the gateway's", async () => {
  const port = await httpServer((request, response) => {
    if (request.url === "/own") response.setHeader("X-Request-ID", "theirs-7");
    response.end();
  });
  const gateway = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [port] } },
  });
  const ask = (path: string): Promise<RawAnswer> =>
    sendRaw(
      gateway.port,
      `GET ${path} HTTP/1.1\r\nHost: api.test\r\n${from(app)}Connection: close\r\n\r\n`,
    );
  assert.deepEqual((await ask("/own")).header("X-Request-Id"), ["theirs-7"]);
  const [ours, ...more] = (await ask("/none")).header("X-Request-Id");
  assert.match(ours!, /^[\w-]{8,}$/);
  assert.deepEqual(more, []);
});

test("an answered request leaves no timer running on a kept connection", async () => {
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api", cors: listed }],
    upstreams: { api: { ports: [upstream] } },
  });
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((kind) => kind === "Timeout").length;
  const preflight = `OPTIONS /x HTTP/1.1\r\nHost: a\r\nOrigin: ${app}\r\nAccess-Control-Request-Method: PUT\r\n\r\n`;
  socket.write(preflight);
  await heard.until("\r\n\r\n");
  const before = timers();
  for (let turn = 0; turn < 50; turn++) {
    socket.write(preflight);
    await heard.until("\r\n\r\n");
  }
  assert.ok(timers() < before + 25, `${before} timers, then ${timers()}`);
  socket.destroy();
});

test("an ambiguous path is refused, logged with its reading and counted; its preflight is answered", async () => {
  const { port, logged, gateway } = await gatewayOf({
    upstreams: { api: { ports: [upstream] } },
    locations: [
      { name: "admin", path: "/admin", upstream: "api", cors: false },
      { name: "files", path: "/files", upstream: "api", cors: listed, ambiguousPaths: "allow" },
      { name: "rest", path: "/", upstream: "api", cors: listed },
    ],
  });
  const ask = (head: string) =>
    sendRaw(port, `${head}\r\nHost: localhost\r\n${from(app)}Connection: close\r\n\r\n`);
  const refused = await ask("GET //admin/x HTTP/1.1");
  assert.equal(refused.status, 400);
  assert.equal((JSON.parse(refused.body) as { error: string }).error, "ambiguous_path");
  assert.deepEqual(allowed(refused), [app]);
  const socket = await sendRaw(
    port,
    `GET /ADMIN HTTP/1.1\r\nHost: localhost\r\n${from(app)}Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
    200,
  );
  assert.equal(socket.status, 400);
  assert.equal(
    (await ask("OPTIONS //admin/x HTTP/1.1\r\nAccess-Control-Request-Method: PUT")).status,
    204,
  );
  assert.match((await ask("GET /files//..;/x HTTP/1.1")).body, /GET \/files\/\/\.\.;\/x/);
  const [record] = await logged(4);
  assert.equal(record!.error, "ambiguous_path");
  assert.equal(record!.cause, "slashes merged: admin");
  assert.equal(record!.location, "rest");
  const { decisions } = await gateway.status();
  assert.equal(
    decisions.find(({ reason }) => reason === "ambiguous_path")?.outcome,
    "refused",
    JSON.stringify(decisions),
  );
});
