// The admin API of a gateway with two workers: one answer for all of them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readDecisions } from "../../../../test/support/console/decision-events.ts";
import { httpServer } from "../../../../test/support/harness.ts";
import { sendRaw } from "../../../../test/support/raw-socket.ts";
import { serve } from "../../../../test/support/served.ts";

const app = "https://app.example.com";
const timeout = 120_000;

/** Connections at once, so that both processes accept some. */
async function ask(port: number, paths: readonly string[], origin = app): Promise<void> {
  await Promise.all(
    paths.map((path) =>
      sendRaw(
        port,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
      ),
    ),
  );
}

test(
  "one stream, one overview, one history and one ETag for all workers",
  { timeout },
  async () => {
    const upstream = await httpServer((_request, response) => response.end("ok"));
    const running = serve(
      `# kept
[servers.public]
addr = "127.0.0.1:0"
hosts = "*"
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[policies.webapp]
allow_origins = ["${app}"]
[locations.all]
path = "/"
upstream = "api"
cors = "webapp"
[admin]
addr = "127.0.0.1:0"
`,
      ["--workers", "2"],
    );
    const port = Number((await running.until(/https?:\/\/127\.0\.0\.1:(\d+) {2}public/))[1]);
    const [, pid] = await running.until(/by 2 processes: (\d+), (\d+)/);
    const admin = (await running.until(/(http:\/\/127\.0\.0\.1:\d+) {2}admin/))[1]!;
    const call = async (
      method: string,
      path: string,
      body?: unknown,
      etag?: string,
    ): Promise<{ status: number; body: any }> => {
      const response = await fetch(admin + path, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body) }),
        headers: {
          "Content-Type": "application/json",
          ...(etag !== undefined && { "If-Match": `"${etag}"` }),
        },
      });
      return { status: response.status, body: await response.json() };
    };

    // The stream: every decision of both, once.
    const events = await readDecisions(admin);
    await events.until(0);
    const perProcess = (): readonly number[] =>
      events
        .lastEventId()
        .split(",")
        .map((one) => Number(one.split(".")[1]));
    const sent: string[] = [];
    for (
      let turn = 0;
      turn < 50 && (turn < 2 || !perProcess().every((count) => count > 0));
      turn++
    ) {
      const paths = Array.from({ length: 20 }, (_, index) => `/${turn}-${index}`);
      sent.push(...paths);
      await ask(port, paths);
      await events.until(sent.length);
    }
    assert.equal(perProcess().length, 2);
    assert.ok(
      perProcess().every((count) => count > 0),
      `only one process has served: ${events.lastEventId()}`,
    );
    assert.deepEqual(events.paths().toSorted(), sent.toSorted());

    // A reader that comes back, and one that is new.
    events.end();
    await ask(port, ["/away-1", "/away-2", "/away-3"]);
    const again = await readDecisions(admin, events.lastEventId());
    await again.until(3);
    assert.deepEqual(again.paths().toSorted(), ["/away-1", "/away-2", "/away-3"]);
    again.end();

    // Counters and the last hour are sums.
    await ask(port, ["/no-1", "/no-2"], "https://evil.example");
    const total = sent.length + 5;
    const overview = (await call("GET", "/api/overview")).body;
    assert.equal(overview.requests.total, total);
    assert.equal(overview.processes.length, 2);
    const hour = (await call("GET", "/api/hour")).body;
    const sum = (name: string): number =>
      hour.minutes.reduce((all: number, minute: Record<string, number>) => all + minute[name]!, 0);
    assert.deepEqual([sum("allowed"), sum("refused")], [total - 2, 2]);
    assert.deepEqual(
      hour.refusals.map(({ origin, count }: { origin: string; count: number }) => [origin, count]),
      [["https://evil.example", 2]],
    );

    // Saved once, served by both.
    const { body: config } = await call("GET", "/api/config");
    const [{ name, text }] = config.files;
    const changed = text.replace(`["${app}"]`, `["${app}", "https://b.example"]`);
    const files = [{ name, text: changed }];
    const saved = await call("PUT", "/api/config", { files }, config.etag);
    assert.equal(saved.status, 200);
    const readers = async (): Promise<readonly string[]> => {
      const answers = await Promise.all(
        Array.from({ length: 30 }, () =>
          sendRaw(
            port,
            "GET / HTTP/1.1\r\nHost: localhost\r\nOrigin: https://b.example\r\nConnection: close\r\n\r\n",
          ),
        ),
      );
      return [
        ...new Set(answers.map((answer) => answer.header("Access-Control-Allow-Origin").join())),
      ];
    };
    assert.deepEqual(await readers(), ["https://b.example"]);

    // Two who edit at once: the second gets a conflict, and nothing is overwritten.
    const stale = await call("PUT", "/api/config", { files: [{ name, text }] }, config.etag);
    assert.equal(stale.status, 409);
    assert.equal(stale.body.files[0].text, changed);
    assert.equal(readFileSync(running.file, "utf8"), changed);

    const history = (await call("GET", "/api/history")).body as { number: number; by: string }[];
    assert.deepEqual(
      history.map(({ by }) => by),
      ["console", "start"],
    );
    const back = await call(
      "POST",
      `/api/history/${history[1]!.number}/rollback`,
      {},
      saved.body.etag,
    );
    assert.equal(back.status, 200);
    assert.deepEqual(await readers(), [""]);
    assert.equal(readFileSync(running.file, "utf8"), text);

    // One that dies takes its counts of the hour into the sum.
    const counted = (await call("GET", "/api/overview")).body.requests.total as number;
    const { refusals } = (await call("GET", "/api/hour")).body;
    process.kill(Number(pid), "SIGKILL");
    await running.until(/process \d+ serves/);
    assert.equal((await call("GET", "/api/overview")).body.requests.total, counted);
    assert.deepEqual((await call("GET", "/api/hour")).body.refusals, refusals);
  },
);
