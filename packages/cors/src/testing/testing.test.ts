import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { test } from "node:test";
import { inspect } from "node:util";
import { definePolicy } from "@corsway/cors";
import { firefox } from "@corsway/cors/browser";
import { blocked, BlockedError, ExpectationError, openPage, readable } from "@corsway/cors/testing";

const app = "https://app.example.com";
const api = "https://api.example.com";

test("a fetch handler's response is filtered to what a page can see", async () => {
  const page = openPage(app, () =>
    Response.json(
      { name: "Ada" },
      {
        headers: {
          "Access-Control-Allow-Origin": app,
          "Access-Control-Expose-Headers": "X-Request-ID",
          "X-Request-ID": "7",
          "X-Secret": "s",
          "Set-Cookie": "a=1",
        },
      },
    ),
  );
  const response = await page.fetch(`${api}/users?page=2#top`);
  assert.equal(response.type, "cors");
  assert.equal(response.url, `${api}/users?page=2`);
  assert.equal(response.headers.get("x-request-id"), "7");
  assert.equal(response.headers.has("x-secret"), false);
  assert.equal(response.headers.has("set-cookie"), false);
  assert.deepEqual(await response.clone().json(), { name: "Ada" });
  assert.equal(response.clone().type, "cors");
});

test("the handler receives Origin and the preflight's headers, and the body once the preflight passed", async () => {
  const seen: string[] = [];
  const page = openPage(app, async (request) => {
    seen.push(
      `${request.method} ${request.headers.get("origin")} ${request.headers.get("access-control-request-method")} ${request.headers.get("access-control-request-headers")} ${await request.text()}`,
    );
    return new Response(null, {
      status: request.method === "OPTIONS" ? 204 : 200,
      headers: {
        "Access-Control-Allow-Origin": app,
        "Access-Control-Allow-Methods": "PUT",
        "Access-Control-Allow-Headers": "content-type",
      },
    });
  });
  await page.fetch(`${api}/users`, {
    method: "put",
    body: '{"a":1}',
    headers: { "Content-Type": "application/json" },
  });
  assert.deepEqual(seen, [`OPTIONS ${app} PUT content-type `, `PUT ${app} null null {"a":1}`]);
});

test("a blocked request rejects with a TypeError that names the wrong header", async () => {
  const page = openPage(
    app,
    () => new Response("secret", { headers: { "Access-Control-Allow-Origin": `${app}/` } }),
  );
  const rejected = page.fetch(`${api}/users`);
  await assert.rejects(rejected, (error) => {
    assert.ok(error instanceof TypeError);
    assert.ok(error instanceof BlockedError);
    assert.equal(error.verdict.reason, "acao-mismatch");
    assert.equal(error.verdict.sent, true);
    assert.match(error.message, /https:\/\/app\.example\.com\//);
    return true;
  });
});

test("assertions fail with the explanation as their message", async () => {
  const page = openPage(app, () => new Response(null, { status: 204 }));
  await assert.rejects(readable(page.fetch(`${api}/users`)), (error) => {
    assert.ok(error instanceof ExpectationError);
    assert.equal(error.name, "AssertionError");
    assert.equal(error.actual, "blocked (acao-missing)");
    assert.match(error.message, /Access-Control-Allow-Origin/);
    return true;
  });
  await blocked(page.fetch(`${api}/users`), "acao-missing");
  await blocked(page.ask(`${api}/users`));
  await assert.rejects(blocked(page.fetch(`${api}/users`), "acac-not-true"), ExpectationError);
  await assert.rejects(blocked(page.fetch(`${app}/own`)), /expected the page to get: blocked/);
  await readable(page.fetch("/own"));
});

test("a mistake in the test itself is not reported as a blocked request", async () => {
  const page = openPage(app, () => new Response());
  await assert.rejects(readable(new Response("elsewhere")), /does not come from a page/);
  await assert.rejects(blocked(page.fetch(`${api}/`, { signal: AbortSignal.abort() })), {
    name: "AbortError",
  });
  assert.throws(
    () => openPage(`${app}/`, () => new Response()),
    /not `https:\/\/app\.example\.com\/`/,
  );
});

test("an invalid server, origin or subject is named in the error", async () => {
  const open = openPage as (origin: unknown, server?: unknown) => unknown;
  const ok = (): Response => new Response();
  assert.throws(() => open(undefined, ok), /the origin of a page looks like .*, not `undefined`/);
  assert.throws(() => open(`${app}/`, ok), /the origin of a page looks like/);
  assert.throws(() => open(app), /a server under test is a fetch handler, .* not undefined/);
  assert.throws(() => open(app, 8080), /a server under test is .* not 8080/);
  const expect = blocked as (subject: unknown) => Promise<unknown>;
  await assert.rejects(expect("acao-missing"), /expected a page's fetch, .* not `acao-missing`/);
  await assert.rejects(expect(undefined), /expected a page's fetch, .* not undefined/);
});

test("an unhandled error prints its explanation instead of its stack trace", async () => {
  const page = openPage(app, () => new Response());
  const error: unknown = await page.fetch(api).catch((thrown: unknown) => thrown);
  assert.ok(error instanceof BlockedError);
  assert.equal(error.verdict.reason, "acao-missing");
  assert.equal(error.request.url, `${api}/`);
  assert.match(inspect(error), /acao-missing/);
  assert.doesNotMatch(inspect(error), /trace|algorithm/);
});

test("a handler that throws causes a network error that keeps the cause", async () => {
  const page = openPage(app, () => {
    throw new RangeError("no table users");
  });
  await assert.rejects(page.fetch(`${api}/users`), (error) => {
    assert.ok(error instanceof BlockedError);
    assert.equal(error.verdict.reason, "network-error");
    assert.ok(error.cause instanceof RangeError);
    return true;
  });
});

test("a policy can serve as the server, either read or as plain options", async () => {
  const input = { allowOrigins: app, allowMethods: "PUT", allowHeaders: "x-token" };
  for (const server of [input, definePolicy(input)]) {
    const page = openPage(app, server);
    await readable(page.fetch(api, { method: "PUT", headers: { "X-Token": "1" } }));
    await blocked(page.fetch(api, { method: "PATCH" }), "method-not-allowed");
    await blocked(openPage("https://evil.example", server).fetch(api), "acao-missing");
  }
});

test("a Node listener is called over real HTTP with the host that the page requested", async () => {
  const seen: string[] = [];
  const page = openPage(app, (request: IncomingMessage, response: ServerResponse) => {
    seen.push(`${request.method} ${request.headers.host}${request.url}`);
    response.writeHead(200, [
      "Access-Control-Allow-Origin",
      app,
      "access-control-allow-origin",
      app,
    ]);
    response.end();
  });
  const verdict = await blocked(page.fetch("http://api.example.com/users"), "acao-multiple");
  assert.deepEqual(verdict.detail?.reason === "acao-multiple" && verdict.detail.lines, [app, app]);
  assert.deepEqual(seen, ["GET api.example.com/users"]);
  await page.close();
});

test("a server that listens is passed as its URL, and one that does not as the object itself", async () => {
  const server = createServer((request, response) => {
    response.setHeader("Access-Control-Allow-Origin", "*");
    response.end(`${request.method} ${request.headers.host}`);
  });
  const unopened = await readable(openPage(app, server).fetch("http://a.test/"));
  assert.equal(await unopened.text(), "GET a.test");
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", () => done()));
  const { port } = server.address() as { port: number };
  const page = openPage(app, `http://127.0.0.1:${port}`);
  const response = await readable(page.fetch("http://api.test:81/x"));
  assert.equal(await response.text(), "GET api.test:81");
  server.close();
  server.closeAllConnections();
  await blocked(page.fetch("http://api.test/"), "network-error");
  assert.throws(() => openPage(app, "127.0.0.1:80"), /not an http or https URL/);
});

test("redirects are followed with the right Origin, and opaque responses stay opaque", async () => {
  const origins: (string | null)[] = [];
  const page = openPage(app, (request) => {
    origins.push(request.headers.get("origin"));
    const headers = { "Access-Control-Allow-Origin": request.headers.get("origin") ?? "*" };
    return request.url.endsWith("/a")
      ? new Response(null, {
          status: 302,
          headers: { ...headers, Location: "https://b.example/b" },
        })
      : new Response("b", { headers });
  });
  const response = await readable(page.fetch("https://a.example/a"));
  assert.equal(response.url, "https://b.example/b");
  assert.equal(response.redirected, true);
  assert.deepEqual(origins, [app, "null"]);

  const opaque = await page.fetch("https://a.example/b", { mode: "no-cors" });
  assert.deepEqual([opaque.type, opaque.status, opaque.ok, opaque.url], ["opaque", 0, false, ""]);
  assert.equal(await opaque.text(), "");
  await assert.rejects(readable(opaque), /it is: opaque/);

  const moved = openPage(app, () => {
    const headers = { "Access-Control-Allow-Origin": "*", Location: "/b" };
    return new Response("see /b", { status: 302, headers });
  });
  const manual = await moved.fetch("https://a.example/a", { redirect: "manual" });
  assert.deepEqual(
    [manual.type, manual.status, manual.url],
    ["opaqueredirect", 0, "https://a.example/a"],
  );
  assert.equal(await manual.text(), "");
});

test("preflights are cached until the injected clock says they expire", async () => {
  let now = 0;
  let preflights = 0;
  const page = openPage(
    app,
    (request) => {
      if (request.method === "OPTIONS") preflights++;
      return new Response(null, {
        headers: {
          "Access-Control-Allow-Origin": app,
          "Access-Control-Allow-Methods": "PUT",
          "Access-Control-Max-Age": "60",
        },
      });
    },
    { now: () => now },
  );
  for (const at of [0, 30_000, 59_999, 60_000]) {
    now = at;
    await page.fetch(api, { method: "PUT" });
  }
  assert.equal(preflights, 2);
});

test("cookies are sent with credentials, and another engine can be selected", async () => {
  const cookies: (string | null)[] = [];
  const handler = (request: Request): Response => {
    cookies.push(request.headers.get("cookie"));
    return new Response(null, {
      headers: { "Access-Control-Allow-Origin": app, "Access-Control-Allow-Credentials": "true" },
    });
  };
  const page = openPage(app, handler, { cookie: "sid=1", engine: firefox });
  await page.fetch(api);
  await page.fetch(api, { credentials: "include" });
  await page.fetch("/own");
  assert.deepEqual(cookies, [null, "sid=1", "sid=1"]);
});

test("Origin reaches the handler even if the runtime's Request drops forbidden headers", async (t) => {
  const Native = globalThis.Request;
  class Guarded extends Native {
    constructor(input: RequestInfo | URL, init: RequestInit = {}) {
      super(input, { ...init, headers: {} });
    }
  }
  globalThis.Request = Guarded;
  t.after(() => {
    globalThis.Request = Native;
  });
  const page = openPage(
    app,
    (request) =>
      new Response(null, {
        headers: { "Access-Control-Allow-Origin": request.headers.get("origin") ?? "none" },
      }),
  );
  await readable(page.fetch(api));
});

test("a koa application, a fastify instance and a Node server are accepted as Node listeners", async () => {
  const listener = (_request: IncomingMessage, response: ServerResponse): void => {
    response.setHeader("Access-Control-Allow-Origin", app);
    response.end();
  };
  const koa = Object.assign(createServer(), { callback: () => listener });
  let ready = false;
  const fastify = {
    server: createServer((request, response) => {
      if (ready) listener(request, response);
      else response.end();
    }),
    ready: async () => void (ready = true),
  };
  for (const server of [koa, fastify, createServer(listener)]) {
    const page = openPage(app, server);
    await readable(page.fetch(`${api}/users`));
    await page.close();
  }
});

test("a failing Node listener breaks the page's connection, never the test process", async () => {
  const causes: [Parameters<typeof openPage>[1], RegExp][] = [
    [
      (_request: IncomingMessage, _response: ServerResponse) => {
        throw new Error("boom");
      },
      /^boom$/,
    ],
    [
      async (_request: IncomingMessage, _response: ServerResponse) => {
        throw new Error("later");
      },
      /^later$/,
    ],
    // A Workers handler, which takes its environment as well.
    [
      (_request: unknown, _env: unknown) => new Response(),
      /is called as a Node listener.*returned a Response/,
    ],
    [createServer(), /this server has no request listener/],
  ];
  for (const [server, message] of causes) {
    const page = openPage(app, server);
    await assert.rejects(page.fetch(`${api}/users`), (error) => {
      assert.ok(error instanceof BlockedError);
      assert.equal(error.verdict.reason, "network-error");
      assert.match((error.cause as Error).message, message);
      assert.match(error.message, /may have received the request before it failed/);
      return true;
    });
    await page.close();
  }
});

test("an abort ends the page's fetch even if the handler never responds", async () => {
  const abort = new AbortController();
  const page = openPage(app, () => {
    abort.abort();
    return new Promise<Response>(() => undefined);
  });
  await assert.rejects(page.fetch(`${api}/users`, { signal: abort.signal }), {
    name: "AbortError",
  });
});

test("a handler is notified when the page aborts", async () => {
  const abort = new AbortController();
  let heard: unknown;
  const page = openPage(app, (request) => {
    request.signal.addEventListener("abort", () => (heard = request.signal.reason));
    abort.abort("navigated away");
    return new Promise<Response>(() => undefined);
  });
  await assert.rejects(page.fetch(`${api}/users`, { signal: abort.signal }));
  assert.equal(heard, "navigated away");
});

test("a closed page reopens its listener on the next request", async () => {
  const page = openPage(app, (_request: IncomingMessage, response: ServerResponse) => {
    response.setHeader("Access-Control-Allow-Origin", app).end("here");
  });
  for (let turn = 0; turn < 2; turn++) {
    assert.equal(await (await page.fetch(`${api}/users`)).text(), "here");
    await page.close();
  }
  await page.close();
});

test("a request that no page can write is a TypeError, and a Map of headers is read as in a browser", async () => {
  const allowing = openPage(app, () =>
    Response.json(null, { headers: { "Access-Control-Allow-Origin": app } }),
  );
  const wrong = { mode: "websocket", credentials: "yes", redirect: "never" };
  for (const [member, value] of Object.entries(wrong))
    await assert.rejects(allowing.fetch(api, { [member]: value }), {
      name: "TypeError",
      message: new RegExp(`${member} \`${value}\``),
    });
  for (const init of [
    { mode: "cors" },
    { mode: "no-cors" },
    { mode: "same-origin" },
    { credentials: "omit" },
    { credentials: "same-origin" },
    { redirect: "follow" },
    { redirect: "error" },
    { redirect: "manual" },
  ] as const)
    assert.equal((await allowing.fetch(`${app}/users`, init)).status, 200, JSON.stringify(init));
  const headers = new Map([["X-Token", "1"]]) as unknown as Headers;
  await blocked(allowing.fetch(api, { headers }), "header-not-allowed");
  assert.throws(() => openPage(app, null as unknown as string), /is a fetch handler/);
});
