import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { createOriginLookup } from "./origin-lookup.ts";
import type { OriginFunction } from "./policy-literal.ts";
import type { CorsEvent } from "./report.ts";

const app = "https://app.example.com";
const limits = { ttl: 60, timeout: 2, entries: 3, concurrency: 2 };

function lookUp(ask: OriginFunction) {
  const events: CorsEvent[] = [];
  const reasons = (): string[] =>
    events.map((event) => (event.kind === "origin-lookup-failed" ? event.reason : event.kind));
  const look = createOriginLookup(ask, limits, (event) => events.push(event));
  return {
    look: (origin: string, host = "", method = "GET") => look(origin, host, method),
    reasons,
  };
}

test("an answer that is no promise is used at once and asked for each time", () => {
  let asked = 0;
  const { look } = lookUp((origin) => ++asked > 0 && origin === app);
  assert.equal(look(app), true);
  assert.equal(look(app), true);
  assert.equal(look("https://evil.example"), false);
  assert.equal(asked, 3);
});

test("a promised answer is kept for its time, and asked for once at a time", async (t: TestContext) => {
  let now = 1000;
  t.mock.method(performance, "now", () => now);
  let asked = 0;
  const { look } = lookUp(async (origin) => ++asked > 0 && origin === app);
  const both = await Promise.all([look(app), look(app)]);
  assert.deepEqual([both, asked], [[true, true], 1]);
  now += 59_000;
  assert.equal(look(app), true);
  now += 2000;
  assert.equal(await look(app), true);
  assert.equal(asked, 2);
});

test("what depends on the host is kept by the host", async () => {
  const { look } = lookUp(async (_origin, { host }) => host === "a.example");
  assert.equal(await look(app, "a.example"), true);
  assert.equal(await look(app, "b.example"), false);
  assert.equal(look(app, "a.example"), true);
});

test("only so many answers are kept: the oldest goes first", async () => {
  let asked = 0;
  const { look } = lookUp(async (_origin) => ++asked > 0);
  for (const name of ["a", "b", "c", "d"]) await look(`https://${name}.example`);
  assert.equal(look("https://d.example"), true);
  assert.equal(look("https://b.example"), true);
  await look("https://a.example");
  assert.equal(asked, 5);
});

test("only so many questions are open at a time", async () => {
  const open: ((allowed: boolean) => void)[] = [];
  const { look, reasons } = lookUp((_origin) => new Promise((resolve) => open.push(resolve)));
  const first = look("https://a.example");
  const second = look("https://b.example");
  assert.equal(look("https://c.example"), false);
  assert.deepEqual(reasons(), ["overloaded"]);
  for (const resolve of open) resolve(true);
  assert.deepEqual(await Promise.all([first, second]), [true, true]);
  assert.equal(typeof look("https://c.example"), "object");
});

test("a throw, a rejection and what is no boolean refuse, are reported, and are not kept", async () => {
  let asked = 0;
  const { look, reasons } = lookUp(((origin: string) => {
    asked++;
    if (origin.includes("throws")) throw new Error("no");
    if (origin.includes("rejects")) return Promise.reject(new Error("no"));
    return Promise.resolve("yes");
  }) as unknown as OriginFunction);
  assert.equal(look("https://throws.example"), false);
  assert.equal(await look("https://rejects.example"), false);
  assert.equal(await look("https://truthy.example"), false);
  assert.equal(await look("https://truthy.example"), false);
  assert.deepEqual(reasons(), ["threw", "threw", "not-a-boolean", "not-a-boolean"]);
  assert.equal(asked, 4);
});

test("a late answer is a refusal, its signal is aborted, and its place is free again", async (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let signal: AbortSignal | undefined;
  const { look, reasons } = lookUp((_origin, question) => {
    signal = question.signal;
    return new Promise(() => undefined);
  });
  const asked = look(app);
  t.mock.timers.tick(2000);
  assert.equal(await asked, false);
  assert.equal(signal?.aborted, true);
  assert.deepEqual(reasons(), ["timed-out"]);
  look("https://a.example");
  look("https://b.example");
  assert.deepEqual(reasons(), ["timed-out"]);
});
