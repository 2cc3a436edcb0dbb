// Which cookies go along: vectors/browser/cookies.json, and properties over a generator of pages, servers and
// cookies.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import {
  engines,
  runSync,
  type Engine,
  type EngineName,
  type PageRequest,
} from "@corsway/cors/browser";
import { getHeader, type Header, type RequestHead } from "@corsway/cors/standard";

interface Vector {
  readonly name: string;
  readonly page: PageRequest;
  readonly sent: string | null;
  readonly because?: string;
  readonly engines?: Readonly<Partial<Record<EngineName, string | null>>>;
  readonly redirect?: {
    readonly to: string;
    readonly set: readonly string[];
    /** Where the target leads. */
    readonly then?: string;
  };
}

const file = new URL("../../../../vectors/browser/cookies.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(file, "utf8")) as { cases: Vector[] };

function ask({ page, redirect }: Pick<Vector, "page" | "redirect">, engine: Engine) {
  const wire: RequestHead[] = [];
  const cors: Header[] = [
    ["Access-Control-Allow-Origin", page.origin],
    ["Access-Control-Allow-Credentials", "true"],
  ];
  const verdict = runSync(
    page,
    (head) => {
      wire.push(head);
      const location = [redirect?.to, redirect?.then][wire.length - 1];
      if (location === undefined) return { status: 200, headers: cors };
      const set = wire.length > 1 ? [] : redirect!.set.map((line): Header => ["Set-Cookie", line]);
      return { status: 307, headers: [...cors, ["Location", location], ...set] };
    },
    { engine },
  );
  return { verdict, cookie: getHeader(wire.at(-1)!.headers, "cookie") };
}

test("cookies: which go along, and why others do not", () => {
  for (const vector of cases) {
    const { verdict, cookie } = ask(vector, engines.standard);
    assert.equal(cookie, vector.sent, vector.name);
    const reasons = (verdict.cookies ?? []).map(({ because }) => because);
    if (vector.because !== undefined)
      assert.ok(reasons.includes(vector.because as never), vector.name);
    for (const [engine, sent] of Object.entries(vector.engines ?? {}))
      assert.equal(
        ask(vector, engines[engine as EngineName]).cookie,
        sent,
        `${vector.name}: ${engine}`,
      );
  }
});

test("every cookie rule of an engine is shown by a vector: without it, one fails", () => {
  const silent: string[] = [];
  const { standard, ...others } = engines;
  for (const engine of Object.values(others))
    for (const [key, value] of Object.entries(standard.cookies)) {
      if (engine.cookies[key as keyof typeof standard.cookies] === value) continue;
      const without = { ...engine, cookies: { ...engine.cookies, [key]: value } };
      const isShown = cases.some((vector) => {
        const sent = vector.engines?.[engine.name];
        return sent !== undefined && ask(vector, without).cookie !== sent;
      });
      if (!isShown) silent.push(`${engine.name}: ${key}`);
    }
  assert.deepEqual(silent, []);
});

test("without known cookies nothing is decided: the step stays not modelled", () => {
  const verdict = runSync({ origin: "https://a.example", url: "https://a.example/" }, () => ({
    status: 200,
    headers: [["Set-Cookie", "a=1"]],
  }));
  assert.equal(verdict.cookies, undefined);
  assert.ok(verdict.trace.some(({ step, result }) => step === "8.21" && result === "not-modelled"));
});

const hosts = ["app.example.com", "api.example.com", "example.com", "other.example", "127.0.0.1"];
const scheme = fc.constantFrom("http", "https");
const attribute = fc.constantFrom(
  "Secure",
  "SameSite=Lax",
  "SameSite=Strict",
  "SameSite=None",
  "samesite=odd",
  "Path=/",
  "Path=/a",
  "Domain=example.com",
  "Domain=.api.example.com",
  "Domain=com",
  "Max-Age=0",
  "Max-Age=9",
  "HttpOnly",
);
const cookie = fc
  .tuple(fc.constantFrom("a", "b", "__Host-c", "__Secure-d"), fc.array(attribute, { maxLength: 4 }))
  .map(([name, attributes]) => [`${name}=1`, ...attributes].join("; "));
const scene = fc.record({
  page: fc.tuple(scheme, fc.constantFrom(...hosts)).map(([s, h]) => `${s}://${h}`),
  url: fc
    .tuple(scheme, fc.constantFrom(...hosts), fc.constantFrom("/", "/a", "/a/b", "/ab"))
    .map(([s, h, p]) => `${s}://${h}${p}`),
  cookies: fc.array(cookie, { maxLength: 4 }),
  credentials: fc.constantFrom("omit" as const, "same-origin" as const, "include" as const),
});

function sentBy(page: PageRequest, engine: Engine): ReadonlySet<string> {
  const { cookie } = ask({ page }, engine);
  return new Set(cookie === null ? [] : cookie.split("; "));
}

test("every engine: the wire and the fates say the same, omit sends none, and distance only takes away", () => {
  fc.assert(
    fc.property(
      scene,
      fc.constantFrom(...(Object.keys(engines) as EngineName[])),
      (asked, name) => {
        const { page: origin, ...rest } = asked;
        const page: PageRequest = { origin, ...rest };
        const { verdict, cookie } = ask({ page }, engines[name]);
        const fates = (verdict.cookies ?? []).filter(({ sent }) => sent).map((fate) => fate.name);
        const onWire = cookie === null ? [] : cookie.split("; ").map((pair) => pair.split("=")[0]!);
        assert.deepEqual([...fates].sort(), [...onWire].sort());
        for (const fate of verdict.cookies ?? [])
          assert.equal(fate.because === undefined, fate.sent);
        if (asked.credentials === "omit") assert.equal(cookie, null);
        const include = sentBy({ ...page, credentials: "include" }, engines[name]);
        const home = new URL(asked.url).origin;
        const near = sentBy({ ...page, origin: home, credentials: "include" }, engines[name]);
        for (const pair of include)
          assert.ok(near.has(pair), `${pair} goes from afar and not from home`);
        const strict = sentBy(
          { ...page, credentials: "include", thirdPartyCookies: "blocked" },
          engines[name],
        );
        for (const pair of strict) assert.ok(include.has(pair));
        const { chromium } = engines;
        const cookies = { ...chromium.cookies, laxByDefault: false };
        const all = sentBy({ ...page, credentials: "include" }, { ...chromium, cookies });
        for (const pair of sentBy({ ...page, credentials: "include" }, chromium))
          assert.ok(all.has(pair));
      },
    ),
    { numRuns: 1000 },
  );
});
