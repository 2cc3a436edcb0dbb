// `corsway serve` as a person or a supervisor runs it: exit codes, signals, what stands on stdout
// and what on stderr.

import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../../bin/corsway.mjs", import.meta.url));
const directory = mkdtempSync(path.join(tmpdir(), "corsway-serve-"));
after(() => rmSync(directory, { recursive: true, force: true }));

const good = (port = 0): string => `
[servers.public]
addr = "127.0.0.1:${port}"
[upstreams.api]
addrs = ["127.0.0.1:1"]
[locations.all]
path = "/"
upstream = "api"
cors = { allow_origins = ["https://app.example.com"] }
`;

interface Running {
  readonly child: ChildProcess;
  out(): string;
  err(): string;
  /** Waits until stderr or stdout matches; gives the match. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  code(): Promise<number | null>;
}

let files = 0;
function serve(text: string | undefined, ...more: string[]): Running & { file: string } {
  const file = path.join(directory, `c${files++}.toml`);
  if (text !== undefined) writeFileSync(file, text);
  const child = spawn(process.execPath, ["--conditions=source", bin, "serve", file, ...more], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let out = "";
  let err = "";
  child.stdout.on("data", (chunk: Buffer) => (out += chunk));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk));
  const exit = once(child, "close");
  after(() => child.kill("SIGKILL"));
  return {
    child,
    file,
    out: () => out,
    err: () => err,
    async until(pattern) {
      for (let turn = 0; turn < 1500; turn++) {
        const found = pattern.exec(`${err}\n${out}`);
        if (found !== null) return found;
        if (child.exitCode !== null) break;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      throw new Error(`no ${pattern} in:\n${err}\n${out}`);
    },
    code: async () => ((await exit) as [number | null])[0],
  };
}

test("it says what listens where, logs JSON on stdout alone, reloads on SIGHUP, ends well on SIGTERM", async () => {
  const running = serve(good(), "--no-watch");
  const [, url] = await running.until(
    /(http:\/\/127\.0\.0\.1:\d+) {2}public: 1 location, 1 policy/,
  );
  const answer = await fetch(`${url}/x`, { headers: { Origin: "https://app.example.com" } });
  assert.equal(answer.status, 502);
  assert.equal(answer.headers.get("access-control-allow-origin"), "https://app.example.com");
  await running.until(/"error":"upstream_unreachable"/);
  for (const line of running.out().trim().split("\n"))
    assert.equal((JSON.parse(line) as { location: string }).location, "all");
  writeFileSync(running.file, good().replace("app.example.com", "app.example.com/"));
  running.child.kill("SIGHUP");
  await running.until(/is not taken; generation 1 goes on serving/);
  writeFileSync(running.file, good().replace("app.example.com", "two.example.com"));
  running.child.kill("SIGHUP");
  await running.until(/took the changed configuration \(generation 2/);
  running.child.kill("SIGTERM");
  assert.equal(await running.code(), 0);
});

test("a configuration with faults: all of them with their places, exit 1", async () => {
  const running = serve(
    good()
      .replace("https://app.example.com", "https://app.example.com/")
      .replace("path =", "pth ="),
  );
  assert.equal(await running.code(), 1);
  assert.match(running.err(), /c\d+\.toml:9:28/);
  assert.match(running.err(), /pth/);
  assert.match(running.err(), /is not served: \d errors/);
  assert.equal(running.out(), "");
});

test("a missing file: exit 2", async () => {
  const running = serve(undefined);
  assert.equal(await running.code(), 2);
  assert.match(running.err(), /c\d+\.toml/);
});

test("a busy port: which one and what to do, exit 2", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const running = serve(good(port));
  assert.equal(await running.code(), 2);
  assert.match(running.err(), new RegExp(`127\\.0\\.0\\.1:${port} is in use by another program`));
  taken.close();
});

test("a wrong --log: exit 1, with what there is", async () => {
  const running = serve(good(), "--log", "loud");
  assert.equal(await running.code(), 1);
  assert.match(running.err(), /json, pretty, off/);
});

test("a second signal ends at once, though a request is under way", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const running = serve(good().replace('127.0.0.1:1"', `127.0.0.1:${port}"`));
  const [, url] = await running.until(/(http:\/\/127\.0\.0\.1:\d+) /);
  const hanging = fetch(`${url}/x`).catch(() => undefined);
  await once(silent, "connection");
  running.child.kill("SIGTERM");
  await running.until(/once more ends at once/);
  running.child.kill("SIGTERM");
  assert.equal(await running.code(), 1);
  await hanging;
  silent.close();
});
