import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/serve/harness.ts";
import { sendRaw } from "../../../../test/serve/raw-socket.ts";

const app = "https://app.example.com";

test("an allowed GET goes to the upstream and comes back with the policy's headers alone", async () => {
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
  assert.equal(log[0]?.removed, 1);
});

test("a preflight is answered by the gateway and the upstream sees nothing", async () => {
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
