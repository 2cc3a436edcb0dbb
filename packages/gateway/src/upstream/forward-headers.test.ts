import assert from "node:assert/strict";
import { test } from "node:test";
import {
  gatewayOf,
  httpServer,
  socketServer,
  type Served,
} from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import type { BuiltLocation } from "../../../../test/support/build-config.ts";
import { viaName } from "./forward-headers.ts";

async function seenBy(
  location: BuiltLocation,
  fields: string,
  trustedProxies: readonly string[] = [],
): Promise<{ raw: string[]; value(name: string): string[]; served: Served }> {
  const seen: string[][] = [];
  const upstream = await httpServer((request, response) => {
    seen.push(request.rawHeaders);
    response.end();
  });
  const served = await gatewayOf({
    locations: [{ path: "/", upstream: "api", ...location }],
    upstreams: { api: { ports: [upstream] } },
    limits: { trustedProxies },
  });
  await sendRaw(served.port, `GET /x HTTP/1.1\r\nHost: api.test\r\n${fields}\r\n`, 300);
  const raw = seen[0] ?? [];
  return {
    raw,
    served,
    value: (name) => raw.filter((_text, i) => i % 2 === 1 && raw[i - 1]!.toLowerCase() === name),
  };
}

test("forwarding headers sent by a client are replaced", async () => {
  const { value } = await seenBy(
    {},
    "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.test\r\nX-Forwarded-Port: 1\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX_Forwarded_For: 6.6.6.6\r\nX-Request-Id: mine\r\n",
  );
  assert.deepEqual(value("x-forwarded-for"), ["127.0.0.1"]);
  assert.deepEqual(value("x-forwarded-proto"), ["http"]);
  assert.deepEqual(value("x-forwarded-host"), ["api.test"]);
  assert.deepEqual(value("forwarded"), [`for=127.0.0.1;host="api.test";proto=http`]);
  assert.deepEqual(value("x-real-ip"), ["127.0.0.1"]);
  assert.deepEqual(value("x_forwarded_for"), []);
  assert.match(value("x-request-id")[0]!, /^[0-9a-f]{16}-[0-9a-z]+$/);
  assert.deepEqual(value("via"), [`1.1 ${viaName}`]);
});

test("forwarding headers of a trusted proxy are extended and give the client's address and scheme", async () => {
  const { value, served } = await seenBy(
    { cors: { allowOrigins: ["https://app.example.com"], onMismatch: "reject" } },
    "Origin: https://api.test\r\nX-Forwarded-For: 6.6.6.6, 7.7.7.7\r\nX-Forwarded-Proto: https\r\nX-Request-Id: theirs-1\r\nVia: 1.1 front\r\n",
    ["127.0.0.0/8"],
  );
  assert.deepEqual(value("x-forwarded-for"), ["6.6.6.6, 7.7.7.7, 127.0.0.1"]);
  assert.deepEqual(value("x-forwarded-proto"), ["https"]);
  assert.deepEqual(value("x-request-id"), ["theirs-1"]);
  assert.deepEqual(value("via"), [`1.1 front, 1.1 ${viaName}`]);
  const [record] = await served.logged(1);
  assert.equal(record?.client, "7.7.7.7");
  assert.equal(record?.kind, "same-origin");
});

for (const { name, fields } of [
  {
    name: "in a field of its own",
    fields: "X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 7.7.7.7\r\n",
  },
  {
    name: "behind a hundred that the client made up",
    fields: `X-Forwarded-For: ${"6.6.6.6, ".repeat(100)}7.7.7.7\r\n`,
  },
])
  test(`the client address is the one that the trusted proxy saw, given ${name}`, async () => {
    const { value, served } = await seenBy(
      { setHeaders: [["X-Chain", "$proxy_add_x_forwarded_for"]] },
      `${fields}X-Real-IP: 7.7.7.7\r\n`,
      ["127.0.0.0/8"],
    );
    const [record] = await served.logged(1);
    assert.equal(record?.client, "7.7.7.7");
    assert.match(value("x-chain")[0]!, /^6\.6\.6\.6, .*7\.7\.7\.7, 127\.0\.0\.1$/);
    assert.deepEqual(value("x-real-ip"), ["7.7.7.7"]);
    assert.match(value("x-forwarded-for").join("|"), /^6\.6\.6\.6, [^|]*7\.7\.7\.7, 127\.0\.0\.1$/);
  });

test("hop-by-hop fields are not forwarded, and Connection cannot remove fields that the policy relies on", async () => {
  const { value } = await seenBy(
    {},
    "Connection: close, X-Secret, Origin, Cookie, Authorization\r\nX-Secret: 1\r\nOrigin: https://a.example\r\nCookie: a=b\r\nAuthorization: x\r\nTE: trailers\r\nProxy-Authorization: y\r\nKeep-Alive: timeout=1\r\nTrailer: X\r\n",
  );
  for (const name of ["x-secret", "te", "proxy-authorization", "keep-alive", "trailer"])
    assert.deepEqual(value(name), [], name);
  assert.deepEqual(value("origin"), ["https://a.example"]);
  assert.deepEqual(value("cookie"), ["a=b"]);
  assert.deepEqual(value("authorization"), ["x"]);
});

test("proxy_set_headers replaces, proxy_add_headers adds, and variables are expanded", async () => {
  const { value } = await seenBy(
    {
      setHeaders: [
        ["Host", "inner.test"],
        ["X-Client", "$remote_addr"],
        ["X-Agent", "$http_user_agent"],
        ["X-Plain", "a $host"],
        ["Proxy-Authorization", "Basic eDp5"],
      ],
      addHeaders: [["X-Tag", "two"]],
    },
    "X-Client: forged\r\nX-Tag: one\r\nUser-Agent: test/1\r\n",
  );
  assert.deepEqual(value("host"), ["inner.test"]);
  assert.deepEqual(value("x-client"), ["127.0.0.1"]);
  assert.deepEqual(value("x-agent"), ["test/1"]);
  assert.deepEqual(value("x-plain"), ["a $host"]);
  for (const name of ["x-real-ip", "forwarded"])
    assert.deepEqual(value(name), [], "only where the client sent it");
  assert.deepEqual(value("proxy-authorization"), ["Basic eDp5"], "asked for, so not dropped");
  assert.deepEqual(value("x-tag"), ["one", "two"]);
});

test("no client can send a configured header in any spelling, because servers read X_User as X-User", async () => {
  const { value } = await seenBy(
    {
      setHeaders: [
        ["X-User", "$remote_addr"],
        ["X_Realm", "orders"],
      ],
      addHeaders: [["X-Tag", "two"]],
    },
    "X_User: admin\r\nx_user: admin\r\nX-USER: admin\r\nX-Realm: all\r\nX_Tag: one\r\n",
  );
  assert.deepEqual(value("x-user"), ["127.0.0.1"]);
  assert.deepEqual(value("x_realm"), ["orders"]);
  for (const name of ["x_user", "x-realm"]) assert.deepEqual(value(name), [], name);
  assert.deepEqual(value("x_tag"), ["one"], "only added to");
});

test("a request that already passed through this gateway is refused", async () => {
  const { raw, served } = await seenBy({}, `Via: 1.1 other, 1.1 ${viaName}\r\n`);
  assert.deepEqual(raw, []);
  const [record] = await served.logged(1);
  assert.equal(record?.status, 508);
});

test("an upstream's hop-by-hop fields and those its Connection lists are removed, but not Vary or cookies", async () => {
  const upstream = await socketServer((socket) => {
    socket.once("data", () =>
      socket.end(
        "HTTP/1.1 200 OK\r\nConnection: close, X-Secret, Vary, Set-Cookie\r\nX-Secret: 1\r\nVary: Accept\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=9\r\nProxy-Authenticate: x\r\nContent-Length: 0\r\n\r\n",
      ),
    );
  });
  const { port } = await gatewayOf({
    locations: [{ path: "/", upstream: "api" }],
    upstreams: { api: { ports: [upstream] } },
  });
  const answer = await sendRaw(port, "GET /x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  assert.deepEqual(answer.header("X-Secret"), []);
  assert.deepEqual(answer.header("Proxy-Authenticate"), []);
  assert.deepEqual(answer.header("Keep-Alive"), []);
  assert.deepEqual(answer.header("Vary"), ["Accept"]);
  assert.deepEqual(answer.header("Set-Cookie"), ["a=1", "b=2"]);
});
