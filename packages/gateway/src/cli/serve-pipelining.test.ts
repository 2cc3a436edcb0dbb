// One connection that sends tens of thousands of requests without waiting for a response, then leaves.
// The gateways run as separate processes, since the fault that these tests guard against killed them.

import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { certificateFor } from "../../../../test/support/browser/certificate.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { hear } from "../../../../test/support/raw-socket.ts";
import { serve } from "../../../../test/support/served.ts";
import { minimalConfig } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const folder = temporaryFolder();
const { cert, key } = await certificateFor("localhost");
writeFileSync(path.join(folder, "cert.pem"), cert);
writeFileSync(path.join(folder, "key.pem"), key);

/** Each answer is the path that was asked for; `/hang` gets none. */
let under = 0;
let most = 0;
const hung = new EventEmitter();
const upstream = await httpServer((request, response) => {
  if (request.url === "/hang") {
    hung.emit("hung");
    return;
  }
  most = Math.max(most, ++under);
  setImmediate(() => {
    under--;
    response.end(`<${request.url}>`);
  });
});

interface Started {
  /** The ids of the processes that serve. */
  readonly pids: readonly number[];
  visit(): Promise<Socket>;
  running(): boolean;
}

async function start(tls: boolean, workers: number): Promise<Started> {
  const running = serve(
    `${minimalConfig({
      listen: "127.0.0.1:0",
      upstream,
      server: `hosts = "*"\n${tls ? `tls = { cert = ${JSON.stringify(`${folder}/cert.pem`)}, key = ${JSON.stringify(`${folder}/key.pem`)} }` : ""}`,
    })}`,
    ["--workers", String(workers), "--log", "off"],
  );
  const [, text] = await running.until(/https?:\/\/127\.0\.0\.1:(\d+) {2}public/);
  const port = Number(text);
  const pids =
    workers === 1
      ? [running.child.pid!]
      : (await running.until(/by 2 processes: (\d+), (\d+)/)).slice(1).map(Number);
  return {
    pids,
    running: () =>
      running.child.exitCode === null && !/RangeError|replaced|ended/.test(running.err()),
    async visit() {
      const socket = tls
        ? connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false })
        : connect(port, "127.0.0.1");
      socket.on("error", () => undefined);
      await once(socket, tls ? "secureConnect" : "connect");
      return socket;
    },
  };
}

/** Megabytes that these processes hold. */
function memory(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return sum + Number(/VmRSS:\s+(\d+)/.exec(status)![1]) / 1024;
  }, 0);
}

const counted = process.platform === "linux";

async function ask(gateway: Started, target: string): Promise<void> {
  const socket = await gateway.visit();
  const heard = hear(socket);
  socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`);
  assert.match(await heard.until(">"), new RegExp(`^HTTP/1\\.1 200 [^]*<${target}>$`));
  socket.destroy();
}

for (const tls of [false, true])
  for (const workers of [1, 2])
    test(`the gateway keeps serving and frees its memory after 60,000 requests in one write from a client that leaves (${tls ? "TLS" : "plain"}, ${workers} at work)`, async () => {
      const gateway = await start(tls, workers);
      for (let turn = 0; turn < 10; turn++) await ask(gateway, "/warm");
      const before = counted ? memory(gateway.pids) : 0;
      for (const requests of [3_000, 60_000, 60_000]) {
        const socket = await gateway.visit();
        const heard = hear(socket);
        socket.write("GET /flood HTTP/1.1\r\nHost: a\r\n\r\n".repeat(requests));
        await heard.until("</flood>");
        const closed = once(socket, "close");
        if (tls) socket.destroy();
        else socket.resetAndDestroy();
        await closed;
        for (let turn = 0; turn < 10; turn++) await ask(gateway, "/next");
      }
      assert.ok(gateway.running());
      if (!counted) return;
      const grown = memory(gateway.pids) - before;
      assert.ok(grown < 60 * workers, `${grown} MB more than before`);
    });

for (const tls of [false, true])
  test(`20,000 requests in one write (${tls ? "TLS" : "plain"}) are answered in order, one at a time`, async () => {
    const gateway = await start(tls, 1);
    most = 0;
    const socket = await gateway.visit();
    const answers: string[] = [];
    let rest = "";
    const whole = new Promise<void>((resolve, reject) => {
      socket.once("close", () => reject(new Error(`closed after ${answers.length} answers`)));
      socket.on("data", (chunk: Buffer) => {
        const pieces = (rest + chunk.toString("latin1")).split(">");
        rest = pieces.pop()!;
        for (const piece of pieces) answers.push(piece.slice(piece.lastIndexOf("<") + 1));
        if (answers.length === 20_000) resolve();
      });
    });
    const targets = Array.from({ length: 20_000 }, (_, i) => `/${i}`);
    socket.write(targets.map((target) => `GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`).join(""));
    await whole;
    socket.removeAllListeners("close").destroy();
    assert.deepEqual(answers, targets);
    assert.equal(most, 1);
  });

for (const tls of [false, true])
  test(
    `20,000 requests behind a stalled one (${tls ? "TLS" : "plain"}) are not read, so they use almost no memory`,
    { skip: !counted },
    async () => {
      const gateway = await start(tls, 1);
      for (let turn = 0; turn < 300; turn++) await ask(gateway, "/warm");
      const before = memory(gateway.pids);
      const socket = await gateway.visit();
      socket.write(
        `GET /hang HTTP/1.1\r\nHost: a\r\n\r\n${"GET /behind HTTP/1.1\r\nHost: a\r\n\r\n".repeat(20_000)}`,
      );
      await once(hung, "hung");
      for (let turn = 0; turn < 100; turn++) await ask(gateway, "/next");
      const grown = memory(gateway.pids) - before;
      socket.destroy();
      assert.ok(grown < 40, `${grown} MB more than before`);
    },
  );
