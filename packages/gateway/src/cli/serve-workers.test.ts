// `corsway serve --workers N`: several processes that reload, count and end as one, and what remains
// when one of them is killed.

import assert from "node:assert/strict";
import { once } from "node:events";
import { X509Certificate } from "node:crypto";
import { renameSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import path from "node:path";
import { test } from "node:test";
import { connect as connectTls } from "node:tls";
import { certificateFor } from "../../../../test/support/browser/certificate.ts";
import { freePorts } from "../../../../test/support/free-ports.ts";
import { hear, parseAnswer } from "../../../../test/support/raw-socket.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { good, serve, type Running } from "../../../../test/support/served.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

/** A request that hangs never ends; so this is no measure of time. */
const timeout = 240_000;
const signals = process.platform === "win32" ? "there are no signals here" : false;

/** The edition stands in what the upstream gets and in the policy; each has an upstream of its own. */
function edition(number: number, upstream: number, more = ""): string {
  return `
[servers.public]
addr = "127.0.0.1:0"
hosts = "*"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
idle_timeout = "${30 + number}s"
[policies.webapp]
allow_origins = ["https://app.example.com"]
expose_headers = "X-Policy-${number}"
[locations.all]
path = "/"
upstream = "api"
cors = "webapp"
proxy_set_headers = ["X-Edition: ${number}"]
[admin]
addr = "127.0.0.1:0"
${more}`;
}

interface Started {
  readonly running: Running;
  readonly port: number;
  readonly pids: readonly number[];
  write(text: string): void;
  /** Requests that the admin listener has counted. */
  counted(): Promise<number>;
}

async function started(text: string, ...args: string[]): Promise<Started> {
  const running = serve(text, ["--workers", "2", "--log", "json", ...args]);
  const [, port] = await running.until(/https?:\/\/127\.0\.0\.1:(\d+) {2}public/);
  const [, one, two] = await running.until(/by 2 processes: (\d+), (\d+)/);
  const [, admin] = await running.until(/(http:\/\/127\.0\.0\.1:\d+) {2}admin/);
  return {
    running,
    port: Number(port),
    pids: [Number(one), Number(two)],
    write(changed) {
      writeFileSync(`${running.file}.new`, changed);
      renameSync(`${running.file}.new`, running.file);
    },
    async counted() {
      const answer = await fetch(`${admin}/status`);
      return ((await answer.json()) as { requests: { total: number } }).requests.total;
    },
  };
}

/** An upstream that says between angle brackets which edition it was asked by. */
function upstreamOfEditions(): Promise<number> {
  return httpServer((request, response) =>
    response.end(`<${String(request.headers["x-edition"])}>`),
  );
}

/** A connection that is kept; rejects where it is cut before the answer. */
function visitor(port: number) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
  const heard = hear(socket);
  return {
    closed,
    /** The one edition that served it. */
    async ask(): Promise<number> {
      socket.write("GET / HTTP/1.1\r\nHost: a\r\nOrigin: https://app.example.com\r\n\r\n");
      const { header, body } = parseAnswer(await heard.until(">"));
      const [exposed] = header("Access-Control-Expose-Headers");
      assert.equal(`X-Policy-${body.slice(1, -1)}`, exposed, "split between two generations");
      return Number(body.slice(1, -1));
    },
    leave: () => socket.destroy(),
  };
}

async function askOnce(port: number): Promise<number> {
  const one = visitor(port);
  const answer = await one.ask();
  one.leave();
  return answer;
}

/** Runs while a process is stopped, so that whatever connects meanwhile is the other one's. */
async function without<T>(pid: number, run: () => Promise<T>): Promise<T> {
  process.kill(pid, "SIGSTOP");
  try {
    return await run();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

async function counts(read: () => Promise<number> | number, wanted: number): Promise<void> {
  let seen = await read();
  for (let turn = 0; turn < 1000 && seen < wanted; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    seen = await read();
  }
  assert.equal(seen, wanted);
}

test(
  "during repeated reloads under traffic, no request stalls or fails, and all are counted and logged",
  { timeout },
  async (context) => {
    const upstream = await upstreamOfEditions();
    const { running, port, write, counted } = await started(edition(1, upstream));
    let asked = 0;
    const over = new AbortController();
    context.after(() => over.abort());
    const keep = async (): Promise<void> => {
      const one = visitor(port);
      let last = 0;
      while (!over.signal.aborted || asked < 500) {
        const now = await one.ask();
        asked++;
        assert.ok(now >= last, "back to an older generation");
        last = now;
      }
      one.leave();
    };
    const comeAndGo = async (): Promise<void> => {
      while (!over.signal.aborted || asked < 500) {
        await askOnce(port);
        asked++;
      }
    };
    const traffic = Promise.all([keep(), keep(), keep(), keep(), comeAndGo(), comeAndGo()]);
    const reloads = async (): Promise<void> => {
      for (let number = 2; number <= 20; number++) {
        write(edition(number, upstream));
        await running.until(
          new RegExp(`applied the changed configuration \\(generation ${number},`),
        );
        const seen = await Promise.all(Array.from({ length: 4 }, () => askOnce(port)));
        asked += 4;
        assert.deepEqual(new Set(seen), new Set([number]), "told as taken before all had it");
      }
    };
    await Promise.all([traffic, reloads().finally(() => over.abort())]);
    await counts(counted, asked);
    const lines = (): string[] => running.out().split("\n").slice(0, -1);
    await counts(() => lines().length, asked);
    for (const line of lines()) assert.equal((JSON.parse(line) as { status: number }).status, 200);
    running.child.kill("SIGTERM");
    assert.equal(await running.code(), 0);
  },
);

test(
  "a killed process loses only its own connections, and its replacement serves the last good configuration",
  { timeout, skip: signals },
  async (context) => {
    const upstream = await upstreamOfEditions();
    const { running, port, pids, write } = await started(edition(1, upstream));
    const [first, second] = pids as [number, number];
    const visitors = async () => {
      const four = Array.from({ length: 4 }, () => visitor(port));
      for (const one of four) await one.ask();
      return four;
    };
    const ofFirst = await without(second, visitors);
    const ofSecond = await without(first, visitors);
    write(edition(2, upstream));
    await running.until(/generation 2,/);
    write("this is no configuration [");
    await running.until(/is not applied; generation 2 stays in use/);

    const over = new AbortController();
    context.after(() => over.abort());
    const comeAndGo = async (): Promise<void> => {
      // Cut is what may happen to it, never left to wait.
      while (!over.signal.aborted) await askOnce(port).catch(() => undefined);
    };
    const traffic = Promise.all([comeAndGo(), comeAndGo(), comeAndGo()]);
    process.kill(first, "SIGKILL");
    await Promise.all(ofFirst.map(({ closed }) => closed));
    for (const one of ofSecond) assert.equal(await one.ask(), 2);
    await running.until(new RegExp(`process ${first} ended \\(SIGKILL\\); a new one starts`));
    const [, third] = await running.until(/process (\d+) serves/);
    for (const one of ofSecond) assert.equal(await one.ask(), 2);
    assert.equal(await without(second, () => askOnce(port)), 2, "what was last taken");
    process.kill(second, "SIGKILL");
    await Promise.all(ofSecond.map(({ closed }) => closed));
    const [, fourth] = await running.until(new RegExp(`process (?!${third} )(\\d+) serves`));
    over.abort();
    await traffic;

    write(edition(3, upstream));
    await running.until(/generation 3,/);
    assert.equal(await without(Number(third), () => askOnce(port)), 3);
    assert.equal(await without(Number(fourth), () => askOnce(port)), 3);
    running.child.kill("SIGTERM");
    assert.equal(await running.code(), 0);
  },
);

test(
  "a new process uses the last good certificate, even while its files are half written",
  { timeout, skip: signals },
  async (context) => {
    const directory = temporaryFolder(context);
    const { cert, key } = await certificateFor("one.test");
    writeFileSync(path.join(directory, "cert.pem"), cert);
    writeFileSync(path.join(directory, "key.pem"), key);
    const tls = `tls = { cert = "${directory}/cert.pem", key = "${directory}/key.pem" }`;
    const { running, port, pids } = await started(
      edition(1, 1).replace("[upstreams.api]", `${tls}\n[upstreams.api]`),
    );
    const shown = async (): Promise<string> => {
      const socket = connectTls({ port, host: "127.0.0.1", rejectUnauthorized: false });
      await once(socket, "secureConnect");
      const { raw } = socket.getPeerCertificate();
      socket.destroy();
      return new X509Certificate(raw).toString();
    };
    const before = await without(pids[0]!, shown);
    assert.equal(before, new X509Certificate(cert).toString());
    writeFileSync(path.join(directory, "cert.pem"), cert.slice(0, 100));
    process.kill(pids[0]!, "SIGKILL");
    await running.until(/process \d+ serves/);
    assert.equal(await without(pids[1]!, shown), before);
  },
);

test(
  "no process serves a changed configuration before all of them have prepared it",
  { timeout, skip: signals },
  async () => {
    const upstream = await upstreamOfEditions();
    const { running, port, pids, write } = await started(edition(1, upstream));
    await without(pids[0]!, async () => {
      write(edition(2, upstream));
      for (let turn = 0; turn < 300; turn++) assert.equal(await askOnce(port), 1);
    });
    await running.until(/generation 2,/);
    for (const pid of pids) assert.equal(await without(pid, () => askOnce(port)), 2);
  },
);

test(
  "a process that dies while a change is prepared does not block the change, and its replacement applies it",
  { timeout, skip: signals },
  async () => {
    const upstream = await upstreamOfEditions();
    const { running, port, pids, write } = await started(edition(1, upstream));
    const [first, second] = pids as [number, number];
    process.kill(first, "SIGSTOP"); // it cannot answer
    write(edition(2, upstream));
    for (let turn = 0; turn < 100; turn++) await askOnce(port);
    process.kill(first, "SIGKILL");
    await running.until(/applied the changed configuration \(generation 2,/);
    await running.until(/process \d+ serves/);
    assert.equal(await without(second, () => askOnce(port)), 2);
  },
);

test(
  "an address in use is reported once, exit 2; on a reload nothing changes until it is free",
  { timeout },
  async () => {
    const [busy] = (await freePorts(1)) as [number];
    const taken = createServer().listen(busy, "127.0.0.1");
    await once(taken, "listening");
    const refused = serve(good(busy), ["--workers", "2"]);
    assert.equal(await refused.code(), 2);
    assert.equal(refused.err().match(/is in use by another program/g)?.length, 1);

    const upstream = await upstreamOfEditions();
    const { running, port, write } = await started(edition(1, upstream), "--no-watch");
    const wider = edition(
      2,
      upstream,
      `[servers.second]\naddr = "127.0.0.1:${busy}"\nhosts = "*"\n`,
    );
    for (const times of [1, 2]) {
      write(wider);
      running.child.kill("SIGHUP");
      await running.until(new RegExp(`(?:is not applied: .* in use by another[^]*){${times}}`));
      assert.equal(await askOnce(port), 1);
    }
    taken.close();
    await once(taken, "close");
    running.child.kill("SIGHUP");
    await running.until(/applied the changed configuration \(generation 2,/);
    for (let turn = 0; turn < 10; turn++) assert.equal(await askOnce(busy), 2);
    write(edition(3, upstream));
    running.child.kill("SIGHUP");
    await running.until(/generation 3,/);
    await assert.rejects(askOnce(busy));
    write(edition(4, upstream, `[servers.second]\naddr = "127.0.0.1:${busy}"\nhosts = "*"\n`));
    running.child.kill("SIGHUP");
    await running.until(/generation 4,/);
    for (let turn = 0; turn < 10; turn++) assert.equal(await askOnce(busy), 4);
    assert.doesNotMatch(running.err(), /ended/);
  },
);

test(
  "if a change fails after every process prepared it, the listeners opened for it are closed",
  { timeout, skip: signals },
  async () => {
    const [busy, free] = (await freePorts(2)) as [number, number];
    const taken = createServer().listen(busy, "127.0.0.1");
    await once(taken, "listening");
    const upstream = await upstreamOfEditions();
    const { running, port, write } = await started(edition(1, upstream), "--no-watch");
    const second = `[servers.second]\naddr = "127.0.0.1:${free}"\nhosts = "*"\n`;
    write(edition(2, upstream, second).replace(/(\[admin\]\naddr = ".*):0"/, `$1:${busy}"`));
    running.child.kill("SIGHUP");
    await running.until(/is not applied: .* in use by another/);
    const open = (): Promise<boolean> =>
      askOnce(free).then(
        () => true,
        () => false,
      );
    for (let turn = 0; turn < 1000 && (await open()); turn++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await open(), false);
    assert.equal(await askOnce(port), 1);
    taken.close();
    await once(taken, "close");
    running.child.kill("SIGHUP");
    await running.until(/generation 2,/);
    assert.equal(await askOnce(free), 2);
  },
);

test(
  "SIGTERM lets each process finish its requests and log lines; a second one ends all immediately",
  { timeout, skip: signals },
  async () => {
    const waiting: (() => void)[] = [];
    const arrived: (() => void)[] = [];
    const upstream = await httpServer((request, response) => {
      waiting.push(() => response.end(`<${String(request.headers["x-edition"])}>`));
      arrived.shift()?.();
    });
    const begin = async (port: number): Promise<{ answer: Promise<number> }> => {
      const there = new Promise<void>((resolve) => arrived.push(resolve));
      const answer = askOnce(port);
      answer.catch(() => undefined);
      await there;
      return { answer };
    };
    for (const twice of [false, true]) {
      const { running, port, pids } = await started(edition(1, upstream));
      const [first, second] = pids as [number, number];
      const under = [
        await without(second, () => begin(port)),
        await without(first, () => begin(port)),
      ];
      running.child.kill("SIGTERM");
      await running.until(/once more stops immediately/);
      if (twice) running.child.kill("SIGTERM");
      else for (const finish of waiting.splice(0)) finish();
      const outcomes = await Promise.allSettled(under.map(({ answer }) => answer));
      assert.equal(await running.code(), twice ? 1 : 0);
      assert.deepEqual(
        outcomes.map(({ status }) => status),
        twice ? ["rejected", "rejected"] : ["fulfilled", "fulfilled"],
      );
      if (!twice) await counts(() => running.out().split("\n").length - 1, 2);
      waiting.length = 0;
      await assert.rejects(askOnce(port), "somebody still listens");
    }
  },
);

test(
  "if the main process is killed, the workers exit and free the address",
  { timeout, skip: signals },
  async () => {
    const { running, port } = await started(edition(1, 1));
    running.child.kill("SIGKILL");
    const refused = (): Promise<boolean> =>
      new Promise((resolve) => {
        const socket = connect(port, "127.0.0.1");
        socket.once("error", () => resolve(true));
        socket.once("connect", () => {
          socket.destroy();
          resolve(false);
        });
      });
    for (let turn = 0; turn < 1000 && !(await refused()); turn++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(await refused(), true);
  },
);

for (const bad of ["0", "-1", "1.5", "many", "257", ""])
  test(`--workers ${JSON.stringify(bad)} exits with 2 and prints the accepted values`, async () => {
    const running = serve(good(), ["--workers", bad]);
    assert.equal(await running.code(), 2);
    assert.match(running.err(), /a whole number from 1 to 256/);
  });
