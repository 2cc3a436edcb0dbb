// An upstream that answers before it has read the body, and resets the connection. Its process runs on its own, so that the
// reset is here before the gateway, which is kept busy, writes the rest of the body.

import assert from "node:assert/strict";
import { once } from "node:events";
import { Readable } from "node:stream";
import { test } from "node:test";
import { Worker } from "node:worker_threads";
import { Connection, type Asker } from "./connection.ts";
import { Dialer } from "./dial.ts";
import { RequestBody } from "./request-body.ts";

/** Sends the answer and a reset as soon as a head is here; sets `done` when both are on their way. */
const upstream = `
const { workerData: { done, answer }, parentPort } = require("node:worker_threads");
const server = require("node:net").createServer((socket) => {
  socket.on("error", () => undefined);
  socket.once("data", () => {
    socket.pause();
    socket.write(answer, () => {
      socket.resetAndDestroy();
      setTimeout(() => { Atomics.store(done, 0, 1); Atomics.notify(done, 0); }, 20);
    });
  });
});
server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));
`;

async function ask(answer: string, length: number | undefined): Promise<string> {
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(upstream, { eval: true, workerData: { done, answer } });
  const [port] = (await once(worker, "message")) as [number];
  const owner = { idleTimeout: 1000, idle() {}, gone() {} };
  const dialer = new Dialer({}, "127.0.0.1", port);
  const connection = new Connection(owner, dialer, { name: "", timeout: 5000 });
  const source = new Readable({ read() {} });
  const body = new RequestBody(source, 1e9, () => undefined);
  const end = length === undefined ? "Transfer-Encoding: chunked" : `Content-Length: ${length}`;
  /** The head has gone out. Nothing is read until the reset has come back, and then the body is written first. */
  const goOn = (): void => {
    Atomics.wait(done, 0, 0, 5000);
    source.push(Buffer.alloc(1000, "x"));
  };
  const heard = await new Promise<string>((resolve) => {
    let text = "";
    const asker: Asker = {
      sent: () => process.nextTick(() => process.nextTick(goOn)),
      answered: ({ status }) => (text += status),
      headAlone: () => undefined,
      chunk: (bytes) => ((text += ` ${Buffer.from(bytes).toString()}`), true),
      ended: () => resolve(`${text}, complete`),
      switched: () => undefined,
      failed: ({ kind }) => resolve(`${text}, ${kind}`),
    };
    const request = {
      head: `POST / HTTP/1.1\r\nHost: a\r\n${end}\r\n\r\n`,
      method: "POST",
      body,
      length,
      upgrade: false,
      headTimeout: 5000,
      bodyTimeout: 5000,
    };
    connection.ask(request, asker);
  });
  connection.destroy();
  await worker.terminate();
  return heard;
}

const early = "HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno";

test("a complete answer that a reset follows is delivered", { skip: windows() }, async () => {
  assert.equal(await ask(early, 5000), "413 no, complete");
  assert.equal(await ask(early, undefined), "413 no, complete");
});

test("an answer that the reset cut off is a failure", { skip: windows() }, async () => {
  assert.equal(await ask(early.slice(0, -1), 5000), "413 n, closed");
  assert.equal(await ask("HTTP/1.1 413 Con", 5000), ", closed");
});

function windows(): string | false {
  return process.platform === "win32" ? "Windows discards what a reset overtakes" : false;
}
