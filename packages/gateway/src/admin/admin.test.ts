import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { gatewayOf } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { openAdmin, type AdminListener, type Telling } from "./admin.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const hostile = `x"><script>alert(1)</script>`;
const { gateway, port } = await gatewayOf({
  locations: [{ name: hostile, path: "/x", cors: { allowOrigins: ["https://app.example.com"] } }],
  admin: true,
});
const admin = gateway.admin!.port;
const ask = (path: string, fields = "", host = `127.0.0.1:${admin}`, method = "GET") =>
  sendRaw(
    admin,
    `${method} ${path} HTTP/1.1\r\nHost: ${host}\r\n${fields}Connection: close\r\n\r\n`,
  );

test("the status page shows listeners and decisions, escaped, under a CSP that forbids scripts", async () => {
  await sendRaw(
    port,
    "OPTIONS /x HTTP/1.1\r\nHost: a\r\nOrigin: https://evil.example\r\nAccess-Control-Request-Method: PUT\r\nConnection: close\r\n\r\n",
  );
  const page = await ask("/");
  assert.equal(page.status, 200);
  assert.match(page.body, /origin-not-allowed/);
  assert.match(page.body, /x&quot;&gt;&lt;script&gt;/);
  assert.doesNotMatch(page.body, /<script/);
  assert.match(
    page.header("Content-Security-Policy")[0]!,
    /^default-src 'none'; style-src 'sha256-/,
  );
  assert.deepEqual(page.header("Access-Control-Allow-Origin"), []);
});

test("/status returns the same as JSON, /metrics as Prometheus text with escaped labels, /healthz for load balancers", async () => {
  const status = JSON.parse((await ask("/status")).body) as {
    generation: { number: number };
    ready: boolean;
    accessLog: { dropped: number };
  };
  assert.equal(status.accessLog.dropped, 0);
  assert.equal(status.generation.number, 1);
  assert.equal(status.ready, true);
  const metrics = await ask("/metrics");
  assert.match(
    metrics.body,
    /corsway_cors_decisions_total\{location="x\\"><script>alert\(1\)<\/script>",policy=/,
  );
  await sendRaw(port, "GET /other HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  assert.match(
    (await ask("/metrics")).body,
    /decisions_total\{location="",policy="",kind="none",outcome="untouched",reason=""\} 1/,
  );
  const health = await ask("/healthz", "", "anything.internal");
  assert.equal(health.status, 200);
  assert.equal(health.body, `{"status":"ok"}\n`);
});

for (const [name, fields, host] of [
  ["by a name that resolves to loopback", "", `rebound.evil.example:${admin}`],
  ["by a name that begins like an address of loopback", "", `127.0.0.1.nip.io:${admin}`],
  ["by a name that begins with 127", "", `127.evil.example:${admin}`],
  ["by a name that begins with localhost", "", `localhost.evil.example:${admin}`],
  ["by a name below localhost", "", `evil.localhost:${admin}`],
  ["by a name with user info", "", `127.0.0.1@evil.example:${admin}`],
  [
    "by a page whose name begins like an address",
    `Origin: http://127.0.0.1.nip.io:${admin}\r\n`,
    undefined,
  ],
  ["by a page of https", `Origin: https://127.0.0.1:${admin}\r\n`, undefined],
  ["with another port in Host", "", "127.0.0.1:1"],
  ["by a page of another origin", "Origin: https://evil.example\r\n", undefined],
  ["by a page of another port", "Origin: http://127.0.0.1:1\r\n", undefined],
  ["by a sandboxed page", "Origin: null\r\n", undefined],
  ["across sites without an origin", "Sec-Fetch-Site: cross-site\r\n", undefined],
  ["by a page of another port without an origin", "Sec-Fetch-Site: same-site\r\n", undefined],
  [
    "in a frame of another site",
    "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n",
    undefined,
  ],
  [
    "by a page of another name, where no token is needed",
    "Origin: http://gateway.internal\r\n",
    "gateway.internal",
  ],
] as const) {
  test(`a request ${name} gets 403 without CORS headers`, async () => {
    const answer = await ask("/status", fields, host);
    assert.equal(answer.status, 403);
    assert.match(answer.body, /^\{"error":"foreign_(host|page)","message":"/);
    assert.doesNotMatch(answer.head, /access-control/i);
  });
}

test("a request from its own page under a loopback name gets 200", async () => {
  for (const host of [`127.0.0.1:${admin}`, `LOCALHOST:${admin}`, `[::1]:${admin}`]) {
    const answer = await ask("/status", `Origin: http://${host.toLowerCase()}\r\n`, host);
    assert.equal(answer.status, 200, host);
  }
});

test("a link on any page opens the page, and nothing but the page", async () => {
  for (const site of ["cross-site", "same-site", "none"]) {
    const opened = `Sec-Fetch-Site: ${site}\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\n`;
    assert.equal((await ask("/", opened)).status, 200, site);
    assert.equal((await ask("/status", opened)).status, site === "none" ? 200 : 403, site);
  }
});

test("the listener is read-only: it answers only GET and HEAD", async () => {
  assert.equal((await ask("/status", "Content-Length: 0\r\n", undefined, "POST")).status, 405);
  assert.equal((await ask("/status", "", undefined, "HEAD")).body, "");
});

const opened: AdminListener[] = [];
after(() => opened.forEach((one) => one.close()));
const telling: Telling = {
  state: () => "ok",
  status: async () =>
    ({
      requests: { byClass: {} },
      errors: {},
      connections: { open: 0, refused: 0 },
      decisions: [],
      upstreams: [],
      processes: [1],
      accessLog: {},
      generation: {},
      reloads: {},
      ready: true,
    }) as never,
};

test("a listener beyond loopback requires a token for every request except /healthz", async (t) => {
  for (const host of ["0.0.0.0", "127.evil.example", "127.0.0.1.nip.io"])
    await assert.rejects(openAdmin({ address: { host, port: 0 } }, telling), /token_file/);
  const folder = temporaryFolder(t);
  const tokenFile = path.join(folder, "token");
  writeFileSync(tokenFile, "0123456789abcdef0123\n");
  const listener = await openAdmin({ address: { host: "0.0.0.0", port: 0 }, tokenFile }, telling);
  opened.push(listener);
  const get = (fields: string, at = "/metrics") =>
    sendRaw(
      listener.port,
      `GET ${at} HTTP/1.1\r\nHost: gateway.internal\r\n${fields}Connection: close\r\n\r\n`,
    );
  assert.equal((await get("")).status, 401);
  assert.equal((await get("Authorization: Bearer 0123456789abcdef0124\r\n")).status, 401);
  assert.equal((await get("Authorization: Bearer 0123456789abcdef0123\r\n")).status, 200);
  assert.equal((await get("", "/healthz")).status, 200);
  const token = "Authorization: Bearer 0123456789abcdef0123\r\n";
  for (const [origin, status] of [
    ["http://gateway.internal", 200],
    ["https://gateway.internal", 200],
    ["http://gateway.internal:81", 403],
    ["http://other.internal", 403],
    ["null", 403],
  ] as const)
    assert.equal((await get(`${token}Origin: ${origin}\r\n`)).status, status, origin);
});
