// What holds of the model whatever it is told: it never throws, asks a bounded number of times, in
// bounded work, and a server that allows more never makes a page read less.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  consoleMessage,
  CorsPreflightCache,
  engines,
  reasonCodes,
  run,
  runSync,
  type Engine,
  type PageRequest,
} from "@corsway/cors/browser";
import type { Header, ResponseHead } from "@corsway/cors/standard";
import fc from "fast-check";

const app = "https://app.example.com";

// bytes that parsers trip over, between words that they look for
const scrap = fc.constantFrom(
  "*",
  ",",
  " ",
  "\t",
  "\x0b",
  "\0",
  "\r\n",
  '"',
  "\\",
  ";",
  "é",
  "\u2028",
  "\ud800",
  "null",
  "true",
  app,
  "https://",
  "b.example",
  ":",
  "/",
  "@",
  "#",
  "%00",
  "[::1]",
  "GET",
  "PUT",
  "authorization",
  "x-a",
  "-1",
  "99999999999999999999",
  "text/plain",
  "bytes=0-",
);
const text = fc.array(scrap, { maxLength: 6 }).map((parts) => parts.join(""));
const name = fc.oneof(
  fc.constantFrom(
    "Access-Control-Allow-Origin",
    "access-control-allow-credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
    "Location",
    "Timing-Allow-Origin",
    "Cross-Origin-Resource-Policy",
    "Content-Type",
    "Authorization",
    "Range",
    "__proto__",
    "constructor",
  ),
  text,
);
const headers = fc.array(fc.tuple(name, text) as fc.Arbitrary<Header>, { maxLength: 8 });
const answer: fc.Arbitrary<ResponseHead> = fc.record({
  status: fc.oneof(fc.constantFrom(200, 204, 301, 302, 303, 307, 308, 309, 404), fc.double()),
  headers,
});
const engine: fc.Arbitrary<Engine> = fc.constantFrom(...Object.values(engines));
const anyRequest: fc.Arbitrary<PageRequest> = fc.record(
  {
    origin: fc.oneof(fc.constantFrom(app, "null"), text),
    url: fc.oneof(
      fc.constantFrom(`${app}/1`, "https://b.example/1", "data:,x", "about:blank"),
      text,
    ),
    method: fc.oneof(fc.constantFrom("GET", "POST", "PUT", "patch", "TRACE", "HEAD"), text),
    headers,
    body: fc.constantFrom(
      { kind: "none" },
      { kind: "bytes", length: 3, contentType: "text/plain" },
      { kind: "stream" },
    ),
    credentials: fc.constantFrom("omit", "same-origin", "include"),
    mode: fc.constantFrom("cors", "no-cors", "same-origin"),
    redirect: fc.constantFrom("follow", "error", "manual"),
    useCorsPreflight: fc.boolean(),
    initiator: fc.constantFrom("fetch", "xhr"),
  },
  { requiredKeys: ["origin", "url"] },
);

test("no request and no answer makes the model throw, ask without end or contradict itself", async () => {
  await fc.assert(
    fc.asyncProperty(
      anyRequest,
      fc.array(answer, { minLength: 1 }),
      engine,
      async (request, answers, engine) => {
        const ask = (): (() => ResponseHead) => {
          let asked = 0;
          return () => answers[asked++ % answers.length]!;
        };
        const cache = new CorsPreflightCache();
        const verdict = runSync(request, ask(), { engine, cache, now: () => 0 });
        assert.ok(verdict.wire.length <= 2 * 21, "twenty redirects, each with a preflight");
        assert.equal(verdict.outcome === "blocked", verdict.reason !== undefined);
        assert.equal(verdict.outcome === "blocked", verdict.response === undefined);
        assert.equal(verdict.reason, verdict.detail?.reason);
        assert.ok(verdict.reason === undefined || reasonCodes.includes(verdict.reason));
        if (verdict.outcome !== "readable") assert.deepEqual(verdict.exposedHeaders, []);
        for (const exposed of verdict.exposedHeaders)
          assert.ok(exposed !== "set-cookie" && exposed !== "set-cookie2");
        for (const { kind, request: head } of verdict.wire)
          assert.equal(
            kind === "preflight",
            head.headers.some(
              ([other]) => other === "Access-Control-Request-Method" && head.method === "OPTIONS",
            ),
          );
        for (const { algorithm, step, says, link } of verdict.trace) {
          assert.ok(algorithm !== "" && step !== "" && says !== "");
          assert.match(link, /^https:\/\/[a-z.]+\/.*#./);
        }
        for (const line of consoleMessage(request, verdict, engine)) assert.notEqual(line, "");
        // the async driver tells the same story
        const again = await run(request, ask(), { engine, now: () => 0 });
        assert.deepEqual(again, verdict);
      },
    ),
    { numRuns: 3000 },
  );
});

const listed = fc.constantFrom("X-A", "x-b", "Authorization", "Content-Type", "*");
const methods = fc.constantFrom("GET", "PUT", "PATCH", "*");

test("a preflight that lists more never blocks what one that lists less lets through", () => {
  fc.assert(
    fc.property(
      fc.record({
        method: fc.constantFrom("GET", "PUT", "PATCH"),
        headers: fc.array(fc.tuple(listed, fc.constant("1")) as fc.Arbitrary<Header>, {
          maxLength: 3,
        }),
        credentials: fc.constantFrom("omit", "include"),
      }),
      fc.array(methods, { maxLength: 3 }),
      fc.array(listed, { maxLength: 3 }),
      fc.array(methods, { maxLength: 2 }),
      fc.array(listed, { maxLength: 2 }),
      engine,
      (asked, acam, acah, moreMethods, moreHeaders, engine) => {
        const request = { origin: app, url: "https://b.example/1", ...asked } as PageRequest;
        const answering = (allowMethods: string[], allowHeaders: string[]) => (): ResponseHead => ({
          status: 200,
          headers: [
            ["Access-Control-Allow-Origin", app],
            ["Access-Control-Allow-Credentials", "true"],
            ["Access-Control-Allow-Methods", allowMethods.join(", ")],
            ["Access-Control-Allow-Headers", allowHeaders.join(", ")],
          ],
        });
        fc.pre(runSync(request, answering(acam, acah), { engine }).outcome === "readable");
        const wider = answering([...acam, ...moreMethods], [...acah, ...moreHeaders]);
        assert.equal(runSync(request, wider, { engine }).outcome, "readable");
      },
    ),
    { numRuns: 2000 },
  );
});

test("a request that the preflight cache serves would have passed its preflight", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.record({
          method: fc.constantFrom("GET", "PUT", "PATCH"),
          headers: fc.array(
            fc.tuple(
              fc.constantFrom("X-A", "x-b", "Authorization"),
              fc.constant("1"),
            ) as fc.Arbitrary<Header>,
            { maxLength: 2 },
          ),
          credentials: fc.constantFrom("omit", "include"),
        }),
        { maxLength: 6 },
      ),
      fc.array(methods, { maxLength: 3 }),
      fc.array(listed, { maxLength: 3 }),
      fc.constantFrom(engines.chromium, engines.firefox, engines.webkit),
      (requests, acam, acah, engine) => {
        const cache = new CorsPreflightCache();
        const answer = (): ResponseHead => ({
          status: 200,
          headers: [
            ["Access-Control-Allow-Origin", app],
            ["Access-Control-Allow-Credentials", "true"],
            ["Access-Control-Allow-Methods", acam.join(",")],
            ["Access-Control-Allow-Headers", acah.join(",")],
          ],
        });
        for (const asked of requests) {
          const request = { origin: app, url: "https://b.example/1", ...asked } as PageRequest;
          const shared = runSync(request, answer, { engine, cache, now: () => 0 });
          const fresh = runSync(request, answer, { engine });
          assert.equal(shared.outcome, fresh.outcome, JSON.stringify({ asked, acam, acah }));
        }
      },
    ),
    { numRuns: 1500 },
  );
});

test("work grows with the input and not faster: a hundred thousand names in each list", () => {
  const many = Array.from({ length: 100_000 }, (_, i) => `x-${i}`);
  const all = many.join(",");
  const request: PageRequest = {
    origin: app,
    url: "https://b.example/1",
    method: "PUT",
    headers: many.slice(0, 5_000).map((other) => [other, "1"] as const),
  };
  const verdict = runSync(request, () => ({
    status: 200,
    headers: [
      ["Access-Control-Allow-Origin", app],
      ["Access-Control-Allow-Methods", `PUT,${all}`],
      ["Access-Control-Allow-Headers", all],
      ["Access-Control-Expose-Headers", all],
      ...many.slice(0, 5_000).map((other) => [other, "1"] as const),
    ],
  }));
  assert.equal(verdict.outcome, "readable");
  assert.equal(verdict.exposedHeaders.length, 5_000);
});
