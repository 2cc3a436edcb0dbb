// No path leads round a policy, held against real upstreams: what one serves as `/admin` is decided by the
// policy of `/admin`, or refused.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test, type TestContext } from "node:test";
import KoaRouter from "@koa/router";
import express from "express";
import fastify from "fastify";
import { Hono } from "hono";
import Koa from "koa";
import { freePorts } from "../../../../test/support/free-ports.ts";
import { gatewayOf, httpServer, type Served } from "../../../../test/support/harness.ts";
import { sendRaw, type RawAnswer } from "../../../../test/support/raw-socket.ts";

const closing: (() => unknown)[] = [];
after(async () => {
  for (const close of closing) await close();
});

const evil = "https://evil.example";
const paths = [
  "/admin",
  "/admin/x",
  "//admin/x",
  "///admin//x",
  "/x/..//admin/x",
  "/x//../admin/x",
  "/admin;/x",
  "/admin;a=1/x",
  "/admin%3b/x",
  "/;a/admin/x",
  "/ADMIN/x",
  "/Admin/X",
  "//ADMIN/x",
  "/admin./x",
  "/admin%20/x",
  "/admin.",
  "/%61dmin/x",
  "/%2561dmin/x",
  "/%2541dmin/x",
  "/x/%2e%2e/admin/x",
  "/x/%252e%252e/admin/x",
  "/x/..;/admin/x",
  "/%252Fadmin/x",
  "/admin%3Fx",
  "/admin/",
  "/admin//",
  "/x",
];

const ask = (port: number, target: string): Promise<RawAnswer> =>
  sendRaw(
    port,
    `GET ${target} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${evil}\r\nConnection: close\r\n\r\n`,
  );

/** A gateway with a strict `/admin` and an open rest. */
function before(upstream: number): Promise<Served> {
  return gatewayOf({
    upstreams: { api: { ports: [upstream] } },
    locations: [
      {
        name: "admin",
        path: "/admin",
        upstream: "api",
        cors: { allowOrigins: ["https://app.example.com"] },
      },
      { name: "rest", path: "/", upstream: "api", cors: { allowOrigins: "*" } },
    ],
  });
}

/** How many paths the upstream would serve as `/admin` that are not routed so. */
async function waysRound(upstream: number): Promise<number> {
  const { port } = await before(upstream);
  let ways = 0;
  for (const target of paths) {
    const direct = await ask(upstream, target);
    const through = await ask(port, target);
    const readable = through.header("Access-Control-Allow-Origin");
    if (through.body.includes("secret"))
      assert.deepEqual(readable, [], `${target} was read under the policy of the rest`);
    if (through.status !== 400) continue;
    const { error, message } = JSON.parse(through.body) as { error: string; message: string };
    assert.equal(error, "ambiguous_path", target);
    assert.match(message, /^The path can be read differently \(/);
    assert.deepEqual(readable, ["*"], "the page can read why");
    if (direct.body.includes("secret")) ways++;
  }
  const { body, header } = await ask(port, "/x");
  assert.match(body, /open/);
  assert.deepEqual(header("Access-Control-Allow-Origin"), ["*"]);
  assert.match((await ask(port, "/admin/x")).body, /secret/);
  return ways;
}

test("Express ignores case in routes", async () => {
  const app = express();
  app.use("/admin", (_request, response) => void response.send("secret"));
  app.use((_request, response) => void response.send("open"));
  assert.ok((await waysRound(await httpServer(app))) > 0);
});

for (const ignoreDuplicateSlashes of [false, true])
  test(`fastify with ignoreDuplicateSlashes ${ignoreDuplicateSlashes}`, async () => {
    const app = fastify({ routerOptions: { ignoreDuplicateSlashes } });
    app.get("/admin", () => "secret");
    app.get("/admin/*", () => "secret");
    app.setNotFoundHandler(() => "open");
    await app.listen({ port: 0, host: "127.0.0.1" });
    closing.push(() => app.close());
    const { port } = app.server.address() as AddressInfo;
    assert.equal((await waysRound(port)) > 0, ignoreDuplicateSlashes);
  });

test("Hono with its default router", async () => {
  const app = new Hono();
  app.get("/admin/*", (c) => c.text("secret"));
  app.all("*", (c) => c.text("open"));
  await waysRound(
    await httpServer((request, response) => {
      void (async () => {
        const answer = await app.fetch(new Request(`http://localhost${request.url}`));
        response.writeHead(answer.status);
        response.end(await answer.text());
      })();
    }),
  );
});

test("koa's router ignores case", async () => {
  const router = new KoaRouter();
  router.get("/admin{/*rest}", (ctx) => void (ctx.body = "secret"));
  const app = new Koa();
  app.use(router.routes());
  app.use((ctx) => void (ctx.body = "open"));
  assert.ok((await waysRound(await httpServer(app.callback() as RequestListener))) > 0);
});

const isThere = (command: string): boolean => {
  try {
    execFileSync(command, ["-v"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
};

async function served(
  t: TestContext,
  command: string,
  config: (folder: string, port: number) => string,
  args: (file: string, folder: string) => string[],
): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), "corsway-upstream-"));
  for (const [name, text] of [
    ["admin", "secret"],
    ["x", "open"],
  ] as const) {
    mkdirSync(path.join(folder, "www", "admin"), { recursive: true });
    const file = path.join(folder, "www", ...(name === "admin" ? ["admin", "x"] : ["x"]));
    writeFileSync(file, text);
  }
  const [port] = (await freePorts(1)) as [number];
  const file = path.join(folder, "server.conf");
  writeFileSync(file, config(folder, port));
  const child = spawn(command, args(file, folder), { stdio: ["ignore", "ignore", "pipe"] });
  const said: Buffer[] = [];
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  t.after(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    rmSync(folder, { recursive: true, force: true });
  });
  for (let turn = 0; turn < 200; turn++) {
    if (child.exitCode !== null) break;
    const answer = await ask(port, "/x").catch(() => undefined);
    if (answer !== undefined && answer.status > 0) return port;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`${command} does not serve: ${Buffer.concat(said).toString()}`);
}

test(
  "nginx merges slashes",
  { skip: isThere("nginx") ? false : "nginx is not installed" },
  async (t) => {
    const port = await served(
      t,
      "nginx",
      (folder, port) =>
        `daemon off; master_process off; pid ${folder}/pid; error_log stderr crit;
events {}
http {
  access_log off;
  client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder};
  uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
  server {
    listen 127.0.0.1:${port};
    location / { return 200 "open"; }
    location /admin { return 200 "secret"; }
  }
}
`,
      (file, folder) => ["-c", file, "-p", folder, "-e", "stderr"],
    );
    assert.ok((await waysRound(port)) > 0);
  },
);

const apache = ["apache2", "httpd"].find(isThere);
test(
  "Apache merges slashes",
  { skip: apache === undefined ? "Apache is not installed" : false },
  async (t) => {
    const modules = [
      process.env["APACHE_MODULES"] ?? "",
      "/usr/lib/apache2/modules",
      "/usr/lib64/httpd/modules",
    ].find((folder) => existsSync(path.join(folder, "mod_mpm_event.so")));
    const port = await served(
      t,
      apache!,
      (folder, port) => `ServerRoot ${folder}
ServerName localhost
Listen 127.0.0.1:${port}
PidFile ${folder}/pid
ErrorLog ${folder}/log
LogLevel crit
LoadModule mpm_event_module ${modules}/mod_mpm_event.so
LoadModule authz_core_module ${modules}/mod_authz_core.so
DefaultRuntimeDir ${folder}
DocumentRoot ${folder}/www
<Directory ${folder}/www>
  Require all granted
</Directory>
`,
      (file) => ["-X", "-f", file],
    );
    assert.ok((await waysRound(port)) > 0);
  },
);
