import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runSync } from "@corsway/cors/browser";
import fc from "fast-check";
import { StringElider } from "./elide-strings.ts";
import { pickExchange, type PickedExchange } from "./pick-exchange.ts";
import { readRecording, type RecordedExchange } from "./recording.ts";
import { recordingResponder } from "./recording-responder.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";

const folder = temporaryFolder();

const origin = "https://app.example.com";
const url = "https://api.example.com/users";

type Fields = Record<string, string>;
interface Entry {
  readonly method?: string;
  readonly url?: string;
  readonly asks?: Fields;
  readonly status?: number;
  readonly answers?: Fields;
  readonly error?: string;
  readonly cookies?: unknown[];
}
const fields = (from: Fields = {}) =>
  Object.entries(from).map(([name, value]) => ({ name, value }));

function har(entries: readonly Entry[]): unknown {
  return {
    log: {
      version: "1.2",
      creator: { name: "Firefox", version: "150" },
      entries: entries.map((entry) => ({
        request: {
          method: entry.method ?? "GET",
          url: entry.url ?? url,
          headers: fields(entry.asks),
          cookies: entry.cookies ?? [],
        },
        response: {
          status: entry.status ?? 200,
          headers: fields(entry.answers),
          ...(entry.error === undefined ? {} : { _error: entry.error }),
        },
      })),
    },
  };
}

let files = 0;
async function read(value: unknown): Promise<readonly RecordedExchange[]> {
  const file = path.join(folder, `${++files}.har`);
  writeFileSync(file, typeof value === "string" ? value : JSON.stringify(value));
  const recording = await readRecording(file);
  assert.equal(recording.kind, "recording", JSON.stringify(recording));
  return recording.kind === "recording" ? recording.exchanges : [];
}

function verdictOf(exchanges: readonly RecordedExchange[], picked: PickedExchange) {
  assert.equal(picked.kind, "picked", JSON.stringify(picked));
  if (picked.kind !== "picked") throw new Error("unreachable");
  const responder = recordingResponder(exchanges, picked.exchange, picked.preflight);
  return { verdict: runSync(picked.page, responder.respond), responder };
}

const preflight: Entry = {
  method: "OPTIONS",
  asks: {
    Origin: origin,
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "content-type,x-auth-token",
  },
  status: 204,
  answers: { "access-control-allow-origin": origin, "access-control-allow-methods": "PUT" },
};
const put: Entry = {
  method: "PUT",
  asks: {
    ":authority": "api.example.com",
    origin,
    "content-type": "application/json",
    "x-auth-token": "1",
    "user-agent": "Mozilla/5.0",
    "sec-fetch-mode": "cors",
  },
  status: 0,
  error: "net::ERR_FAILED",
};

test("the failed request is selected, with its preflight and the headers set by the page", async () => {
  const exchanges = await read(
    har([{ url: `${origin}/`, asks: { "sec-fetch-mode": "navigate" } }, preflight, put]),
  );
  const picked = pickExchange(exchanges, {});
  const { verdict } = verdictOf(exchanges, picked);
  assert.equal(verdict.reason, "header-not-allowed");
  assert.equal(picked.kind === "picked" && picked.preflight?.index, 1);
  assert.deepEqual(picked.kind === "picked" && picked.page.headers, [
    ["content-type", "application/json"],
    ["x-auth-token", "1"],
  ]);
});

test("a URL, an origin or a method selects another exchange; a URL without a query matches the path", async () => {
  const exchanges = await read(
    har([
      {
        url: `${url}?page=2`,
        asks: { Origin: origin },
        answers: { "Access-Control-Allow-Origin": "*" },
      },
      preflight,
      put,
    ]),
  );
  const picked = pickExchange(exchanges, { url, method: "GET", origin });
  assert.equal(verdictOf(exchanges, picked).verdict.outcome, "readable");
  assert.equal(pickExchange(exchanges, { url: "https://other.example/" }).kind, "none");
});

test("a preflight that was not recorded counts as passed if its request was answered, and as missing if not", async () => {
  const answered = await read(
    har([{ ...put, status: 200, answers: { "Access-Control-Allow-Origin": origin } }]),
  );
  const good = verdictOf(answered, pickExchange(answered, {}));
  assert.equal(good.verdict.outcome, "readable");
  assert.match(good.responder.notes[0]!, /assumed to have passed/);

  const unanswered = await read(har([put]));
  const missing = verdictOf(unanswered, pickExchange(unanswered, {}));
  assert.equal(missing.verdict.reason, "network-error");
  assert.match(missing.responder.missing!, /the preflight .* is not in the recording/);
});

test("a preflight without its request is still explained", async () => {
  const exchanges = await read(har([preflight]));
  const { verdict } = verdictOf(exchanges, pickExchange(exchanges, {}));
  assert.equal(verdict.reason, "header-not-allowed");
});

test("cookies in the recording mean credentials, and without Origin the Referer identifies the page", async () => {
  const exchanges = await read(
    har([
      {
        asks: { Referer: `${origin}/cart`, Cookie: "a=b" },
        answers: { "Access-Control-Allow-Origin": "*" },
      },
    ]),
  );
  const { verdict } = verdictOf(exchanges, pickExchange(exchanges, {}));
  assert.equal(verdict.reason, "acao-wildcard-credentials");
});

test("header lines that a tool joined with LF are split again", async () => {
  const exchanges = await read(
    har([{ asks: { Origin: origin }, answers: { "Access-Control-Allow-Origin": `${origin}\n*` } }]),
  );
  assert.equal(verdictOf(exchanges, pickExchange(exchanges, {})).verdict.reason, "acao-multiple");
});

test("redirects are followed through the recording", async () => {
  const next = "https://login.example.com/";
  const exchanges = await read(
    har([
      {
        asks: { Origin: origin },
        status: 302,
        answers: { Location: next, "Access-Control-Allow-Origin": "*" },
      },
      { url: next, asks: { Origin: "null" }, status: 200 },
    ]),
  );
  const { verdict } = verdictOf(exchanges, pickExchange(exchanges, { url }));
  assert.equal(verdict.reason, "acao-missing");
  assert.equal(verdict.wire.length, 2);
});

test("a navigation is not a CORS request, and a recording without the page's origin asks for it", async () => {
  const exchanges = await read(
    har([
      { asks: { Origin: origin, "Sec-Fetch-Mode": "navigate" } },
      { url: "https://b.example/" },
    ]),
  );
  const navigation = pickExchange(exchanges, { url });
  assert.match(navigation.kind === "none" ? navigation.say : "", /navigation/);
  const unknown = pickExchange(exchanges, { url: "https://b.example/" });
  assert.match(unknown.kind === "none" ? unknown.fix : "", /--origin/);
});

test("input that is not a HAR file is reported with a clear message", async () => {
  const faults: [content: string | undefined, say: RegExp][] = [
    ["not json", /not JSON/],
    ['{"log":{"entries":[', /not JSON/],
    ['{"a":1}', /not a HAR file/],
    ["null", /not a HAR file/],
    [undefined, /no such file/],
  ];
  for (const [content, say] of faults) {
    const file = path.join(folder, `fault-${++files}`);
    if (content !== undefined) writeFileSync(file, content);
    const recording = await readRecording(file);
    assert.match(recording.kind === "unreadable" ? recording.say : "", say);
  }
  const directory = await readRecording(folder);
  assert.match(directory.kind === "unreadable" ? directory.say : "", /directory/);
});

test("entries of any shape never throw", async () => {
  const anything = fc.anything({ maxDepth: 3 });
  await fc.assert(
    fc.asyncProperty(fc.array(anything, { maxLength: 5 }), anything, async (entries, log) => {
      const text = JSON.stringify({ log: { entries, creator: log } }) as string | undefined;
      const exchanges = await read(text ?? '{"log":{"entries":[]}}');
      pickExchange(exchanges, {});
    }),
    { numRuns: 100 },
  );
});

test("bodies are dropped however the file is split into chunks, and everything outside them is kept", () => {
  const unit = fc.constantFrom("x", "{", '"', "\\", "\n", "\u00e9");
  const string = fc.string({ unit, maxLength: 80 });
  const json = fc
    .array(fc.dictionary(string, fc.oneof(string, fc.integer())))
    .map((value) => JSON.stringify(value));
  fc.assert(
    fc.property(json, fc.integer({ min: 1, max: 9 }), (text, size) => {
      const bytes = new TextEncoder().encode(text);
      const kept: Uint8Array[] = [];
      const elider = new StringElider(50);
      for (let i = 0; i < bytes.length; i += size)
        elider.push(bytes.subarray(i, i + size), (part) => kept.push(part.slice()));
      elider.end((part) => kept.push(part.slice()));
      const expected = text.replace(/"(?:[^"\\]|\\.)*"/g, (string) =>
        new TextEncoder().encode(string).length > 52 ? '""' : string,
      );
      assert.equal(Buffer.concat(kept).toString(), expected);
    }),
    { numRuns: 500 },
  );
});

test("a failed redirect target is explained from the page's first request", async () => {
  const there = "https://login.example.com/";
  const exchanges = await read(
    har([
      {
        asks: { Origin: origin },
        status: 302,
        answers: { "access-control-allow-origin": origin, location: `${there}#x` },
      },
      {
        url: there,
        asks: { Origin: "null", Referer: `${origin}/` },
        status: 200,
        answers: { "access-control-allow-origin": origin },
        error: "net::ERR_FAILED",
      },
    ]),
  );
  const picked = pickExchange(exchanges, { origin });
  const { verdict } = verdictOf(exchanges, picked);
  assert.equal(verdict.reason, "acao-mismatch");
  assert.equal(verdict.detail?.origin, "null");
  assert.equal(picked.kind === "picked" && picked.page.url, url);
});

test("a failure noted by the recorder is reported, wherever it was recorded", async () => {
  const recorded = har([{ asks: { Referer: `${origin}/` }, status: -1 }]) as {
    log: { entries: { response: object }[] };
  };
  recorded.log.entries[0]!.response = { status: -1, headers: [], _failureText: "net::ERR_FAILED" };
  const exchanges = await read(recorded);
  const picked = pickExchange(exchanges, {});
  const { responder } = verdictOf(exchanges, picked);
  assert.match(responder.missing ?? "", /without its response \(net::ERR_FAILED\)$/);
});

test("in a recording without marked failures, such as Firefox's, the refused request is found by the CORS rules", async () => {
  const good = { "Access-Control-Allow-Origin": "*" };
  const asks = { Origin: origin };
  const exchanges = await read(
    har([
      { url: `${url}/refused`, asks },
      { url: `${url}/fine`, asks, answers: good },
      // An image, which nobody reads, and an answer from the browser's own cache.
      { url: `${url}/image`, asks: { Referer: `${origin}/`, "Sec-Fetch-Mode": "no-cors" } },
      { url: `${url}/font`, asks: { Referer: `${origin}/` } },
      { url: `${url}/cached`, asks, status: 304 },
      { url: "wss://api.example.com/", asks: { ...asks, "Sec-Fetch-Mode": "websocket" } },
    ]),
  );
  const picked = pickExchange(exchanges, {});
  assert.equal(picked.kind === "picked" && picked.page.url, `${url}/refused`);
  const chosen = pickExchange(exchanges, { url: `${url}/fine` });
  assert.equal(chosen.kind === "picked" && chosen.page.url, `${url}/fine`);
  const fine = await read(
    har([
      { asks, answers: good },
      { url: "data:text/plain,x", asks },
    ]),
  );
  const last = pickExchange(fine, {});
  assert.equal(last.kind === "picked" && last.page.url, url);
});

test("a refused fetch is preferred to an image aborted after it", async () => {
  const exchanges = await read(
    har([
      { asks: { Origin: origin }, error: "net::ERR_FAILED" },
      {
        url: `${url}/image`,
        asks: { Referer: `${origin}/`, "Sec-Fetch-Mode": "no-cors" },
        status: 0,
        error: "net::ERR_ABORTED",
      },
    ]),
  );
  const picked = pickExchange(exchanges, {});
  assert.equal(picked.kind === "picked" && picked.page.url, url);
});

test("entries and headers that no browser sent are ignored", async () => {
  const exchanges = await read(
    har([
      { method: "", asks: { Origin: origin } },
      {
        asks: { Origin: origin, "X Y": "1", ":path": "/", "X-A": "a\u0000" },
        answers: { "a b": "c" },
      },
    ]),
  );
  assert.equal(exchanges.length, 1);
  assert.deepEqual(exchanges[0]!.requestHeaders, [["Origin", origin]]);
  assert.deepEqual(exchanges[0]!.responseHeaders, []);
});

test("if the request's own headers were not exported, its preflight identifies the page", async () => {
  const preflight = { Origin: origin, "Access-Control-Request-Method": "PUT" };
  const exchanges = await read(
    har([
      { method: "OPTIONS", asks: preflight, status: 404 },
      { method: "PUT", status: 0, error: "net::ERR_FAILED" },
    ]),
  );
  const picked = pickExchange(exchanges, {});
  assert.equal(picked.kind === "picked" && picked.page.origin, origin);
  assert.equal(verdictOf(exchanges, picked).verdict.reason, "acao-missing");
});

test("a refused preflight without a recorded request is preferred to requests that succeeded", async () => {
  const good = { "Access-Control-Allow-Origin": "*" };
  const preflight = { Origin: origin, "Access-Control-Request-Method": "PUT" };
  const fine = { asks: { Origin: origin }, answers: good };
  const exchanges = await read(
    har([{ method: "OPTIONS", url: `${url}/7`, asks: preflight, answers: good }, fine]),
  );
  const picked = pickExchange(exchanges, {});
  assert.equal(picked.kind === "picked" && picked.page.method, "PUT");
  assert.equal(verdictOf(exchanges, picked).verdict.reason, "method-not-allowed");
  const chosen = pickExchange(exchanges, { url });
  assert.equal(chosen.kind === "picked" && chosen.page.method, "GET");
});
