// `corsway serve` as a user or a supervisor runs it: exit codes, signals, and what is printed to stdout
// and to stderr.

import assert from "node:assert/strict";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { test } from "node:test";
import { good, serve } from "../../../../test/support/served.ts";

test("it prints listening addresses to stderr, logs only JSON to stdout, reloads on SIGHUP and exits cleanly on SIGTERM", async () => {
  const running = serve(good(), ["--no-watch"]);
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
  await running.until(/is not applied; generation 1 stays in use/);
  writeFileSync(running.file, good().replace("app.example.com", "two.example.com"));
  running.child.kill("SIGHUP");
  await running.until(/applied the changed configuration \(generation 2/);
  running.child.kill("SIGTERM");
  assert.equal(await running.code(), 0);
});

test("a faulty configuration prints every fault with its place, exit 1", async () => {
  const running = serve(
    good()
      .replace("https://app.example.com", "https://app.example.com/")
      .replace("path =", "pth ="),
  );
  assert.equal(await running.code(), 1);
  assert.match(running.err(), /c\d+\.toml:\d+:28/);
  assert.match(running.err(), /pth/);
  assert.match(running.err(), /is not served: \d errors/);
  assert.equal(running.out(), "");
});

test("a missing file exits with 2", async () => {
  const running = serve(undefined);
  assert.equal(await running.code(), 2);
  assert.match(running.err(), /c\d+\.toml/);
});

test("a busy port is named with what to do about it, exit 2", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const running = serve(good(port));
  assert.equal(await running.code(), 2);
  assert.match(running.err(), new RegExp(`127\\.0\\.0\\.1:${port} is in use by another program`));
  taken.close();
});

test("a busy admin port exits with 2, and no address stays bound", async () => {
  const taken = createServer().listen(0, "127.0.0.1");
  await once(taken, "listening");
  const { port } = taken.address() as AddressInfo;
  const running = serve(`${good()}[admin]\naddr = "127.0.0.1:${port}"\n`);
  assert.equal(await running.code(), 2);
  assert.match(running.err(), new RegExp(`127\\.0\\.0\\.1:${port} is in use by another program`));
  taken.close();
});

test("an invalid --log exits with 2 and lists the valid values", async () => {
  const running = serve(good(), ["--log", "loud"]);
  assert.equal(await running.code(), 2);
  assert.match(running.err(), /json, pretty, off/);
});

test("a second signal ends the process immediately, even during a request", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port } = silent.address() as AddressInfo;
  const running = serve(good().replace('127.0.0.1:1"', `127.0.0.1:${port}"`));
  const [, url] = await running.until(/(http:\/\/127\.0\.0\.1:\d+) /);
  const hanging = fetch(`${url}/x`).catch(() => undefined);
  await once(silent, "connection");
  running.child.kill("SIGTERM");
  await running.until(/once more stops immediately/);
  running.child.kill("SIGTERM");
  assert.equal(await running.code(), 1);
  await hanging;
  silent.close();
});
