// The host lock: a server answers only to its own names. Without it, a page whose name was re-pointed
// at this address (DNS rebinding) is of one origin with the server, and no policy stops it.

import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { AccessRecord } from "../observe/access-record.ts";
import { startGateway } from "../serve/start.ts";
import { minimalConfig } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";

interface Setting {
  readonly server?: string;
  readonly location?: string;
  readonly limits?: string;
}

/** A gateway from a file, with an upstream that keeps what it was asked. */
async function served(t: TestContext, { server = "", location = "", limits = "" }: Setting = {}) {
  const asked: string[] = [];
  const upstream = await httpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end("secret");
  });
  const folder = temporaryFolder(t, {
    "corsway.toml": `${minimalConfig({ listen: "127.0.0.1:0", upstream, name: "api", server })}
cors = { allow_origins = ["https://app.example.com"], allow_credentials = true }
${location}
${limits}
`,
  });
  const log: AccessRecord[] = [];
  const gateway = await startGateway(join(folder, "corsway.toml"), {
    watch: false,
    onAccess: (record) => log.push(record),
  });
  t.after(() => gateway.close(0));
  const { port } = gateway.addresses[0]!;
  const ask = (host: string, more = "", method = "GET") =>
    sendRaw(port, `${method} / HTTP/1.1\r\nHost: ${host}\r\n${more}Connection: close\r\n\r\n`);
  return { gateway, port, asked, log, ask };
}

test("a page under a rebound name cannot read, write or open a socket on a loopback server", async (t) => {
  const { asked, ask, log, gateway } = await served(t);
  const rebound = "Origin: http://evil.example\r\n";
  const upgrade =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n";
  for (const [more, method] of [
    ["", "GET"], // a rebound GET carries no Origin
    [rebound, "GET"],
    [`${rebound}Content-Length: 0\r\n`, "POST"],
    [rebound + upgrade, "GET"],
    [`${rebound}Access-Control-Request-Method: PUT\r\n`, "OPTIONS"],
  ] as const) {
    const { status, body, head } = await ask("evil.example:8080", more, method);
    assert.equal(status, 421, `${method} ${more}`);
    assert.doesNotMatch(head, /access-control-/i);
    const answer = JSON.parse(body) as { error: string; message: string };
    assert.equal(answer.error, "host_not_allowed");
    assert.match(answer.message, /add it to the key "hosts" of \[servers\.public\]/);
  }
  assert.deepEqual(asked, []);
  assert.ok(log.length >= 5);
  assert.ok(
    log.every(({ error, host }) => error === "host_not_allowed" && host === "evil.example"),
  );
  const refused = (await gateway.status()).decisions.filter(
    ({ reason }) => reason === "host_not_allowed",
  );
  assert.deepEqual(
    refused.map(({ outcome, location }) => [outcome, location]),
    [["refused", ""]],
  );
});

test("a loopback server accepts localhost, its subdomains and addresses, on any port", async (t) => {
  const { ask } = await served(t);
  for (const host of ["localhost", "app.localhost:3000", "127.0.0.1", "[::1]:99", "10.0.0.7"])
    assert.equal((await ask(host)).status, 200, host);
  for (const host of ["localhost.evil.example", "127.0.0.1.nip.io", "evil-localhost", "a"])
    assert.equal((await ask(host)).status, 421, host);
});

test("a loopback server accepts the hosts of its locations", async (t) => {
  const { ask } = await served(t, { location: 'host = "api.test, *.api.test"' });
  assert.equal((await ask("api.test")).status, 200);
  assert.equal((await ask("v2.api.test")).status, 200);
  assert.equal((await ask("api.test.evil.example")).status, 421);
});

test("only the listed names are accepted, including addresses", async (t) => {
  const { ask } = await served(t, { server: 'hosts = "api.example.com, *.example.net"' });
  for (const host of [
    "api.example.com",
    "API.EXAMPLE.COM:8443",
    "api.example.com.",
    "a.example.net",
  ])
    assert.equal((await ask(host)).status, 200, host);
  for (const host of ["example.net", "localhost", "127.0.0.1"])
    assert.equal((await ask(host)).status, 421, host);
});

test('`hosts = "*"` accepts every name', async (t) => {
  const { ask } = await served(t, { server: 'hosts = "*"' });
  assert.equal((await ask("evil.example")).status, 200);
});

test("behind a trusted proxy the forwarded host is checked", async (t) => {
  const { ask } = await served(t, {
    server: 'hosts = "api.example.com"',
    limits: '[limits]\ntrusted_proxies = ["127.0.0.1"]',
  });
  const forwarded = (host: string): string => `X-Forwarded-Host: ${host}\r\n`;
  assert.equal((await ask("internal", forwarded("api.example.com"))).status, 200);
  assert.equal((await ask("api.example.com", forwarded("evil.example"))).status, 421);
});

test("an untrusted client cannot override the host with a forwarded one", async (t) => {
  const { ask } = await served(t, { server: 'hosts = "api.example.com"' });
  assert.equal((await ask("evil.example", "X-Forwarded-Host: api.example.com\r\n")).status, 421);
});

test("HTTP/1.0 without Host is answered, because no browser sends it", async (t) => {
  const { port } = await served(t);
  assert.equal((await sendRaw(port, "GET / HTTP/1.0\r\n\r\n")).status, 200);
});
