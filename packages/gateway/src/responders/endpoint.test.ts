import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { test, type TestContext } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { once } from "node:events";
import path from "node:path";
import type { RequestHead } from "@corsway/cors/standard";
import { generate } from "selfsigned";
import { liveEndpoint, wireHeaders, type EndpointOptions } from "./endpoint.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const noBody = { body: false };

async function listen(t: TestContext, server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => sockets.add(socket));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** A server that answers the first bytes of each connection with `answer`. */
async function serving(
  t: TestContext,
  answer: (socket: Socket, request: string) => void,
): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (bytes) => answer(socket, bytes.toString("latin1")));
  });
  return listen(t, server);
}

const get = (port: number, path = "/", scheme = "http"): RequestHead => ({
  method: "GET",
  url: `${scheme}://127.0.0.1:${port}${path}`,
  headers: [["Origin", "https://app.example.com"]],
});

async function failureOf(request: RequestHead, options?: EndpointOptions) {
  const endpoint = liveEndpoint(options);
  const answer = await endpoint.respond(request, noBody);
  assert.ok("kind" in answer, "it answered");
  assert.equal(answer.why, endpoint.failure?.say);
  assert.ok(!/\n|undefined/.test(endpoint.failure!.say), endpoint.failure!.say);
  return endpoint.failure!;
}

test("the response's header bytes are kept as sent, and 1xx responses are skipped", async (t) => {
  const port = await serving(t, (socket) =>
    socket.end(
      Buffer.from(
        "HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\nHTTP/1.1 200 OK\r\naCAo: \va\xe9\r\nacao: b\r\nContent-Length: 0\r\n\r\n",
        "latin1",
      ),
    ),
  );
  assert.deepEqual(await liveEndpoint().respond(get(port), noBody), {
    status: 200,
    headers: [
      ["aCAo", "\va\xe9"],
      ["acao", "b"],
      ["Content-Length", "0"],
    ],
  });
});

test("the request is sent with Host first, its own headers as given, and its body", async (t) => {
  let seen = "";
  const port = await serving(t, (socket, request) => {
    seen = request;
    socket.end("HTTP/1.1 204 No Content\r\n\r\n");
  });
  const body = new TextEncoder().encode("a=1");
  const request = { ...get(port, "/p?q=%20"), method: "POST" };
  await liveEndpoint({ body }).respond(request, { body: true });
  const lines = seen.split("\r\n");
  assert.equal(lines[0], "POST /p?q=%20 HTTP/1.1");
  assert.equal(lines[1], `Host: 127.0.0.1:${port}`);
  assert.ok(lines.includes("Origin: https://app.example.com"));
  assert.ok(lines.includes("Content-Length: 3"));
  assert.ok(seen.endsWith("\r\n\r\na=1"));
  await liveEndpoint({ body }).respond(request, noBody);
  assert.ok(!seen.includes("a=1"), "a body was sent with a request that has none");
});

test("only a bounded part of an endless body is read, and then the connection is closed", async (t) => {
  let sent = 0;
  let hungUp: (() => void) | undefined;
  const gone = new Promise<void>((resolve) => (hungUp = resolve));
  const port = await serving(t, (socket) => {
    socket.on("close", () => hungUp?.());
    socket.write("HTTP/1.1 200 OK\r\n\r\n");
    const more = (): void => {
      if (socket.destroyed || sent > 64 * 1024 * 1024) return;
      sent += 65_536;
      socket.write("x".repeat(65_536), more);
    };
    more();
  });
  const answer = await liveEndpoint().respond(get(port), noBody);
  assert.equal("status" in answer && answer.status, 200);
  await gone;
  assert.ok(sent < 32 * 1024 * 1024, `${sent} bytes were taken`);
});

test("a server that cannot be reached is reported in one line, whatever the failure", async (t) => {
  const closed = createServer();
  const nobody = await listen(t, closed);
  closed.close();
  await once(closed, "close");
  const refused = await failureOf(get(nobody));
  assert.equal(refused.say, `nothing is listening on \`127.0.0.1:${nobody}\` (connection refused)`);

  const unknown = await failureOf({ ...get(0), url: "http://no-such-host.invalid/" });
  assert.equal(unknown.say, "the name `no-such-host.invalid` cannot be resolved");

  const ssh = await serving(t, (socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
  assert.match((await failureOf(get(ssh))).say, /does not respond in HTTP\/1\.1.*`SSH-2\.0/);

  const silent = await serving(t, (socket) => socket.end());
  assert.match((await failureOf(get(silent))).say, /closed the connection without a response/);

  const reset = await serving(t, (socket) => socket.resetAndDestroy());
  assert.match((await failureOf(get(reset))).say, /reset the connection/);

  const slow = await serving(t, (socket) => socket.write("HTTP/1.1 200 OK\r\n"));
  const silence = await failureOf(get(slow), { headTimeout: 30 });
  assert.equal(silence.code, "timeout");

  const endless = await serving(t, (socket) => {
    socket.write("HTTP/1.1 200 OK\r\n");
    const more = (): void => {
      if (!socket.destroyed) socket.write("x: y\r\n".repeat(10_000), more);
    };
    more();
  });
  assert.match((await failureOf(get(endless))).say, /the head is too large \(byte 262144\)/);

  const lineFeeds = await serving(t, (socket) => socket.end("HTTP/1.1 200 OK\nx: y\n\n"));
  assert.match((await failureOf(get(lineFeeds))).say, /ends in LF without CR/);
});

test("TLS on one side only and a certificate that browsers reject are reported differently", async (t) => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
  const secure = await listen(
    t,
    createTlsServer({ key, cert }, (socket) => socket.on("error", () => {})).on(
      "tlsClientError",
      () => {},
    ) as Server,
  );
  const selfSigned = await failureOf(get(secure, "/", "https"));
  assert.equal(selfSigned.code, "tls");
  assert.match(selfSigned.say, /is self-signed/);
  assert.match(selfSigned.fix, /NODE_EXTRA_CA_CERTS/);

  assert.match((await failureOf(get(secure))).say, /answers in TLS|closed the connection/);

  const plain = await serving(t, (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  assert.match((await failureOf(get(plain, "/", "https"))).say, /does not use TLS/);
});

test("a server with only HTTP/2 or an obsolete TLS version is reported as such", async (t) => {
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }]);
  const speaking = async (options: object): Promise<number> => {
    const server = createTlsServer({ key, cert, ...options });
    return listen(t, server.on("tlsClientError", () => {}) as Server);
  };
  const http2 = await failureOf(get(await speaking({ ALPNProtocols: ["h2"] }), "/", "https"));
  assert.match(http2.say, /does not accept HTTP\/1\.1, probably only HTTP\/2/);
  assert.match(http2.why, /a browser would use HTTP\/2/);
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" };
  const version = await failureOf(get(await speaking(old), "/", "https"));
  assert.match(version.fix, /TLS 1\.2 or 1\.3/);
  const none = { maxVersion: "TLSv1.2", ciphers: "PSK" };
  const ciphers = await failureOf(get(await speaking(none), "/", "https"));
  assert.match(ciphers.say, /handshake failure/);
});

test("a response that browsers refuse for its framing is an error, and a status that only some accept is reported", async (t) => {
  const twice = await serving(t, (socket) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd"),
  );
  assert.match((await failureOf(get(twice))).say, /more than one Content-Length/);
  const same = await serving(t, (socket) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\nabcd"),
  );
  const answer = await liveEndpoint().respond(get(same), noBody);
  assert.equal("status" in answer && answer.status, 200);
  const odd = await serving(t, (socket) => socket.end("HTTP/1.1 999 Odd\r\n\r\n"));
  assert.match((await failureOf(get(odd))).why, /Corsway's own reader/);
});

test("a private CA is trusted if NODE_EXTRA_CA_CERTS names it, and a requested client certificate is reported", async (t) => {
  const folder = temporaryFolder(t);
  const { private: key, cert } = await generate([{ name: "commonName", value: "localhost" }], {
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] },
    ],
  });
  const ca = path.join(folder, "ca.pem");
  writeFileSync(ca, cert);
  const server = createTlsServer({ key, cert }, (socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.end("HTTP/1.1 204 No Content\r\n\r\n"));
  });
  const port = await listen(t, server as Server);
  const guarded = createTlsServer({ key, cert, ca: cert, requestCert: true });
  const guardedPort = await listen(t, guarded.on("tlsClientError", () => {}) as Server);
  // Read once at a process's start, hence a process of its own.
  const program = `import { liveEndpoint } from ${JSON.stringify(new URL("./endpoint.ts", import.meta.url))};
    const ask = (request) => liveEndpoint().respond(request, { body: false });
    console.log(JSON.stringify([
      await ask(${JSON.stringify(get(port, "/", "https"))}),
      await ask(${JSON.stringify(get(guardedPort, "/", "https"))}),
    ]));`;
  const child = spawn(
    process.execPath,
    ["--conditions=source", "--input-type=module", "-e", program],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: ca }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let out = "";
  for await (const chunk of child.stdout) out += String(chunk);
  const [believed, refused] = JSON.parse(out) as [object, { why: string }];
  assert.deepEqual(believed, { status: 204, headers: [] });
  assert.match(refused.why, /asks for a client certificate/);
});

test("a request is completed as in a browser, and headers set by the page are not duplicated", () => {
  const url = "http://api.example.com:81/users";
  const names = (method: string, headers: RequestHead["headers"], body?: Uint8Array): string =>
    wireHeaders({ method, url, headers }, body)
      .map(([name, value]) => (/length|host/i.test(name) ? `${name} ${value}` : name))
      .join(", ");
  const rest = "User-Agent, Accept, Accept-Encoding";
  assert.equal(names("GET", []), `Host api.example.com:81, Connection, ${rest}`);
  for (const method of ["POST", "PUT"])
    assert.equal(
      names(method, []),
      `Host api.example.com:81, Connection, ${rest}, Content-Length 0`,
    );
  assert.equal(
    names("PATCH", [], new Uint8Array(3)),
    `Host api.example.com:81, Connection, ${rest}, Content-Length 3`,
  );
  const all = "host a, user-agent, accept, accept-encoding, content-length 9";
  const set = all.split(", ").map((field) => field.split(" ") as [string, string]);
  assert.equal(
    names(
      "POST",
      set.map(([name, value]) => [name, value ?? "x"]),
    ),
    `Connection, ${all}`,
  );
});
