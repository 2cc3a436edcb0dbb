// The access log of `corsway serve` when it cannot be written: a stalled reader, one that has exited, a
// full disk, a paused terminal. The gateway keeps serving, reports it once and counts the lost lines.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, openSync } from "node:fs";
import { Agent, request } from "node:http";
import { test } from "node:test";
import { good, serve, type Running } from "../../../../test/support/served.ts";

const withAdmin = `${good()}[admin]\naddr = "127.0.0.1:0"\n`;
/** A gateway that waits for its log never answers again; so this is no measure of time. */
const timeout = 120_000;

interface Asked {
  readonly running: Running;
  /** Asks until lines are dropped; each answer must come all the same. */
  untilDropped(): Promise<void>;
  metrics(): Promise<string>;
}

async function asked(running: Running): Promise<Asked> {
  const [, url] = await running.until(/(http:\/\/127\.0\.0\.1:\d+) {2}public/);
  const [, admin] = await running.until(/(http:\/\/127\.0\.0\.1:\d+) {2}admin/);
  return {
    running,
    async untilDropped() {
      for (let turn = 0; turn < 200; turn++) {
        if (running.err().includes("access log cannot be written")) return;
        await askMany(url as string);
      }
      assert.fail("no line was dropped");
    },
    metrics: async () => (await fetch(`${admin}/metrics`)).text(),
  };
}

/** Fifty preflights, with lines of the log as long as they get. */
async function askMany(url: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 5 });
  const headers = {
    Origin: "https://app.example.com",
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "x".repeat(250),
  };
  const one = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const options = { method: "OPTIONS", headers, agent, path: `/${"x".repeat(1000)}` };
      request(url, options, (response) => {
        response.resume().on("end", () => resolve(response.statusCode ?? 0));
      })
        .on("error", reject)
        .end();
    });
  const statuses = await Promise.all(Array.from({ length: 50 }, one));
  agent.destroy();
  assert.deepEqual(new Set(statuses), new Set([204]));
}

async function servesOn({ running, untilDropped, metrics }: Asked, why: RegExp): Promise<void> {
  await untilDropped();
  assert.match(running.err(), why);
  await untilDropped();
  assert.match(await metrics(), /^corsway_access_log_dropped_lines_total [1-9]/m);
  running.child.kill("SIGTERM");
  assert.equal(await running.code(), 0);
  assert.match(running.err(), /access-log lines dropped: [1-9]/);
  assert.equal(running.err().split("cannot be written").length, 2, "said once");
  assert.doesNotMatch(running.err(), /should not have happened/);
}

for (const args of [[], ["--workers", "2"]]) {
  const name = args.join(" ");
  test(
    `a stalled log reader delays neither requests nor shutdown ${name}`,
    { timeout },
    async () => {
      await servesOn(
        await asked(serve(withAdmin, args, { stdout: "unread" })),
        /its reader has stopped reading/,
      );
    },
  );

  test(
    `a log reader that exits (\`| head -1\`) does not end the gateway ${name}`,
    { timeout },
    async () => {
      const running = serve(withAdmin, args, { stdout: "unread" });
      running.child.stdout!.destroy();
      await servesOn(await asked(running), /its reader is gone/);
    },
  );
}

const full = "/dev/full";
const noFull = existsSync(full) ? false : `there is no ${full} here`;
test("a full disk does not stop the gateway", { timeout, skip: noFull }, async () => {
  const running = serve(withAdmin, [], { stdout: openSync(full, "w") });
  await servesOn(await asked(running), /ENOSPC/);
});

const script = process.platform === "linux" && spawnSync("script", ["--version"]).status === 0;
const noScript = script
  ? false
  : "the program `script` of util-linux, which makes terminals, is not here";
test(
  "a paused terminal (Ctrl-S) delays no request, and closing the terminal ends the gateway",
  { timeout, skip: noScript },
  async () => {
    const running = serve(withAdmin, ["--log", "json"], { stdout: "unread", terminal: true });
    const held = await asked(running);
    await held.untilDropped();
    assert.match(await held.metrics(), /^corsway_access_log_dropped_lines_total [1-9]/m);
    held.running.child.kill("SIGKILL");
    await held.running.until(/SIGHUP: finishing the requests in progress/);
  },
);
