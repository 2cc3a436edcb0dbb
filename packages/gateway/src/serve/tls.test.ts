import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, request as httpsRequest } from "node:https";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { after, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { certificateFor } from "../../../../test/support/browser/certificate.ts";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const directory = temporaryFolder();
const files = { cert: path.join(directory, "cert.pem"), key: path.join(directory, "key.pem") };

async function write(name: string): Promise<string> {
  const made = await certificateFor(name);
  writeFileSync(files.cert, made.cert);
  writeFileSync(files.key, made.key);
  return made.cert;
}

test("an https listener has an https origin, and a changed certificate is applied by the next reload", async () => {
  const first = await write("one.test");
  const upstream = await httpServer((request, response) =>
    response.end(`proto ${request.headers["x-forwarded-proto"]}`),
  );
  const built = {
    tls: files,
    locations: [
      {
        path: "/",
        upstream: "api",
        cors: { allowOrigins: ["https://app.example.com"], onMismatch: "reject" as const },
      },
    ],
    upstreams: { api: { ports: [upstream] } },
  };
  const { gateway, port } = await gatewayOf(built);
  assert.match(gateway.addresses[0]!.url, /^https:/);
  const ask = async (origin: string): Promise<{ status: number; text: string }> => {
    const asked = httpsRequest({
      port,
      path: "/x",
      rejectUnauthorized: false,
      agent: false,
      headers: { Host: "api.test", Origin: origin },
    }).end();
    const [response] = (await once(asked, "response")) as [IncomingMessage];
    let text = "";
    for await (const chunk of response) text += String(chunk);
    return { status: response.statusCode ?? 0, text };
  };
  assert.deepEqual(await ask("https://api.test"), { status: 200, text: "proto https" });
  assert.equal((await ask("http://api.test")).status, 403, "another scheme is another origin");
  const nameShown = async (): Promise<string> => {
    const socket: TLSSocket = connect({ port, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    const name = String(socket.getPeerCertificate().subject.CN);
    socket.destroy();
    return name;
  };
  assert.equal(await nameShown(), "one.test");
  assert.notEqual(await write("two.test"), first);
  assert.equal((await gateway.reload()).ok, true);
  assert.equal(await nameShown(), "two.test");
});

test("a certificate that does not match its key is refused, and the previous one stays in use", async () => {
  const cert = await write("one.test");
  const built = { tls: files, locations: [] };
  const { gateway, port } = await gatewayOf(built);
  await write("two.test");
  writeFileSync(files.cert, cert);
  const outcome = await gateway.reload();
  assert.equal(outcome.ok, false);
  assert.equal(gateway.generation.number, 1);
  const socket = connect({ port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  assert.equal(String(socket.getPeerCertificate().subject.CN), "one.test");
  socket.destroy();
});

test("a client can resume its TLS session, even after a reload", async () => {
  await write("one.test");
  const cors = { allowOrigins: "*" };
  const built = { tls: files, locations: [{ path: "/", cors }] };
  const { gateway, port } = await gatewayOf(built);
  const first = connect({ port, rejectUnauthorized: false });
  first.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  const [session] = (await once(first, "session")) as [Buffer];
  first.destroy();
  assert.equal((await gateway.reload()).ok, true);
  const second = connect({ port, rejectUnauthorized: false, session });
  await once(second, "secureConnect");
  assert.equal(second.isSessionReused(), true);
  second.destroy();
});

test("bytes that are not TLS end only their own connection", async () => {
  await write("one.test");
  const { port } = await gatewayOf({ tls: files, locations: [] });
  await sendRaw(port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 300);
  const socket = connect({ port, rejectUnauthorized: false });
  await once(socket, "secureConnect");
  socket.destroy();
});

test("an https upstream is requested by its sni or else the request's host; an untrusted certificate is a 502", async () => {
  const made = await certificateFor("inner.test");
  const names: (string | false | null)[] = [];
  const server = createServer(made, (request, response) => {
    names.push((request.socket as TLSSocket).servername ?? null);
    response.end("secret");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port: at } = server.address() as AddressInfo;
  const cors = { allowOrigins: "*" };
  const { port } = await gatewayOf({
    locations: [
      { path: "/sni", upstream: "sni", cors },
      { path: "/host", upstream: "host", cors },
      { path: "/number", upstream: "number", cors },
      { path: "/strict", upstream: "strict", cors },
    ],
    upstreams: {
      sni: { ports: [at], tls: { sni: "inner.test", verify: false } },
      host: { ports: [at], tls: { verify: false } },
      number: { ports: [at], tls: { sni: "127.0.0.1", verify: false } },
      strict: { ports: [at], tls: { sni: "inner.test", verify: true } },
    },
  });
  const get = (target: string, host: string) =>
    sendRaw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  for (const host of ["a.test", "b.test"]) assert.match((await get("/sni", host)).body, /secret/);
  assert.match((await get("/host", "a.test")).body, /secret/);
  assert.match((await get("/number", "a.test")).body, /secret/);
  assert.deepEqual(names, ["inner.test", "inner.test", "a.test", false], "an address is no name");
  const refused = await get("/strict", "a.test");
  assert.equal(refused.status, 502);
  assert.deepEqual(refused.header("Proxy-Status"), ["corsway; error=tls_certificate_error"]);
  assert.deepEqual(refused.header("Access-Control-Allow-Origin"), ["*"]);
});
