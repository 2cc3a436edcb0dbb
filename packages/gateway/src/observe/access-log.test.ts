import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import type { AccessRecord } from "./access-record.ts";
import { accessLog } from "./access-log.ts";

const record = (path: string): AccessRecord => ({
  time: "2026-01-01T00:00:00.000Z",
  request_id: "1",
  client: "127.0.0.1",
  server: "public",
  method: "GET",
  host: "a",
  path,
  status: 200,
  duration_ms: 1,
  bytes_in: 0,
  bytes_out: 0,
});

/** A reader that takes nothing until `take` is called. */
function slowReader() {
  const taken: string[] = [];
  const waiting: (() => void)[] = [];
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      waiting.push(() => {
        taken.push(...chunk.toString().trimEnd().split("\n"));
        done();
      });
    },
  });
  return {
    out,
    taken,
    take() {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next();
    },
  };
}

test("a reader that is too far behind loses whole lines, is told how many, and gets the next ones", () => {
  const { out, taken, take } = slowReader();
  let dropped = 0;
  const log = accessLog("json", out, false, (lines) => (dropped += lines));
  const written = 20_000; // four megabytes
  for (let i = 0; i < written; i++) {
    log.write(record(`/${i}`));
    if (i % 10 === 9) log.flush();
  }
  assert.ok(dropped > 0 && out.writableLength < 2 * 1024 * 1024);
  take();
  log.write(record("/after"));
  log.flush();
  take();
  const paths = taken.map((line) => (JSON.parse(line) as AccessRecord).path);
  assert.equal(paths.length, written - dropped + 1);
  assert.equal(paths.at(-1), "/after");
});

test("lines that could not be written are counted, with the reason", async () => {
  const out = new Writable({ write: (_chunk, _encoding, done) => done(new Error("no space")) });
  out.on("error", () => undefined);
  const told = new Promise<[number, Error | undefined]>((resolve) => {
    const log = accessLog("json", out, false, (lines, error) => resolve([lines, error]));
    log.write(record("/a"));
    log.write(record("/b"));
  });
  const [lines, error] = await told;
  assert.equal(lines, 2);
  assert.equal(error?.message, "no space");
});
