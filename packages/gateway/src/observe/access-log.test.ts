import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { test } from "node:test";
import fc from "fast-check";
import type { AccessRecord } from "./access-record.ts";
import { renderJson } from "./access-line.ts";
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

test("a slow reader loses whole lines, then receives their number and the lines that follow", () => {
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

test("a human-readable line starts with the outcome and omits empty parts", () => {
  const line = (more: Partial<AccessRecord>): string => {
    let text = "";
    const out = new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString();
        done();
      },
    });
    const log = accessLog("pretty", out, false, () => assert.fail("a line was dropped"));
    log.write({ ...record("/x"), ...more });
    log.flush();
    return text.trimEnd();
  };
  assert.equal(line({}), "00:00:00  200  GET a/x  1.0 ms");
  assert.equal(line({ kind: "not-cors", allowed: true }), "00:00:00  200  GET a/x  1.0 ms");
  assert.equal(line({ status: 0, duration_ms: 10 }), "00:00:00  ---  GET a/x  10 ms");
  assert.equal(
    line({ status: 502, error: "connection_refused" }),
    "00:00:00  502  GET a/x  connection_refused  1.0 ms",
  );
  const asked = { kind: "preflight", requested_method: "PUT", policy: "web" } as const;
  const origin = "https://app.example.com";
  assert.equal(
    line({ ...asked, allowed: true, origin }),
    `00:00:00  200  GET a/x  preflight for PUT allowed (web)  from ${origin}  1.0 ms`,
  );
  assert.equal(
    line({ ...asked, allowed: false, refusal: "method-not-allowed" }),
    "00:00:00  200  GET a/x  preflight for PUT refused: method-not-allowed (web)  1.0 ms",
  );
  assert.equal(line({ path: "/\u202e\n" }), String.raw`00:00:00  200  GET a/\u202e\n  1.0 ms`);
});

test("a single line is written promptly, without waiting for more", async () => {
  const written = new Promise<string>((resolve) => {
    const out = new Writable({ write: (chunk: Buffer) => resolve(chunk.toString()) });
    accessLog("json", out, false, () => undefined).write(record("/alone"));
  });
  assert.match(await written, /"path":"\/alone".*\n$/);
});

test("a JSON line equals the output of JSON.stringify, truncated and escaped", () => {
  const text = fc.oneof(fc.string({ maxLength: 15 }), fc.string({ unit: "binary", maxLength: 15 }));
  const records = fc.record(
    {
      method: text,
      host: text,
      path: text,
      location: text,
      upstream: text,
      origin: text.filter((origin) => !origin.includes("@")),
      policy: text,
      requested_method: text,
      requested_headers: text,
      removed: fc.nat(),
      error: text,
      cause: text,
      status: fc.nat(),
      duration_ms: fc.double({ min: 0, max: 1e6, noNaN: true }),
    },
    { requiredKeys: ["method", "host", "path"] },
  );
  const unsafe = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
  fc.assert(
    fc.property(records, (more) => {
      const full: AccessRecord = { ...record("/"), ...more };
      const line = renderJson(full);
      assert.deepEqual(JSON.parse(line), JSON.parse(JSON.stringify(full)));
      assert.doesNotMatch(line, unsafe);
    }),
    { numRuns: 2000 },
  );
  assert.match(renderJson(record("x".repeat(2000))), /"path":"x{1024}…"/);
});

test("user info in a hostile Origin is not logged", () => {
  const line = renderJson({ ...record("/"), origin: "https://user:secret@a.example" });
  assert.match(line, /"origin":"https:\/\/…@a\.example"/);
});
