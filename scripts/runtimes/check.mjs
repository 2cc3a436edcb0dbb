// Runs in the runtime under proof, with nothing but the installed library: a fetch handler on the
// runtime's own server, and a Node listener on its `node:http`, both asked over real sockets.
/* global Deno, Bun, process */

import assert from "node:assert/strict";
import { createServer, request } from "node:http";
import { cors as fetchCors } from "@corsway/cors/fetch";
import { cors as nodeCors } from "@corsway/cors/node";

const app = "https://app.example.com";
const policy = {
  allowOrigins: [app, "https://*.preview.example.dev"],
  allowMethods: ["GET", "PUT"],
  allowHeaders: ["Content-Type"],
  allowCredentials: true,
  maxAge: 600,
};

const handler = fetchCors(policy)((asked) => {
  const { pathname } = new URL(asked.url);
  return pathname === "/plain"
    ? new Response("ok", { headers: { Vary: "Accept" } })
    : new Response("nothing", { status: 404 });
});

const middleware = nodeCors(policy);
function listener(asked, answer) {
  middleware(asked, answer, () => {
    answer.statusCode = asked.url === "/plain" ? 200 : 404;
    answer.setHeader("Vary", "Accept");
    answer.end("ok");
  });
}

function ask(port, method, path, headers) {
  return new Promise((resolve, reject) => {
    const sent = request({ host: "127.0.0.1", port, method, path, headers }, (answer) => {
      answer.resume();
      answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers }));
    });
    sent.on("error", reject);
    sent.end();
  });
}

async function hold(port) {
  const stranger = { origin: "https://evil.example" };
  const page = { origin: app };
  const preflight = { "access-control-request-method": "PUT" };

  const granted = await ask(port, "OPTIONS", "/plain", { ...page, ...preflight });
  assert.equal(granted.status, 204);
  assert.equal(granted.headers["access-control-allow-origin"], app);
  assert.equal(granted.headers["access-control-allow-methods"], "GET, PUT");
  assert.equal(granted.headers["access-control-max-age"], "600");

  const refused = await ask(port, "OPTIONS", "/plain", { ...stranger, ...preflight });
  assert.equal(refused.status, 403);
  assert.equal(refused.headers["access-control-allow-origin"], undefined);

  const read = await ask(port, "GET", "/plain", page);
  assert.equal(read.status, 200);
  assert.equal(read.headers["access-control-allow-origin"], app);
  assert.equal(read.headers["access-control-allow-credentials"], "true");
  assert.deepEqual(read.headers.vary.split(/, */).sort(), ["Accept", "Origin"]);

  const missing = await ask(port, "GET", "/missing", page);
  assert.equal(missing.status, 404);
  assert.equal(missing.headers["access-control-allow-origin"], app);

  const hidden = await ask(port, "GET", "/plain", stranger);
  assert.equal(hidden.headers["access-control-allow-origin"], undefined);
  assert.match(hidden.headers.vary, /Origin/);
}

async function onNodeServer() {
  const server = createServer(listener);
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  await hold(server.address().port);
  await new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections?.();
  });
}

async function onOwnServer() {
  if (typeof Deno !== "undefined") {
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, handler);
    await hold(server.addr.port);
    await server.shutdown();
    return `deno ${Deno.version.deno}`;
  }
  if (typeof Bun !== "undefined") {
    const server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: handler });
    await hold(server.port);
    await server.stop(true);
    return `bun ${Bun.version}`;
  }
  const answer = await handler(new Request("http://127.0.0.1/plain"));
  assert.equal(answer.headers.get("vary"), "Accept, Origin");
  return `node ${process.version}`;
}

await onNodeServer();
console.log(`${await onOwnServer()}: holds`);
