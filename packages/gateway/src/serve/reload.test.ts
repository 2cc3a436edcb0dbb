import assert from "node:assert/strict";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { connect } from "node:net";
import path from "node:path";
import { after, test, type TestContext } from "node:test";
import { freePorts } from "../../../../test/support/free-ports.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { hear, parseAnswer, sendRaw } from "../../../../test/support/raw-socket.ts";
import { UnusableConfig, type Gateway, type ReloadOutcome } from "./gateway.ts";
import { startGateway } from "./start.ts";
import { minimalConfig } from "../../../../test/support/config-folder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const opened: Gateway[] = [];
after(() => Promise.all(opened.map((gateway) => gateway.close(0))));

function file(upstream: number, origin: string, more = ""): string {
  return `
[policies.webapp]
allow_origins = ["${origin}"]
${minimalConfig({ listen: "127.0.0.1:0", upstream, server: 'hosts = "*"\ncors = "webapp"' })}
${more}`;
}

async function started(
  context: TestContext,
  text: string,
  watch = false,
): Promise<{
  gateway: Gateway;
  name: string;
  outcomes: ReloadOutcome[];
  settled(count: number): Promise<void>;
}> {
  const directory = temporaryFolder(context);
  const name = path.join(directory, "corsway.toml");
  writeFileSync(name, text);
  const outcomes: ReloadOutcome[] = [];
  const gateway = await startGateway(name, {
    watch,
    onReload: (outcome) => outcomes.push(outcome),
  });
  opened.push(gateway);
  return {
    gateway,
    name,
    outcomes,
    async settled(count) {
      for (let turn = 0; turn < 300 && outcomes.length < count; turn++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(outcomes.length, count);
    },
  };
}

const ask = async (port: number, origin: string): Promise<string[]> =>
  (
    await sendRaw(
      port,
      `GET /x HTTP/1.1\r\nHost: a\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
    )
  ).header("Access-Control-Allow-Origin");

test("a changed file is reloaded automatically on the same port, even after a rename over it", async (context) => {
  const upstream = await httpServer((_request, response) => response.end("ok"));
  const { gateway, name, settled, outcomes } = await started(
    context,
    file(upstream, "https://one.example"),
    true,
  );
  const { port } = gateway.addresses[0]!;
  assert.deepEqual(await ask(port, "https://one.example"), ["https://one.example"]);
  writeFileSync(name, file(upstream, "https://two.example"));
  await settled(1);
  assert.deepEqual(await ask(port, "https://two.example"), ["https://two.example"]);
  for (const [i, origin] of ["https://three.example", "https://four.example"].entries()) {
    writeFileSync(`${name}.new`, file(upstream, origin));
    renameSync(`${name}.new`, name);
    await settled(2 + i);
    assert.deepEqual(await ask(port, origin), [origin]);
  }
  assert.deepEqual(
    outcomes.map(({ ok, generation }) => [ok, generation.number]),
    [
      [true, 2],
      [true, 3],
      [true, 4],
    ],
  );
  assert.equal(gateway.addresses[0]!.port, port);
});

test("a faulty file changes nothing, and its faults are reported", async (context) => {
  const upstream = await httpServer((_request, response) => response.end("ok"));
  const { gateway, name } = await started(context, file(upstream, "https://one.example"));
  const before = gateway.generation;
  for (const bad of [file(upstream, "https://one.example/"), "not toml ["]) {
    writeFileSync(name, bad);
    const outcome = await gateway.reload();
    assert.equal(outcome.ok, false);
    assert.ok(
      outcome.diagnostics.some(({ severity, at }) => severity === "error" && at !== undefined),
    );
    const fault = outcome.diagnostics.find(({ severity }) => severity === "error");
    assert.equal((await gateway.status()).reloadProblem, fault!.message);
  }
  rmSync(name);
  const gone = await gateway.reload();
  assert.equal(gone.ok, false);
  assert.deepEqual(gateway.generation, before);
  assert.deepEqual(await ask(gateway.addresses[0]!.port, "https://one.example"), [
    "https://one.example",
  ]);
});

test("a reload interrupts no request: one in progress ends under the policy it began with", async (context) => {
  let arrived: ((finish: () => void) => void) | undefined;
  const slow = new Promise<() => void>((resolve) => (arrived = resolve));
  const upstream = await httpServer((request, response) => {
    if (request.url === "/slow") arrived?.(() => response.end("late"));
    else response.end("quick");
  });
  const { gateway, name } = await started(context, file(upstream, "https://one.example"));
  const { port } = gateway.addresses[0]!;
  const socket = connect(port, "127.0.0.1");
  const heard = hear(socket);
  const get = (target: string): string =>
    `GET ${target} HTTP/1.1\r\nHost: a\r\nOrigin: https://one.example\r\n\r\n`;
  socket.write(get("/slow"));
  const finish = await slow;
  writeFileSync(name, file(upstream, "https://two.example"));
  assert.equal((await gateway.reload()).ok, true);
  finish();
  const first = parseAnswer(await heard.until("late"));
  assert.deepEqual(first.header("Access-Control-Allow-Origin"), ["https://one.example"]);
  socket.write(get("/next"));
  const second = parseAnswer(await heard.until("quick"));
  assert.equal(second.status, 200, "the connection was kept");
  assert.deepEqual(second.header("Access-Control-Allow-Origin"), []);
  socket.destroy();
});

test("if a new address is in use the old generation keeps serving; a free one is served as well", async (context) => {
  const upstream = await httpServer((_request, response) => response.end("ok"));
  const { gateway, name } = await started(context, file(upstream, "https://one.example"));
  const { port } = gateway.addresses[0]!;
  const [takenPort] = (await freePorts(1)) as [number];
  const taken = createServer().listen(takenPort, "127.0.0.1");
  await once(taken, "listening");
  const second = (at: number): string =>
    `[servers.second]\naddr = "127.0.0.1:${at}"\nhosts = "*"\ncors = "webapp"\n`;
  writeFileSync(name, file(upstream, "https://two.example", second(takenPort)));
  const refused = await gateway.reload();
  assert.equal(refused.ok, false);
  assert.match(refused.problem ?? "", /is in use by another program/);
  assert.deepEqual(await ask(port, "https://one.example"), ["https://one.example"]);
  taken.close();
  await once(taken, "close");
  assert.equal((await gateway.reload()).ok, true);
  assert.deepEqual(await ask(takenPort, "https://two.example"), ["https://two.example"]);
  writeFileSync(name, file(upstream, "https://two.example"));
  assert.equal((await gateway.reload()).ok, true);
  assert.equal(gateway.addresses.length, 1);
  await assert.rejects(ask(takenPort, "https://two.example"), /ECONNREFUSED/);
});

test("a refused reload releases the addresses that it had already bound", async (context) => {
  const { gateway, name } = await started(context, file(1, "https://one.example"));
  const [freePort, takenPort] = (await freePorts(2)) as [number, number];
  const taken = createServer().listen(takenPort, "127.0.0.1");
  await once(taken, "listening");
  const admin = `[admin]\naddr = "127.0.0.1:${takenPort}"\n`;
  const second = `[servers.second]\naddr = "127.0.0.1:${freePort}"\n`;
  writeFileSync(name, file(1, "https://one.example", second + admin));
  assert.match((await gateway.reload()).problem ?? "", /is in use by another program/);
  await assert.rejects(ask(freePort, "https://one.example"), /ECONNREFUSED/);
  taken.close();
  await once(taken, "close");
  assert.equal((await gateway.reload()).ok, true);
});

test("changed limits apply to a listener that is kept", async (context) => {
  const { gateway, name } = await started(context, file(1, "https://one.example"));
  const { port } = gateway.addresses[0]!;
  const large = `GET /x HTTP/1.1\r\nHost: a\r\nX: ${"a".repeat(3000)}\r\nConnection: close\r\n\r\n`;
  assert.equal((await sendRaw(port, large)).status, 502);
  writeFileSync(name, file(1, "https://one.example", '[limits]\nheader_size = "2kb"\n'));
  assert.equal((await gateway.reload()).ok, true);
  assert.equal((await sendRaw(port, large)).status, 431);
});

test("a directory is watched with its subfolders", async (context) => {
  const directory = temporaryFolder(context);
  const write = (origin: string): void =>
    writeFileSync(path.join(directory, "a.toml"), file(1, origin));
  write("https://one.example");
  const outcomes: ReloadOutcome[] = [];
  const gateway = await startGateway(directory, {
    onReload: (outcome) => outcomes.push(outcome),
  });
  opened.push(gateway);
  writeFileSync(path.join(directory, "notes.txt"), "nothing to it");
  write("https://two.example");
  for (let turn = 0; turn < 300 && outcomes.length === 0; turn++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(
    outcomes.map(({ ok }) => ok),
    [true],
  );
});

test("a faulty file is not served, and the error carries the faults", async (context) => {
  const directory = temporaryFolder(context);
  const name = path.join(directory, "corsway.toml");
  writeFileSync(name, file(1, "https://one.example/"));
  await assert.rejects(startGateway(name), (error) => {
    assert.ok(error instanceof UnusableConfig);
    assert.ok(error.diagnostics.length > 0);
    return true;
  });
  await assert.rejects(startGateway(path.join(directory, "missing.toml")), (error) => {
    assert.ok(error instanceof UnusableConfig && error.unreadable !== undefined);
    return true;
  });
});

test("closing finishes requests in progress with `Connection: close` and accepts no new ones", async (context) => {
  let arrived: ((finish: () => void) => void) | undefined;
  const slow = new Promise<() => void>((resolve) => (arrived = resolve));
  const upstream = await httpServer((_request, response) => {
    arrived?.(() => response.end("late"));
  });
  const { gateway } = await started(context, file(upstream, "https://one.example"));
  const { port } = gateway.addresses[0]!;
  const idle = connect(port, "127.0.0.1");
  const silent = connect(port, "127.0.0.1");
  await once(idle, "connect");
  await once(silent, "connect");
  const under = sendRaw(port, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n");
  const finish = await slow;
  const closed = gateway.close(5000);
  await new Promise((resolve) => setTimeout(resolve, 30));
  await assert.rejects(sendRaw(port, "GET /x HTTP/1.1\r\nHost: a\r\n\r\n"), /ECONNREFUSED/);
  finish();
  const last = await under;
  assert.match(last.body, /late/);
  assert.deepEqual(last.header("Connection"), ["close"]);
  await closed;
  idle.destroy();
  silent.destroy();
});
