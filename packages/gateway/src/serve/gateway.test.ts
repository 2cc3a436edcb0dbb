import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";

test("an allowed GET is forwarded and returns with only the policy's CORS headers", async () => {
  const seen: string[][] = [];
  const upstream = await httpServer((request, response) => {
    seen.push(request.rawHeaders);
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.setHeader("Vary", "Accept-Encoding");
    response.end(`hello ${request.url}`);
  });
  const { port, log } = await gatewayOf({
    locations: [{ name: "users", path: "/users", upstream: "api", cors: { allowOrigins: [app] } }],
    upstreams: { api: { ports: [upstream] } },
  });
  const answer = await sendRaw(
    port,
    `GET /users/%41?q=%2F HTTP/1.1\r\nHost: api.test\r\nOrigin: ${app}\r\nX-Forwarded-For: 6.6.6.6\r\nConnection: close\r\n\r\n`,
  );
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
  assert.deepEqual(answer.header("Vary"), ["Accept-Encoding, Origin"]);
  assert.match(answer.body, /hello \/users\/A\?q=%2F/);
  const fields = seen[0]!.map((text) => text.toLowerCase());
  assert.equal(fields[fields.indexOf("x-forwarded-for") + 1], "127.0.0.1");
  assert.equal(log[0]?.location, "users");
  assert.equal(log[0]?.allowed, true);
  assert.equal(log[0]?.policy, "users");
  assert.equal(log[0]?.removed, 1);
});

test("a preflight is answered by the gateway and never reaches the upstream", async () => {
  let asked = 0;
  const upstream = await httpServer((_request, response) => {
    asked++;
    response.end();
  });
  const { port, log } = await gatewayOf({
    locations: [
      {
        path: "/",
        upstream: "api",
        cors: { allowOrigins: [app], allowMethods: "GET, PUT", maxAge: 60 },
      },
    ],
    upstreams: { api: { ports: [upstream] } },
  });
  const preflight = (origin: string): string =>
    `OPTIONS /x HTTP/1.1\r\nHost: api.test\r\nOrigin: ${origin}\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n`;
  const good = await sendRaw(port, preflight(app));
  assert.equal(good.status, 204);
  assert.deepEqual(good.header("Access-Control-Allow-Methods"), ["GET, PUT"]);
  assert.deepEqual(good.header("Access-Control-Max-Age"), ["60"]);
  assert.deepEqual(good.header("Content-Length"), []);
  const bad = await sendRaw(port, preflight("https://evil.example"));
  assert.equal(bad.status, 403);
  assert.deepEqual(bad.header("Access-Control-Allow-Origin"), []);
  assert.equal(bad.header("Vary").length, 1);
  assert.equal(asked, 0);
  assert.deepEqual(
    log.map((record) => record.refusal ?? record.allowed),
    [true, "origin-not-allowed"],
  );
});

test("the log records each request's outcome, who answered it and why", async () => {
  const upstream = await httpServer((request, response) => {
    response.writeHead(request.url === "/missing" ? 404 : 201);
    request.resume().on("end", () => response.end("made"));
  });
  const { port, logged } = await gatewayOf({
    locations: [
      { name: "api", path: "/", methods: ["GET", "POST"], upstream: "api", cors: false },
      { name: "bare", path: "/bare", upstream: "api" },
    ],
    upstreams: { api: { ports: [upstream] } },
  });
  const ask = (line: string, fields = "", body = ""): Promise<unknown> =>
    sendRaw(
      port,
      `${line} HTTP/1.1\r\nHost: api.test\r\n${fields}Connection: close\r\n\r\n${body}`,
    );
  const from = `Origin: ${app}\r\n`;
  await ask("POST /a?secret", `${from}Content-Length: 5\r\n`, "hello");
  await ask("GET /missing");
  await ask("PUT /b", from);
  await ask(
    "OPTIONS /bare",
    `${from}Access-Control-Request-Method: PUT\r\nAccess-Control-Request-Headers: x-a\r\n`,
  );
  const told = (await logged(4)).map(({ server, client, host, upstream: asked, ...record }) => {
    assert.deepEqual([server, client, host], ["test", "127.0.0.1", "api.test"]);
    assert.equal(asked, record.location && `127.0.0.1:${upstream}`);
    const { method, path, status, location, origin, bytes_in, bytes_out } = record;
    const { kind, allowed, refusal, policy, error, requested_method, requested_headers } = record;
    return [
      [method, path, status, location, origin, bytes_in, error === undefined ? bytes_out : error],
      [kind, allowed, refusal, policy, requested_method, requested_headers],
    ].map((each) => each.map((value) => value ?? "-").join(" "));
  });
  assert.deepEqual(told, [
    [`POST /a 201 api ${app} 5 4`, "actual false origin-not-allowed - - -"],
    ["GET /missing 404 api - 0 4", "not-cors true - - - -"],
    [`PUT /b 404 - ${app} 0 not_found`, "actual false origin-not-allowed - - -"],
    [`OPTIONS /bare 201 bare ${app} 0 4`, "- - - - PUT x-a"],
  ]);
});

test("a status shows the first thousand locations of a server, and counts the others", async () => {
  const locations = Array.from({ length: 1200 }, (_, i) => ({ name: `l${i}`, path: `/${i}` }));
  const { gateway } = await gatewayOf({ locations });
  const { servers } = await gateway.status();
  assert.equal(servers[0]!.locationCount, 1200);
  assert.equal(servers[0]!.locations.length, 1000);
});
