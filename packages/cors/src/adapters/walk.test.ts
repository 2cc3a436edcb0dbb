import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { once } from "node:events";
import { createServer, IncomingMessage } from "node:http";
import { connect, createServer as createHttp2 } from "node:http2";
import { Socket, type AddressInfo } from "node:net";
import { test } from "node:test";
import { cors as expressCors } from "@corsway/cors/express";
import { cors as fastifyCors } from "@corsway/cors/fastify";
import { cors as fetchCors } from "@corsway/cors/fetch";
import { cors as h3Cors } from "@corsway/cors/h3";
import { cors as honoCors } from "@corsway/cors/hono";
import { cors as lambdaCors } from "@corsway/cors/lambda";
import { cors as nodeCors } from "@corsway/cors/node";
import { openPage, readable, blocked } from "@corsway/cors/testing";
import Fastify from "fastify";
import { H3 } from "h3";
import { Hono } from "hono";
import type { PolicyError } from "../policy/read/define.ts";
import { settingCodes } from "./setting-codes.ts";

const app = "https://app.example.com";
const partner = "https://partner.example.org";

test("the policy in force is printed back, and makes the same middleware again", () => {
  const allowOrigins = (origin: string): boolean => origin === app;
  const first = expressCors({ allowOrigins, allowCredentials: true, maxAge: "1h" });
  assert.deepEqual(first.policy, { allowOrigins, allowCredentials: true, maxAge: 3600 });
  const second = expressCors({ allowOrigins: app, allowHeaders: "*" });
  assert.deepEqual(second.policy, { allowOrigins: [app], allowHeaders: "*" });
  assert.deepEqual(
    second.diagnostics.map(({ code }) => code),
    ["policy/authorization-not-covered"],
  );
});

test("rules by origin: my app with cookies, a function's with headers, everybody else without", async () => {
  const rules = [
    { allowOrigins: app, allowCredentials: true },
    { allowOrigins: async (origin: string) => origin === partner, allowHeaders: ["X-Partner"] },
    { allowOrigins: "*" },
  ] as const;
  const withCors = fetchCors(rules);
  assert.deepEqual(withCors.policy, [
    { allowOrigins: [app], allowCredentials: true },
    rules[1],
    { allowOrigins: "*" },
  ]);
  const handler = withCors(() => new Response("ok"));
  const url = "https://api.example.com/";
  await readable(openPage(app, handler).fetch(url, { credentials: "include" }));
  await readable(openPage(partner, handler).fetch(url, { headers: { "X-Partner": "1" } }));
  await readable(openPage("https://other.example", handler).fetch(url));
  await blocked(openPage("https://other.example", handler).fetch(url, { credentials: "include" }));
  const faults = withCors.update([
    { allowOrigins: rules[1].allowOrigins },
    { ...rules[1], maxAge: -1 },
  ]);
  assert.deepEqual(
    faults.map(({ code, path }) => [code, path]),
    [["policy/max-age-negative", "[1].maxAge"]],
  );
  assert.deepEqual(
    withCors.update([rules[1], { ...rules[1] }]).map(({ code, path }) => [code, path]),
    [["settings/second-function", "[1].allowOrigins"]],
  );
  assert.deepEqual(
    withCors.update([]).map(({ code }) => code),
    ["policy/missing-origins"],
  );
});

test("cors that a framework calls itself reports one fault, and not a hundred unknown fields", () => {
  for (const passed of [
    new IncomingMessage(new Socket()),
    Fastify(),
    { req: { raw: {} }, res: {} },
  ])
    assert.throws(
      () => nodeCors(passed as never, {} as never),
      (error: unknown) => {
        assert.deepEqual(
          (error as PolicyError).diagnostics.map(({ code }) => code),
          ["settings/not-called"],
        );
        return true;
      },
    );
});

test("a handshake is admitted by origin and by host, whichever kind of request it is", async () => {
  const policy = { allowOrigins: app } as const;
  const settings = { hosts: ["api.example.com"] };
  const onLambda = lambdaCors(policy, settings);
  for (const { admitsUpgrade } of [
    nodeCors(policy, settings),
    fetchCors(policy, settings),
    onLambda,
  ]) {
    const ask = (headers: Record<string, string>) => admitsUpgrade({ headers });
    const host = "api.example.com";
    assert.equal(ask({ host, origin: app }), true);
    assert.equal(ask({ host, origin: "https://evil.example" }), false);
    assert.equal(ask({ host, origin: "null" }), false);
    assert.equal(ask({ host, origin: "https://api.example.com" }), true);
    assert.equal(ask({ host }), true, "not a browser");
    assert.equal(ask({ host: "evil.example", origin: "http://evil.example" }), false);
    const request = new Request("https://api.example.com/chat");
    const headers = new Headers({ Host: host, Origin: app });
    Object.defineProperty(request, "headers", { value: headers });
    assert.equal(admitsUpgrade(request), true);
    headers.set("Origin", "https://evil.example");
    assert.equal(admitsUpgrade(request), false);
    headers.set("Origin", app);
    headers.delete("Host");
    if (admitsUpgrade !== onLambda.admitsUpgrade) assert.equal(admitsUpgrade(request), true);
  }
  const { admitsUpgrade } = nodeCors({ allowOrigins: async (origin) => origin === app });
  assert.equal(await admitsUpgrade({ headers: { origin: app } }), true);
  assert.equal(await admitsUpgrade({ headers: { origin: partner } }), false);
});

test("a function is not asked about no origin, the server's own, null and what is no origin", async () => {
  const asked: string[] = [];
  const withCors = fetchCors({
    allowOrigins: (origin) => asked.push(origin) > 0,
    onMismatch: "reject",
  });
  const handler = withCors(() => new Response("ok"));
  const status = async (origin?: string): Promise<number> => {
    const request = new Request("http://api.example.com/");
    const headers = new Headers(origin === undefined ? {} : { Origin: origin });
    Object.defineProperty(request, "headers", { value: headers });
    return (await handler(request)).status;
  };
  assert.equal(await status(), 200);
  // The scheme may have been a proxy's.
  assert.equal(await status("https://api.example.com"), 200);
  assert.equal(await status("http://api.example.com"), 200);
  assert.equal(await status("null"), 403);
  assert.equal(await status("https://app.example.com/"), 403);
  assert.equal(await status("https://app.example.com, https://app.example.com"), 403);
  assert.deepEqual(asked, []);
  assert.equal(await status(app), 200);
  assert.deepEqual(asked, [app]);
});

test("of two policies on one request the first decides, preflight and all, and a person is told", async () => {
  const events: string[] = [];
  const special = nodeCors({ allowOrigins: partner, allowMethods: "PUT" });
  const general = nodeCors({ allowOrigins: app }, { report: ({ kind }) => events.push(kind) });
  const server = createServer((request, response) => {
    const answer = () => void response.end("ok");
    const both = () => general(request, response, answer);
    if (request.url === "/partner") special(request, response, both);
    else both();
  });
  const page = openPage(partner, server);
  await readable(page.fetch("https://api.example.com/partner", { method: "PUT" }));
  await blocked(page.fetch("https://api.example.com/"));
  await blocked(openPage(app, server).fetch("https://api.example.com/partner"));
  assert.deepEqual(events, ["decided-already", "decided-already"]);
  await page.close();
});

test("a fastify route has a policy of its own, for its preflights too", async () => {
  const server = Fastify();
  await server.register(fastifyCors({ allowOrigins: app, allowMethods: "DELETE" }));
  server.get("/users", async () => "ok");
  server.delete("/users", async () => "ok");
  const own = { cors: { allowOrigins: partner, allowMethods: "PUT" } } as const;
  await server.register(
    async (scope) => {
      scope.put("/users", { config: own }, async () => "ok");
      scope.get("/users", { config: { cors: false } }, async () => "ok");
    },
    { prefix: "/partners" },
  );
  assert.throws(
    () =>
      server.get("/bad", { config: { cors: { allowOrigins: "https://a.example/" } } }, () => ""),
    { name: "PolicyError" },
  );
  const url = "https://api.example.com";
  const ours = openPage(app, server);
  const theirs = openPage(partner, server);
  await readable(ours.fetch(`${url}/users`, { method: "DELETE" }));
  await readable(theirs.fetch(`${url}/partners/users`, { method: "PUT" }));
  await blocked(ours.fetch(`${url}/partners/users`, { method: "PUT" }));
  await blocked(ours.fetch(`${url}/partners/users`));
  await blocked(theirs.fetch(`${url}/partners/users`));
  await blocked(theirs.fetch(`${url}/users`));
  const plain = await server.inject({ method: "OPTIONS", url: "/partners/users" });
  assert.equal(plain.statusCode, 404);
  for (const page of [ours, theirs]) await page.close();
  await server.close();
});

test("every setting code has a section in the reference, and the reference no other", () => {
  const text = readFileSync(
    new URL("../../../../docs/reference/diagnostics.md", import.meta.url),
    "utf8",
  );
  const sections = [...text.matchAll(/^## (settings\/\S+)\n\n\*(\w+)\*/gm)].map(
    ([, code, severity]) => [code!, severity],
  );
  assert.deepEqual(
    sections.toSorted(),
    Object.entries(settingCodes)
      .map(([code, { severity }]) => [code, severity])
      .toSorted(),
  );
});

test("each setting code is raised by its own mistake, and a sound setting raises none", () => {
  const codes = (settings: unknown): string[] => {
    try {
      expressCors({ allowOrigins: app }, settings as never);
      return [];
    } catch (error) {
      return (error as { diagnostics: { code: string }[] }).diagnostics.map(({ code }) => code);
    }
  };
  const wrong = ["settings/wrong-type"];
  for (const settings of [
    "x",
    [],
    { debug: "yes" },
    { report: "log" },
    { hosts: 7 },
    { hosts: [] },
    { hosts: [7] },
    { lookup: 5 },
    { lookup: { ttl: -1 } },
    { lookup: { timeout: "soon" } },
    { lookup: { entries: 0 } },
    { lookup: { concurrency: 1.5 } },
  ])
    assert.deepEqual(codes(settings), wrong, JSON.stringify(settings));
  assert.deepEqual(codes({ lookup: { size: 1 } }), ["settings/unknown-key"]);
  for (const host of [
    "https://a.example",
    "a.example/x",
    "a.example:80",
    "a.*.example",
    "A.example",
    "a b",
    "",
    "[::1",
    "127.1",
  ])
    assert.deepEqual(codes({ hosts: [host] }), ["settings/host"], host);
  assert.deepEqual(
    codes({
      hosts: ["*", "a.example", "*.a.example", "127.0.0.1", "[::1]", "localhost"],
      debug: true,
      report: () => undefined,
      lookup: { ttl: "5m", timeout: "500ms", entries: 10, concurrency: 2 },
    }),
    [],
  );
});

test("an HTTP/2 stream has the policy, and its own authority is its own origin", async () => {
  const withCors = nodeCors({ allowOrigins: app, onMismatch: "reject" });
  const server = createHttp2((request, response) => {
    withCors(request, response, () => response.end("ok"));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const session = connect(`http://127.0.0.1:${port}`);
  const ask = async (method: string, headers: Record<string, string>) => {
    const stream = session.request({ ":method": method, ":path": "/", ...headers });
    const [answer] = (await once(stream, "response")) as [Record<string, string | number>];
    stream.resume();
    stream.close();
    return answer;
  };
  try {
    const read = await ask("GET", { origin: app });
    assert.deepEqual(
      [read[":status"], read["access-control-allow-origin"], read["vary"]],
      [200, app, "Origin"],
    );
    const granted = await ask("OPTIONS", { origin: app, "access-control-request-method": "GET" });
    assert.equal(granted[":status"], 204);
    assert.equal((await ask("GET", { origin: "https://evil.example" }))[":status"], 403);
    assert.equal((await ask("POST", { origin: `http://127.0.0.1:${port}` }))[":status"], 200);
  } finally {
    session.destroy();
    server.close();
  }
});

test("hono and h3: of two policies the first decides as well", async () => {
  const first = { allowOrigins: partner, allowMethods: "PUT" } as const;
  const general = { allowOrigins: app } as const;
  const hono = new Hono();
  hono.use("/partner", honoCors(first)).use(honoCors(general));
  hono.all("*", (context) => context.text("ok"));
  const h3 = new H3();
  h3.use("/partner", h3Cors(first)).use(h3Cors(general));
  h3.all("/**", () => "ok");
  for (const fetch of [
    (request: Request) => hono.fetch(request),
    (request: Request) => h3.fetch(request),
  ]) {
    const url = "https://api.example.com";
    await readable(openPage(partner, fetch).fetch(`${url}/partner`, { method: "PUT" }));
    await blocked(openPage(app, fetch).fetch(`${url}/partner`));
    await readable(openPage(app, fetch).fetch(`${url}/other`));
  }
});

test("a response whose headers cannot be changed is copied, cookies and all", async () => {
  const withCors = fetchCors({ allowOrigins: app });
  const handler = withCors(() => Response.redirect("https://api.example.com/new", 303));
  const request = new Request("https://api.example.com/old");
  Object.defineProperty(request, "headers", { value: new Headers({ Origin: app }) });
  const answer = await handler(request);
  assert.equal(answer.status, 303);
  assert.equal(answer.headers.get("location"), "https://api.example.com/new");
  assert.equal(answer.headers.get("access-control-allow-origin"), app);
  assert.equal(answer.headers.get("vary"), "Origin");
});

test("a head that is written twice fails as Node says, and a pair list is a head too", async () => {
  const withCors = nodeCors({ allowOrigins: app });
  const codes: unknown[] = [];
  const server = createServer((request, response) => {
    withCors(request, response, () => {
      response.setHeader("Access-Control-Allow-Origin", "*");
      response.writeHead(200, [
        ["Vary", "Accept"],
        ["X-A", "1"],
      ] as never);
      try {
        response.writeHead(500);
      } catch (error) {
        codes.push((error as { code: unknown }).code);
      }
      response.end("ok");
    });
  });
  const page = openPage(app, server);
  const verdict = await page.ask("https://api.example.com/");
  assert.equal(verdict.outcome, "readable");
  const [{ response }] = verdict.wire as unknown as [{ response: { headers: [string, string][] } }];
  const about = response.headers.filter(([name]) => /^(?:vary|access-control|x-a)/i.test(name));
  assert.deepEqual(about.sort(), [
    ["Access-Control-Allow-Origin", app],
    ["Vary", "Accept, Origin"],
    ["X-A", "1"],
  ]);
  assert.deepEqual(codes, ["ERR_HTTP_HEADERS_SENT"]);
  await page.close();
});
