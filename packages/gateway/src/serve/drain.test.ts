// Closing a gateway ends with its last request; silent clients do not delay it.

import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { connect } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { certificateFor } from "../../../../test/support/browser/certificate.ts";
import { gatewayOf, httpServer } from "../../../../test/support/harness.ts";
import { hear, sendRaw } from "../../../../test/support/raw-socket.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

// Without what they hold, each of these would last until the grace of 30 s is over.
const timeout = 15_000;
const limits = { headerTimeout: 200, keepaliveTimeout: 60_000 };

test("an incomplete head does not delay shutdown", { timeout }, async () => {
  const { gateway, port } = await gatewayOf({ limits, locations: [] });
  const socket = connect(port, "127.0.0.1").resume();
  socket.write("GET /x HT");
  await once(socket, "connect");
  await new Promise((resolve) => setTimeout(resolve, 50)); // its bytes are to be there
  await Promise.all([once(socket, "close"), gateway.close()]);
});

test(
  "the first request on a connection opened just before shutdown is answered",
  { timeout },
  async () => {
    const { gateway, port } = await gatewayOf({ locations: [] });
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    await sendRaw(port, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"); // so the first is accepted
    const closed = gateway.close();
    const heard = hear(socket);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assert.match(await heard.until("\r\n\r\n"), /^HTTP\/1\.1 404 [^]*Connection: close/);
    await closed;
  },
);

test("a silent connection does not delay shutdown", { timeout }, async () => {
  const { gateway, port } = await gatewayOf({ locations: [] });
  const socket = connect(port, "127.0.0.1").resume();
  await once(socket, "connect");
  await Promise.all([once(socket, "close"), gateway.close()]);
});

test(
  "a response in progress is finished, and its kept connection is closed",
  { timeout },
  async () => {
    let response: ServerResponse | undefined;
    const upstream = await httpServer((_request, answer) => {
      response = answer;
      answer.write("first ");
    });
    const { gateway, port } = await gatewayOf({
      limits,
      locations: [{ path: "/", upstream: "api" }],
      upstreams: { api: { ports: [upstream] } },
    });
    const socket = connect(port, "127.0.0.1");
    const heard = hear(socket);
    socket.write("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await heard.until("first ");
    const closed = gateway.close();
    response!.end("last");
    const [last] = await Promise.all([heard.until("0\r\n\r\n"), once(socket, "close"), closed]);
    assert.match(last, /last\r\n0\r\n\r\n$/);
  },
);

test("a peer that never starts its TLS handshake is disconnected", { timeout }, async (t) => {
  const folder = temporaryFolder(t);
  const tls = { cert: path.join(folder, "cert.pem"), key: path.join(folder, "key.pem") };
  const made = await certificateFor("one.test");
  writeFileSync(tls.cert, made.cert);
  writeFileSync(tls.key, made.key);
  const { gateway, port } = await gatewayOf({ tls, limits, locations: [] });
  const socket = connect(port, "127.0.0.1").resume();
  await once(socket, "connect");
  await Promise.all([once(socket, "close"), gateway.close()]);
});
