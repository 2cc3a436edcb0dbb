import assert from "node:assert/strict";
import { createServer, type RequestListener, type Server } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { buildConfig, type Built } from "../../../../test/serve/build-config.ts";
import { sendRaw } from "../../../../test/serve/raw-socket.ts";
import type { AccessRecord } from "../observe/access-record.ts";
import { startGateway, type Gateway } from "./gateway.ts";

const opened: { close(): unknown }[] = [];
after(async () => {
  for (const one of opened) await one.close();
});

async function api(listener: RequestListener): Promise<number> {
  const server: Server = createServer(listener).listen(0, "127.0.0.1");
  await once(server, "listening");
  opened.push({
    close() {
      server.closeAllConnections();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}

async function gatewayOf(
  built: Built,
): Promise<{ gateway: Gateway; port: number; log: AccessRecord[] }> {
  const log: AccessRecord[] = [];
  const gateway = await startGateway(buildConfig(built), {
    onAccess: (record) => log.push(record),
  });
  opened.unshift({ close: () => gateway.close(0) });
  return { gateway, port: gateway.addresses[0]!.port, log };
}

const app = "https://app.example.com";

test("an allowed GET goes to the upstream and comes back with the policy's headers alone", async () => {
  const seen: string[][] = [];
  const upstream = await api((request, response) => {
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
  const upstream = await api((_request, response) => {
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
