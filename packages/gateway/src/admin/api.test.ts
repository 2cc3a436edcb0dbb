// The admin API through its listener: read, check, save with comments kept, conflicts, history.

import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { startGateway } from "../serve/start.ts";
import type { Gateway } from "../serve/gateway.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { readDecisions } from "../../../../test/support/console/decision-events.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";

interface Opened {
  readonly gateway: Gateway;
  readonly file: string;
  readonly folder: string;
  call(
    method: string,
    where: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; body: any; headers: Headers }>;
}

const app = "https://app.example.com";

async function opened(t: TestContext, options: { history?: string } = {}): Promise<Opened> {
  const upstream = await httpServer((_request, response) => response.end("ok"));
  const folder = temporaryFolder(t, {
    "corsway.toml": `# the gateway
[policies.webapp] # ours
allow_origins = ["${app}"] # one page
[servers.public]
addr = "127.0.0.1:0"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[locations.api]
path = "/"
upstream = "api"
cors = "webapp"
[admin]
addr = "127.0.0.1:0"
`,
  });
  const file = path.join(folder, "corsway.toml");
  const gateway = await startGateway(file, { watch: false, base: folder, ...options });
  t.after(() => gateway.close(0));
  return {
    gateway,
    file,
    folder,
    async call(method, where, body, headers = {}) {
      const response = await fetch(`${gateway.admin!.url}${where}`, {
        method,
        headers: { ...(body !== undefined && { "Content-Type": "application/json" }), ...headers },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      const text = await response.text();
      return {
        status: response.status,
        body: text === "" ? undefined : JSON.parse(text),
        headers: response.headers,
      };
    },
  };
}

const withOrigin = (text: string): string =>
  text.replace(`["${app}"]`, `["${app}", "https://b.example"]`);

test("the overview reports what is served, the origin of each field, and traffic", async (t) => {
  const { call, gateway } = await opened(t);
  await sendRaw(
    gateway.addresses[0]!.port,
    "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nConnection: close\r\n\r\n",
  );
  const { body } = await call("GET", "/api/overview");
  assert.equal(body.requests.total, 1);
  assert.equal(body.effective[0].locations[0].cors.policy, "webapp");
  assert.equal(body.effective[0].locations[0].cors.fields.allow_origins.from.level, "location");
  const hour = (await call("GET", "/api/hour")).body;
  assert.equal(hour.minutes.at(-1).refused, 1);
  assert.deepEqual(
    hour.refusals.map(({ reason, origin }: { reason: string; origin: string }) => [reason, origin]),
    [["origin-not-allowed", "https://evil.example"]],
  );
});

test("a check reports what a change allows and blocks, and writes no file", async (t) => {
  const { call, file } = await opened(t);
  const { body: config } = await call("GET", "/api/config");
  const text = config.files[0].text as string;
  const name = config.files[0].name as string;
  const good = await call("POST", "/api/check", { files: [{ name, text: withOrigin(text) }] });
  assert.equal(good.body.ok, true);
  assert.deepEqual(good.body.changes, [
    {
      server: "public",
      location: "api",
      field: "allow_origins",
      what: "opens",
      before: null,
      after: ["https://b.example"],
      examples: [
        { method: "GET", headerNames: [], credentials: false, origin: "https://b.example" },
      ],
    },
  ]);
  const bad = await call("POST", "/api/check", {
    files: [{ name, text: text.replace(`["${app}"]`, '"*"\nallow_credentials = true') }],
  });
  assert.equal(bad.body.ok, false);
  assert.equal(bad.body.diagnostics[0].code, "policy/credentials-with-any-origin");
  assert.equal(readFileSync(file, "utf8"), text);
});

test("a saved edit keeps comments and takes effect, and a rollback reverts it", async (t) => {
  const { call, file, gateway } = await opened(t);
  const { body: config } = await call("GET", "/api/config");
  const [{ name, text }] = config.files;
  const edited = await call("POST", "/api/edit", {
    text,
    edits: [{ path: ["policies", "webapp", "allow_origins"], value: [app, "https://b.example"] }],
  });
  assert.equal(edited.status, 200);
  const saved = await call(
    "PUT",
    "/api/config",
    { files: [{ name, text: edited.body.text }] },
    { "If-Match": `"${config.etag}"` },
  );
  assert.equal(saved.status, 200);
  const onDisk = readFileSync(file, "utf8");
  for (const kept of ["# the gateway", "# ours", "# one page", "https://b.example"])
    assert.ok(onDisk.includes(kept), kept);
  const allowed = async (): Promise<string[]> =>
    (
      await sendRaw(
        gateway.addresses[0]!.port,
        "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://b.example\r\nConnection: close\r\n\r\n",
      )
    ).header("Access-Control-Allow-Origin");
  assert.deepEqual(await allowed(), ["https://b.example"]);

  const history = (await call("GET", "/api/history")).body as { number: number; by: string }[];
  assert.deepEqual(
    history.map(({ by }) => by),
    ["console", "start"],
  );
  const first = await call("GET", `/api/history/${history[1]!.number}`);
  assert.equal(first.body.files[0].text, text);
  const back = await call(
    "POST",
    `/api/history/${history[1]!.number}/rollback`,
    {},
    { "If-Match": `"${saved.body.etag}"` },
  );
  assert.equal(back.status, 200);
  assert.equal(readFileSync(file, "utf8"), text);
  assert.deepEqual(await allowed(), []);
});

test("saving over another user's change is a conflict and loses nothing", async (t) => {
  const { call, file } = await opened(t);
  const { body: config } = await call("GET", "/api/config");
  const [{ name, text }] = config.files;
  writeFileSync(file, `${text}# somebody else\n`);
  const { status, body } = await call(
    "PUT",
    "/api/config",
    { files: [{ name, text: withOrigin(text) }] },
    { "If-Match": `"${config.etag}"` },
  );
  assert.equal(status, 409);
  assert.match(body.files[0].text, /# somebody else/);
  assert.match(readFileSync(file, "utf8"), /# somebody else/);
});

test("a faulty file cannot be saved, and a save requires the ETag", async (t) => {
  const { call, file } = await opened(t);
  const { body: config } = await call("GET", "/api/config");
  const [{ name, text }] = config.files;
  const files = [{ name, text: text.replace(`["${app}"]`, '["https://a.example/"]') }];
  for (const etag of [undefined, "", config.etag, `W/"${config.etag}"`, '""', "*"])
    for (const [method, path, body] of [
      ["PUT", "/api/config", { files }],
      ["POST", "/api/history/1/rollback", {}],
    ] as const) {
      const answer = await call(method, path, body, etag === undefined ? {} : { "If-Match": etag });
      assert.deepEqual([answer.status, answer.body.error], [428, "etag_missing"], `${etag}`);
    }
  const refused = await call("PUT", "/api/config", { files }, { "If-Match": `"${config.etag}"` });
  assert.equal(refused.status, 422);
  assert.equal(refused.body.diagnostics[0].code, "policy/origin-trailing-slash");
  assert.equal(readFileSync(file, "utf8"), text);
});

test("history survives a restart if it is stored in a file", async (t) => {
  const folder = temporaryFolder(t, {});
  const history = path.join(folder, "history.sqlite");
  const first = await opened(t, { history });
  await first.gateway.close(0);
  const second = await opened(t, { history });
  const list = (await second.call("GET", "/api/history")).body as unknown[];
  assert.equal(list.length, 2);
});

async function asked({ gateway }: Opened, ...paths: readonly string[]): Promise<void> {
  const head = `HTTP/1.1\r\nHost: localhost\r\nOrigin: ${app}\r\n`;
  const requests = paths.map((one) => `GET ${one} ${head}\r\n`).join("");
  await sendRaw(
    gateway.addresses[0]!.port,
    `${requests}GET /last ${head}Connection: close\r\n\r\n`,
  );
}

test("a stream of decisions begins with the newest ones, and goes on as they happen", async (t) => {
  const open = await opened(t);
  await asked(open, "/1", "/2");
  const events = await readDecisions(open.gateway.admin!.url);
  await events.until(3);
  assert.deepEqual(events.paths(), ["/1", "/2", "/last"]);
  await asked(open, "/3");
  await events.until(5);
  assert.deepEqual(events.paths().slice(3), ["/3", "/last"]);
  events.end();
});

test("a reader that comes back loses nothing and gets nothing twice", async (t) => {
  const open = await opened(t);
  const { url } = open.gateway.admin!;
  await asked(open, "/1");
  const first = await readDecisions(url);
  await first.until(2);
  first.end();
  await asked(open, "/away");
  const again = await readDecisions(url, first.lastEventId());
  await again.until(2);
  assert.deepEqual(again.paths(), ["/away", "/last"]);
  assert.deepEqual(
    again.events.map(({ dropped, restarted }) => [dropped, restarted]),
    [[undefined, undefined]],
  );
  again.end();
});

test("what a reader missed beyond what is kept is counted, and a newcomer gets 200", async (t) => {
  const open = await opened(t);
  const { url } = open.gateway.admin!;
  const first = await readDecisions(url);
  await first.until(0);
  first.end();
  await asked(open, ...Array.from({ length: 599 }, (_, index) => `/${index}`));
  const again = await readDecisions(url, first.lastEventId());
  await again.until(500);
  assert.equal(again.events[0]!.dropped, 100);
  assert.equal(again.paths()[0], "/100");
  again.end();
  const newcomer = await readDecisions(url);
  await newcomer.until(200);
  assert.equal(newcomer.paths().length, 200);
  assert.equal(newcomer.events[0]!.dropped, undefined);
  newcomer.end();
});

test("a reader of a gateway that is gone is told so, and an id that is not one counts as none", async (t) => {
  const open = await opened(t);
  const { url } = open.gateway.admin!;
  await asked(open);
  const after = await readDecisions(url, "0123456789ab.7");
  await after.until(1);
  assert.deepEqual([after.paths(), after.events[0]!.restarted], [["/last"], true]);
  after.end();
  for (const id of ["x", "1.2,", "0123456789ab.-1", "%00", "0123456789ab.1e9", ",".repeat(5000)]) {
    const reader = await readDecisions(url, id);
    await reader.until(1);
    assert.deepEqual([reader.paths(), reader.events[0]!.restarted], [["/last"], undefined], id);
    reader.end();
  }
});

test("the API refuses other origins, foreign host names and form posts", async (t) => {
  const { gateway, call } = await opened(t);
  const { body: config } = await call("GET", "/api/config");
  const { port } = gateway.admin!;
  const put = (headers: string): Promise<{ status: number }> =>
    sendRaw(
      port,
      `PUT /api/config HTTP/1.1\r\nIf-Match: "${config.etag}"\r\n${headers}Content-Length: 12\r\nConnection: close\r\n\r\n{"files":[]}`,
    );
  const own = `Host: 127.0.0.1:${port}\r\n`;
  const json = "Content-Type: application/json\r\n";
  assert.equal((await put(`${own}${json}Origin: https://evil.example\r\n`)).status, 403);
  assert.equal((await put(`Host: evil.example:${port}\r\n${json}`)).status, 403);
  assert.equal((await put(`${own}${json}Sec-Fetch-Site: cross-site\r\n`)).status, 403);
  assert.equal((await put(`${own}Content-Type: text/plain\r\n`)).status, 415);
  const { headers } = await call("GET", "/api/config");
  assert.equal(headers.get("access-control-allow-origin"), null);
});

test("the API describes itself as OpenAPI 3.1, and reports input it cannot read", async (t) => {
  const { call } = await opened(t);
  const { body } = await call("GET", "/api/openapi.json");
  assert.equal(body.openapi, "3.1.0");
  const { valid, errors } = await new Validator().validate(structuredClone(body));
  assert.ok(valid, JSON.stringify(errors));
  assert.deepEqual(Object.keys(body.paths).toSorted(), [
    "/api/check",
    "/api/config",
    "/api/decisions",
    "/api/edit",
    "/api/history",
    "/api/history/{number}",
    "/api/history/{number}/rollback",
    "/api/hour",
    "/api/overview",
    "/api/schema",
  ]);
  const broken = structuredClone(body);
  delete broken.paths["/api/config"].put.responses;
  delete broken.info;
  assert.equal((await new Validator().validate(broken)).valid, false);
  assert.equal((await call("POST", "/api/check", { files: "none" })).status, 400);
  assert.equal((await call("GET", "/api/nothing")).status, 404);
  assert.equal((await call("GET", "/api/history/99999")).status, 404);
});

test("any faulty request gets a client error that names the fault, never a 500", async (t) => {
  const { gateway } = await opened(t);
  const { port } = gateway.admin!;
  const send = async (line: string, rest: string): Promise<[number, string]> => {
    const { status, body } = await sendRaw(
      port,
      `${line} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n${rest}`,
    );
    return [status, (JSON.parse(body) as { error: string }).error];
  };
  const json = "Content-Type: application/json\r\n";
  const rows: readonly (readonly [string, string, number, string])[] = [
    ["POST /api/check", `${json}Content-Length: 1\r\n\r\nx`, 400, "bad_request"],
    ["POST /api/check", `${json}Content-Length: 2\r\n\r\n[]`, 400, "bad_request"],
    ["POST /api/check", "Content-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}", 415, "not_json"],
    ["POST /api/check", "Content-Length: 0\r\n\r\n", 400, "bad_request"],
    ["POST /api/check", "\r\n", 400, "bad_request"],
    ["POST /api/edit", `${json}Content-Length: 5000000\r\n\r\n{`, 413, "too_large"],
    [
      "PUT /api/config",
      `${json}Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      411,
      "length_required",
    ],
    ["POST /api/history/none/rollback", "\r\n", 400, "bad_request"],
    ["DELETE /api/config", "\r\n", 404, "not_found"],
  ];
  for (const [line, rest, status, error] of rows)
    assert.deepEqual(await send(line, rest), [status, error], `${line} ${JSON.stringify(rest)}`);
});

test("a file that is not served cannot be written, whatever path its name resolves to", async (t) => {
  const { call, folder } = await opened(t);
  const { body: config } = await call("GET", "/api/config");
  const saved = await call(
    "PUT",
    "/api/config",
    { files: [...config.files, { name: "../other.toml", text: "# mine" }] },
    { "If-Match": `"${config.etag}"` },
  );
  assert.deepEqual([saved.status, saved.body.error], [422, "refused"]);
  assert.match(saved.body.message, /`\.\.\/other\.toml` is not a file of the configuration/);
  assert.equal(existsSync(path.join(folder, "../other.toml")), false);
});
