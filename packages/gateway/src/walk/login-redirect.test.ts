// After a session ended, scripts get a readable 401, and navigations the redirect to the login page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";

const app = "https://app.example.com";
const login = "https://login.example.com/authorize?state=secret&code=1";

const upstream = await httpServer((request, response) => {
  const [, status, to = ""] = request.url!.split(/[?]/)[0]!.split("/");
  const targets: Record<string, string> = {
    login,
    scheme: "https://api.test/302/scheme",
    here: "/elsewhere",
    odd: "mailto:someone@example.com",
    broken: "http://[",
  };
  response.writeHead(Number(status), {
    ...(to in targets && { Location: targets[to] }),
    "Set-Cookie": "state=1",
  });
  response.end("moved");
});

const served = await gatewayOf({
  upstreams: { api: { ports: [upstream] } },
  locations: [
    {
      name: "api",
      path: "/",
      upstream: "api",
      loginRedirect: 401,
      cors: { allowOrigins: [app], allowCredentials: true },
    },
    {
      name: "plain",
      host: "plain.test",
      path: "/",
      upstream: "api",
      cors: { allowOrigins: [app] },
    },
  ],
});

const ask = (path: string, fields: string, method = "GET", host = "api.test") =>
  sendRaw(
    served.port,
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${fields}Connection: close\r\n\r\n`,
  );
const cors = `Origin: ${app}\r\nSec-Fetch-Mode: cors\r\n`;

test("a script's request gets a 401 with the policy's headers and the login URL, without its query", async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const answer = await ask(`/${status}/login`, cors);
    assert.equal(answer.status, 401);
    assert.deepEqual(answer.header("Access-Control-Allow-Origin"), [app]);
    assert.deepEqual(answer.header("Access-Control-Allow-Credentials"), ["true"]);
    assert.deepEqual(answer.header("WWW-Authenticate"), ["Login"]);
    assert.deepEqual(answer.header("Set-Cookie"), []);
    assert.deepEqual(answer.header("Location"), []);
    const body = JSON.parse(answer.body) as { error: string; login: unknown };
    assert.equal(body.error, "login_required");
    assert.deepEqual(body.login, { origin: "https://login.example.com", path: "/authorize" });
    assert.doesNotMatch(answer.text, /secret/);
  }
  const [record] = await served.logged(1);
  assert.equal(record!.error, "login_required");
  assert.equal(record!.cause, "301 to https://login.example.com");
});

test("a script is recognised by Sec-Fetch-Mode, or by an Origin and an Accept without HTML", async () => {
  const status = async (fields: string, method = "GET") =>
    (await ask("/302/login", fields, method)).status;
  assert.equal(await status("Sec-Fetch-Mode: cors\r\n"), 401, "a same-origin page's fetch");
  assert.equal(await status("Sec-Fetch-Mode: same-origin\r\n"), 401);
  assert.equal(await status(`Origin: ${app}\r\nAccept: application/json\r\n`), 401);
  assert.equal(await status(`Origin: ${app}\r\n`, "HEAD"), 401);
  assert.equal(await status(`Origin: ${app}\r\nAccept: text/html,*/*\r\n`), 302);
  assert.equal(await status(`Origin: ${app}\r\nSec-Fetch-Mode: navigate\r\n`, "GET"), 302);
  assert.equal(await status("Sec-Fetch-Mode: no-cors\r\n"), 302);
  assert.equal(await status("Accept: */*\r\n"), 302, "no browser, or a navigation");
});

test("only a cross-origin redirect is treated as a login, and without the key it is forwarded", async () => {
  for (const path of [
    "/302/here",
    "/302/scheme",
    "/302/odd",
    "/302/broken",
    "/302/none",
    "/300/login",
  ])
    assert.equal((await ask(path, cors)).status, Number(path.slice(1, 4)), path);
  assert.equal((await ask("/302/login", cors, "GET", "plain.test")).status, 302);
});
