// Large configurations are loaded in a separate thread while the gateway serves.

import assert from "node:assert/strict";
import { once } from "node:events";
import { renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, test, type TestContext } from "node:test";
import type { Worker } from "node:worker_threads";
import { httpServer } from "../../../../test/support/harness.ts";
import type { Gateway, GatewayOptions } from "./gateway.ts";
import { RunningGateway } from "./running-gateway.ts";
import { startGateway } from "./start.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const opened: Gateway[] = [];
after(() => Promise.all(opened.map((gateway) => gateway.close(0))));

/** Its edition stands in what the upstream gets and, beside it, in the policy. */
function large(upstream: number, edition: number, change = (text: string) => text): string {
  const origins = Array.from({ length: 2000 }, (_, i) => `"https://a${i}.example.com",\n`).join("");
  const locations = Array.from(
    { length: 600 },
    (_, i) =>
      `[locations.l${i}]\npath = "/${i}"\nupstream = "api"\ncors = "webapp"\nproxy_set_headers = ["X-Edition: ${edition}"]\n`,
  ).join("");
  return change(
    `[servers.public]
addr = "127.0.0.1:0"
hosts = "*"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[policies.webapp]
expose_headers = "X-Policy-${edition}"
allow_origins = [
${origins}]
${locations}`,
  );
}

interface Started {
  readonly gateway: RunningGateway;
  readonly file: string;
  write(edition: number, change?: (text: string) => string): void;
  /** What one request saw: of its location, and of its policy. */
  ask(): Promise<readonly [location: string, policy: string]>;
}

async function started(context: TestContext, options: GatewayOptions = {}): Promise<Started> {
  const upstream = await httpServer((request, response) => {
    response.end(request.headers["x-edition"] as string);
  });
  const directory = temporaryFolder(context);
  const file = path.join(directory, "corsway.toml");
  const write = (edition: number, change?: (text: string) => string): void => {
    writeFileSync(`${file}.new`, large(upstream, edition, change));
    renameSync(`${file}.new`, file);
  };
  write(1);
  const gateway = await startGateway(file, { watch: false, base: directory, ...options });
  assert.ok(gateway instanceof RunningGateway);
  opened.push(gateway);
  const { url } = gateway.addresses[0]!;
  return {
    gateway,
    file,
    write,
    async ask() {
      const answer = await fetch(`${url}/599/x`, {
        headers: { Origin: "https://a1999.example.com" },
      });
      assert.equal(answer.status, 200);
      const exposed = answer.headers.get("access-control-expose-headers") ?? "";
      return [await answer.text(), exposed.replace("X-Policy-", "")];
    },
  };
}

/** The next thread that is started. */
async function nextThread(): Promise<Worker> {
  const [thread] = (await once(process, "worker")) as [Worker];
  return thread;
}

test("requests are answered during a reload, each by a single generation", async (context) => {
  const { gateway, write, ask } = await started(context);
  assert.deepEqual(await ask(), ["1", "1"]);
  write(2);
  const thread = nextThread();
  const over = new AbortController();
  const reload = gateway.reload().finally(() => over.abort());
  const seen = new Set<string>();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      while (!over.signal.aborted) {
        const [location, policy] = await ask();
        assert.equal(location, policy);
        seen.add(location);
      }
    }),
  );
  const outcome = await reload;
  assert.equal(outcome.ok, true);
  assert.equal(outcome.generation.number, 2);
  assert.ok(seen.has("1"), "served meanwhile");
  assert.deepEqual(await ask(), ["2", "2"]);
  await thread;
});

test("a large configuration has the same hash as when loaded on the main thread", async (context) => {
  const { gateway, file } = await started(context);
  const { loadConfig } = await import("../config/load.ts");
  const { configHash } = await import("../load/config-hash.ts");
  assert.equal(gateway.generation.hash, configHash(loadConfig(file).config!));
  assert.equal(configHash(gateway.config), gateway.generation.hash);
});

test("a fault in a large file changes nothing and is reported with its place", async (context) => {
  const { gateway, write, ask } = await started(context);
  const before = gateway.generation;
  const lines = (text: string): number => text.slice(0, text.indexOf('"apy"')).split("\n").length;
  let line = 0;
  write(2, (text) => {
    const broken = text.replace(
      /(\[locations\.l321\]\npath = "\/321"\nupstream = )"api"/,
      '$1"apy"',
    );
    line = lines(broken);
    return broken;
  });
  const outcome = await gateway.reload();
  assert.equal(outcome.ok, false);
  const fault = outcome.diagnostics.find(({ severity }) => severity === "error");
  assert.equal(fault!.path, "locations.l321.upstream");
  assert.deepEqual([fault!.at!.file, fault!.at!.line], ["corsway.toml", line]);
  assert.match(outcome.sources.get("corsway.toml") ?? "", /"apy"/);
  assert.deepEqual(gateway.generation, before);
  assert.deepEqual(await ask(), ["1", "1"]);
});

test("the place of a value is known in a large configuration too", async (context) => {
  const { gateway } = await started(context);
  const { cors } = gateway.config.servers[0]!.routes[321]!;
  assert.ok(cors.kind === "policy");
  const text = gateway.sources.get("corsway.toml")!.split("\n");
  assert.equal(text[cors.from.at!.line - 1], 'cors = "webapp"');
  assert.equal(
    text[cors.fields.get("expose_headers")!.at!.line - 1],
    'expose_headers = "X-Policy-1"',
  );
  assert.equal(cors.policy.allowOrigins.length, 2000);
});

test("after changes that arrive faster than they can be applied, the last one is served", async (context) => {
  const { gateway, write, ask } = await started(context);
  const outcomes = [];
  for (let edition = 2; edition <= 12; edition++) {
    write(edition);
    outcomes.push(gateway.reload());
  }
  const settled = await Promise.all(outcomes);
  assert.ok(settled.every(({ ok }) => ok));
  assert.deepEqual(await ask(), ["12", "12"]);
  assert.ok(gateway.generation.number <= 3, "those that waited were one");
});

test("a watched large file that changes while it is loading is loaded again", async (context) => {
  const threads: Worker[] = [];
  const note = (thread: Worker): void => void threads.push(thread);
  process.on("worker", note);
  context.after(() => process.off("worker", note));
  const { write, ask } = await started(context, { watch: true });
  const first = threads.length;
  write(2);
  for (let turn = 0; turn < 1000 && threads.length === first; turn++)
    await new Promise((resolve) => setTimeout(resolve, 5));
  write(3);
  let seen = await ask();
  for (let turn = 0; turn < 1000 && seen[0] !== "3"; turn++) {
    await new Promise((resolve) => setTimeout(resolve, 10));
    seen = await ask();
  }
  assert.deepEqual(seen, ["3", "3"]);
});

test("closing during a reload ends its thread, and the reload reports that", async (context) => {
  const { gateway, write } = await started(context);
  write(2);
  const starting = nextThread();
  const reload = gateway.reload();
  const thread = await starting;
  const ended = once(thread, "exit");
  let told = 0;
  thread.on("message", () => told++);
  await gateway.close(0);
  const outcome = await reload;
  assert.equal(outcome.ok, false);
  assert.equal(outcome.problem, "the gateway is closing");
  assert.equal(outcome.generation.number, 1);
  await ended;
  assert.equal(told, 0, "it did not get as far as telling what it found");
});
