import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { blocked, openPage, readable } from "@corsway/cors/testing";
import { WebSocket } from "ws";
import { app as express } from "./express.ts";
import { app as fastify } from "./fastify.ts";
import fetchModule from "./fetch.ts";
import { app as h3 } from "./h3.ts";
import { app as hono } from "./hono.ts";
import { app as koa } from "./koa.ts";
import { handler as lambda } from "./lambda.ts";
import { app as nest } from "./nest.ts";
import { app as nestFastify } from "./nest-fastify.ts";
import { server as node } from "./node.ts";
import { server as crossws } from "./websocket-crossws.ts";
import { server as socketIo } from "./websocket-socket-io.ts";
import { server as ws } from "./websocket-ws.ts";

const url = "https://api.example.com/users";
const app = "https://app.example.com";

const servers: Record<string, Parameters<typeof openPage>[1]> = {
  express: express as never,
  fastify: fastify as never,
  koa: koa as never,
  node: node as never,
  nest: (await nest.init()).getHttpAdapter().getInstance(),
  "nest-fastify": (await nestFastify.init()).getHttpAdapter().getInstance() as never,
  hono,
  h3: (request: Request) => h3.fetch(request),
  fetch: fetchModule,
  lambda: async (request: Request) => {
    const { statusCode, headers, body } = await lambda({
      headers: Object.fromEntries(request.headers),
      requestContext: { http: { method: request.method } },
    });
    return new Response(body ?? null, {
      status: statusCode,
      headers: headers as Record<string, string>,
    });
  },
};

/** The pages that hold several examples. */
const pages: Readonly<Record<string, string>> = { websocket: "websockets", nest: "nestjs" };

for (const [name, server] of Object.entries(servers))
  test(`the ${name} example: its own page can GET and PUT, and a foreign page can do neither`, async () => {
    const page = openPage(app, server as never);
    assert.deepEqual(await (await readable(page.fetch(url, { credentials: "include" }))).json(), [
      { name: "Ada" },
    ]);
    assert.equal((await page.ask(url, { method: "PUT" })).wire[0]?.kind, "preflight");
    const stranger = openPage("https://evil.example", server as never);
    await blocked(stranger.fetch(url));
    await blocked(stranger.fetch(url, { method: "PUT" }));
    for (const opened of [page, stranger]) await opened.close();
  });

test("the fastify example: a page of any origin can read the status", async () => {
  const stranger = openPage("https://evil.example", fastify as never);
  await readable(stranger.fetch("https://api.example.com/status"));
  await stranger.close();
});

async function handshake(server: Server, path: string, origin: string): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { origin });
  try {
    return await new Promise((resolve) => {
      socket.once("open", () => resolve("open"));
      socket.once("error", (error) => resolve(error.message));
    });
  } finally {
    socket.terminate();
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  }
}

for (const [name, server, path] of [
  ["ws", ws, "/"],
  ["crossws", crossws, "/"],
  ["socket.io", socketIo, "/socket.io/?EIO=4&transport=websocket"],
] as const)
  test(`the ${name} example accepts a WebSocket handshake from its own page only`, async () => {
    assert.equal(await handshake(server, path, app), "open");
    assert.match(await handshake(server, path, "https://evil.example"), /response: 40[03]/);
  });

for (const name of [
  ...Object.keys(servers),
  "websocket-ws",
  "websocket-socket-io",
  "websocket-crossws",
])
  test(`the documentation page of ${name} shows the example's exact source`, () => {
    const page = /^(?:websocket-|nest)/.test(name) ? pages[name.split("-")[0]!] : name;
    const read = (file: string) => readFileSync(new URL(file, import.meta.url), "utf8");
    const [, ...code] = read(`${name}.ts`).split("\n\n");
    assert.ok(read(`../../docs/adapters/${page}.md`).includes(code.join("\n\n").trim()));
  });
