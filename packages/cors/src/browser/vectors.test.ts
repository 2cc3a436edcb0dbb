// vectors/browser/*.json: the standard's tables, written from its text, each case through the
// model's public door.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isDeepStrictEqual } from "node:util";
import {
  CorsPreflightCache,
  engines,
  runSync,
  type Engine,
  type EngineName,
  type PageRequest,
  type ReasonCode,
  type Verdict,
} from "@corsway/cors/browser";
import type { Header, HeaderList, RequestHead, ResponseHead } from "@corsway/cors/standard";

function cases<T>(name: string): T[] {
  const file = new URL(`../../../../vectors/browser/${name}.json`, import.meta.url);
  const found = (JSON.parse(readFileSync(file, "utf8")) as { cases: T[] }).cases;
  assert.ok(found.length > 10, `${name}.json has few cases`);
  return found;
}

const app = "https://app.example.com";
const api = "https://api.example.com/users";

function lines(name: string, values: readonly string[]): Header[] {
  return values.map((value) => [name, value] as const);
}

function assertReason(verdict: Verdict, reason: string | null, told: unknown): void {
  assert.equal(verdict.reason ?? null, reason, JSON.stringify(told));
  assert.equal(verdict.outcome, reason === null ? "readable" : "blocked");
  assert.equal(verdict.response === undefined, reason !== null);
  assert.equal(verdict.detail?.reason ?? null, reason);
}

test("CORS check: every string of Access-Control-Allow-Origin and -Credentials", () => {
  interface Case {
    origin: string;
    credentials: "omit" | "same-origin" | "include";
    acao: string[];
    acac?: string[];
    reason: string | null;
  }
  for (const vector of cases<Case>("cors-check")) {
    const { origin, credentials, acao, acac = [], reason } = vector;
    const headers = [
      ...lines("Access-Control-Allow-Origin", acao),
      ...lines("access-control-allow-credentials", acac),
    ];
    const verdict = runSync({ origin, url: api, credentials }, () => ({ status: 200, headers }));
    assertReason(verdict, reason, vector);
    assert.equal(verdict.sent, true);
    // a preflight is checked with the actual request's credentials mode, and stops it
    const put = { origin, url: api, credentials, method: "PUT" } as const;
    const allow: HeaderList = [...headers, ["Access-Control-Allow-Methods", "PUT"]];
    const asked = runSync(put, () => ({ status: 200, headers: allow }));
    assertReason(asked, reason, vector);
    assert.equal(asked.sent, reason === null);
  }
});

test("safelist: what needs a preflight and what Access-Control-Request-Headers names", () => {
  for (const vector of cases<{ headers: Header[]; unsafe: string[] }>("safelist")) {
    const { headers, unsafe } = vector;
    let asked: string | undefined;
    let preflighted = false;
    const verdict = runSync({ origin: app, url: api, headers }, (head) => {
      if (head.method === "OPTIONS") {
        preflighted = true;
        asked = head.headers.find(([name]) => name === "Access-Control-Request-Headers")?.[1];
      }
      return {
        status: 200,
        headers: [
          ["Access-Control-Allow-Origin", "*"],
          ["Access-Control-Allow-Headers", unsafe.join(",")],
        ],
      };
    });
    assert.equal(preflighted, unsafe.length > 0, JSON.stringify(vector));
    assert.equal(asked ?? "", unsafe.join(","), JSON.stringify(vector));
    assert.equal(verdict.outcome, "readable", JSON.stringify(vector));
  }
});

test("CORS-preflight fetch: methods × headers × credentials × wildcards", () => {
  interface Case {
    method: string;
    headers: Header[];
    credentials: "omit" | "same-origin" | "include";
    acam: string[];
    acah: string[];
    reason: string | null;
    name?: string;
  }
  for (const vector of cases<Case>("preflight")) {
    const { method, headers, credentials, acam, acah, reason, name } = vector;
    const shared: Header[] = [
      ["Access-Control-Allow-Origin", app],
      ["Access-Control-Allow-Credentials", "true"],
    ];
    const verdict = runSync({ origin: app, url: api, method, headers, credentials }, (head) => ({
      status: 204,
      headers:
        head.method === "OPTIONS"
          ? [
              ...shared,
              ...lines("Access-Control-Allow-Methods", acam),
              ...lines("Access-Control-Allow-Headers", acah),
            ]
          : shared,
    }));
    assertReason(verdict, reason, vector);
    assert.equal(verdict.sent, reason === null, JSON.stringify(vector));
    if (name !== undefined)
      assert.equal(verdict.detail?.reason === "header-not-allowed" && verdict.detail.name, name);
  }
});

test("CORS-preflight fetch: every status of the preflight's answer", () => {
  interface Case {
    status: number;
    location?: string;
    acao?: string;
    reason: string | null;
  }
  for (const vector of cases<Case>("preflight-status")) {
    const { status, location, acao = app, reason } = vector;
    const verdict = runSync({ origin: app, url: api, method: "PUT" }, (head) => ({
      status: head.method === "OPTIONS" ? status : 200,
      headers: [
        ["Access-Control-Allow-Origin", acao],
        ["Access-Control-Allow-Methods", "PUT"],
        ...lines("Location", location === undefined ? [] : [location]),
      ],
    }));
    assertReason(verdict, reason, vector);
  }
});

test("exposed headers: every way to write Access-Control-Expose-Headers", () => {
  const safelisted = [
    "Cache-Control",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Expires",
    "Last-Modified",
    "Pragma",
  ];
  const others = ["bb-8", "X-Id", "*", "Set-Cookie", "Set-Cookie2"];
  const all: Header[] = [...safelisted, ...others].map((name) => [name, "1"] as const);
  interface Case {
    aceh: string[];
    credentials: "omit" | "include";
    readable: string[];
  }
  for (const vector of cases<Case>("expose")) {
    const { aceh, credentials, readable } = vector;
    const verdict = runSync({ origin: app, url: api, credentials }, () => ({
      status: 200,
      headers: [
        ["Access-Control-Allow-Origin", app],
        ["Access-Control-Allow-Credentials", "true"],
        ...lines("Access-Control-Expose-Headers", aceh),
        ...all,
      ],
    }));
    const seven = safelisted.map((name) => name.toLowerCase());
    const seen = verdict.exposedHeaders.filter((name) => !name.startsWith("access-control-"));
    assert.deepEqual(seen.toSorted(), [...seven, ...readable].toSorted(), JSON.stringify(vector));
  }
});

interface Exchange {
  name: string;
  request: PageRequest;
  server: Record<string, ResponseHead>;
  wire: string[];
  outcome: Verdict["outcome"];
  reason?: ReasonCode;
  type?: string;
  url?: string;
  hop?: number;
}

function header(head: RequestHead, name: string): string | undefined {
  return head.headers.find(([other]) => other.toLowerCase() === name.toLowerCase())?.[1];
}

function written({ request: head, credentials }: Verdict["wire"][number]): string {
  const asked = header(head, "Access-Control-Request-Method");
  const names = header(head, "Access-Control-Request-Headers");
  const asks = asked === undefined ? "" : ` asks ${asked}${names === undefined ? "" : ` ${names}`}`;
  const withs = [
    ...(header(head, "Authorization") === undefined ? [] : ["Authorization"]),
    ...(credentials ? ["cookies"] : []),
  ];
  const goes = withs.length === 0 ? "" : ` with ${withs.join(", ")}`;
  // a body of one byte marks a case about the body's type; or there is a type without a body
  const length = header(head, "Content-Length") ?? "1";
  const kind = header(head, "Content-Type");
  const type =
    length === "1" && /^(application|multipart)\//.test(kind ?? "") ? ` type ${kind}` : "";
  return `${head.method} ${head.url} from ${header(head, "Origin") ?? "-"}${asks}${goes}${type}`;
}

function answering(server: Exchange["server"]): (head: RequestHead) => ResponseHead {
  return (head) => {
    const answer = server[`${head.method} ${head.url}`] ?? server[head.url];
    assert.ok(answer !== undefined, `nothing answers ${head.method} ${head.url}`);
    const origin = header(head, "Origin") ?? "";
    const headers = answer.headers.map(
      ([name, value]) => [name, value === "$origin" ? origin : value] as const,
    );
    return { status: answer.status, headers };
  };
}

for (const file of ["redirects", "modes"])
  for (const vector of cases<Exchange>(file))
    test(`${file}: ${vector.name}`, () => {
      const verdict = runSync(vector.request, answering(vector.server));
      assert.deepEqual(verdict.wire.map(written), vector.wire);
      assert.equal(verdict.outcome, vector.outcome);
      assert.equal(verdict.reason, vector.reason);
      if (vector.type !== undefined) assert.equal(verdict.response?.type, vector.type);
      if (vector.url !== undefined) assert.equal(verdict.response?.url, vector.url);
      if (vector.hop !== undefined) assert.equal(verdict.detail?.hop, vector.hop);
    });

interface Departure extends Pick<Exchange, "name" | "request" | "server"> {
  engines: Record<EngineName, Departing>;
}
type Departing = Pick<Exchange, "wire" | "outcome" | "reason"> & { headers?: Header[] };

function departing({ request, server }: Departure, engine: Engine): Departing {
  const verdict = runSync(request, answering(server), { engine });
  const { outcome, reason, response } = verdict;
  const headers = response?.headers.filter(([name]) => !name.startsWith("Access"));
  return {
    outcome,
    wire: verdict.wire.map(written),
    ...(reason !== undefined && { reason }),
    ...(headers?.some(([name]) => name === "Content-Language") === true && {
      headers: [...headers],
    }),
  };
}

const departures = cases<Departure>("engines");
for (const vector of departures)
  test(`engines: ${vector.name}`, () => {
    for (const engine of Object.values(engines))
      assert.deepEqual(departing(vector, engine), vector.engines[engine.name], engine.name);
  });

interface CacheLife {
  name: string;
  engines: EngineName[];
  answer: Header[];
  steps: {
    at: number;
    preflight: boolean;
    request: Partial<PageRequest>;
    answer?: Header[];
    actual?: "unshared" | "refused" | "redirect";
  }[];
}

/** Of each step: was there a preflight, and what became of the request? */
function cacheLife({ answer, steps }: CacheLife, engine: Engine): unknown[] {
  const cache = new CorsPreflightCache();
  return steps.map(({ at, request, actual, answer: own }) => {
    const verdict = runSync(
      { origin: app, url: api, ...request },
      (head) => ({
        status: head.method !== "OPTIONS" && actual === "redirect" ? 302 : 200,
        headers: [
          ["Location", "/elsewhere"],
          ...(head.method !== "OPTIONS" && actual === "unshared"
            ? []
            : [["Access-Control-Allow-Origin", header(head, "Origin") ?? ""] as const]),
          ["Access-Control-Allow-Credentials", "true"],
          ...(head.method === "OPTIONS" ? (own ?? answer) : []),
        ],
      }),
      { engine, cache, now: () => at * 1000 },
    );
    const preflight = verdict.wire[0]?.kind === "preflight";
    // Absent where the request needs no preflight.
    if (verdict.preflightCache !== undefined)
      assert.equal(verdict.preflightCache.state === "hit", !preflight);
    return { at, preflight, outcome: verdict.outcome, sent: verdict.sent };
  });
}

function expectedLife({ steps }: CacheLife): unknown[] {
  return steps.map(({ at, preflight, actual }) => ({
    at,
    preflight,
    outcome: actual === undefined ? "readable" : "blocked",
    sent: actual !== "refused",
  }));
}

const lives = cases<CacheLife>("cache");
for (const vector of lives)
  test(`cache: ${vector.name} (${vector.engines.join(", ")})`, () => {
    for (const name of vector.engines)
      assert.deepEqual(cacheLife(vector, engines[name]), expectedLife(vector), name);
  });

test("every departure of an engine is shown by a vector: without it, one fails", () => {
  const { standard } = engines;
  const silent: string[] = [];
  const isShown = (engine: Engine): boolean =>
    departures.some(
      (vector) => !isDeepStrictEqual(departing(vector, engine), vector.engines[engine.name]),
    ) ||
    lives.some(
      (vector) =>
        vector.engines.includes(engine.name) &&
        !isDeepStrictEqual(cacheLife(vector, engine), expectedLife(vector)),
    );
  for (const engine of Object.values(engines)) {
    const { preflightChecks } = standard;
    if (
      !isDeepStrictEqual(engine.preflightChecks, preflightChecks) &&
      !isShown({ ...engine, preflightChecks })
    )
      silent.push(`${engine.name}: preflightChecks`);
    for (const group of ["quirks", "maxAge"] as const)
      for (const key of Object.keys({ ...engine[group], ...standard[group] })) {
        const value = (standard[group] as unknown as Record<string, unknown>)[key];
        if (isDeepStrictEqual((engine[group] as unknown as Record<string, unknown>)[key], value))
          continue;
        const without = { ...engine, [group]: { ...engine[group], [key]: value } };
        if (!isShown(without)) silent.push(`${engine.name}: ${group}.${key}`);
      }
  }
  assert.deepEqual(silent, []);
});

test("a request that no page can make is told by the part that is wrong", () => {
  const wrong: Readonly<Record<string, Partial<PageRequest>>> = {
    origin: { origin: "app.example.com" },
    url: { url: "/users" },
    "url-credentials": { url: "https://:password@api.example.com/" },
    method: { method: "a b" },
    "no-cors-method": { mode: "no-cors", method: "put" },
    "header-name": { headers: [["", "1"]] },
    "header-value": { headers: [["X-A", "\u0100"]] },
    "body-with-get": { method: "head", body: { kind: "bytes", length: 0 } },
    "stream-mode": { mode: "no-cors", method: "POST", body: { kind: "stream" } },
  };
  for (const [why, page] of Object.entries(wrong)) {
    const { detail, sent } = runSync({ origin: app, url: api, ...page }, () => assert.fail(why));
    assert.ok(detail?.reason === "request-invalid", why);
    assert.equal(detail.why, why);
    assert.equal(sent, false);
  }
  for (const value of ["a\0", "a\nb", "a\rb"])
    assert.equal(
      runSync({ origin: app, url: api, headers: [["X-A", value]] }, () => assert.fail()).reason,
      "request-invalid",
    );
});

test("a data: URL is answered with the type that it says", () => {
  const typeOf = (url: string): string | undefined =>
    runSync({ origin: app, url }, () => assert.fail()).response?.headers[0]?.[1];
  assert.equal(typeOf("data:text/html,x"), "text/html");
  assert.equal(typeOf("data:image/png;base64,AA,BB"), "image/png");
  assert.equal(typeOf("data:;charset=utf-8,x"), "text/plain;charset=utf-8");
  assert.equal(typeOf("data:,x"), "text/plain;charset=US-ASCII");
});

test("about:blank is answered, another about: is not", () => {
  const outcome = (url: string): string =>
    runSync({ origin: app, url, mode: "no-cors" }, () => assert.fail()).outcome;
  assert.equal(outcome("about:blank"), "opaque");
  assert.equal(outcome("about:config"), "blocked");
});

test("what a browser may do before it takes an answer is told as a step that is not modelled", () => {
  const unasked = (status: number, url: string): string[] =>
    runSync({ origin: "https://app.example.com", url, credentials: "include" }, () => ({
      status,
      headers: [],
    }))
      .trace.filter(
        ({ step, result }) => ["15", "16", "17"].includes(step) && result === "not-modelled",
      )
      .map(({ step }) => step);
  assert.deepEqual(unasked(401, "https://app.example.com/"), ["15"]);
  assert.deepEqual(unasked(401, "https://api.example.com/"), [], "never across origins");
  assert.deepEqual(unasked(407, "https://api.example.com/"), ["16"]);
  assert.deepEqual(unasked(421, "https://api.example.com/"), ["17"]);
  assert.deepEqual(unasked(200, "https://app.example.com/"), []);
});

test("a preflight's answer is kept only where it spares the same request its next preflight", () => {
  const kept = (engine: Engine, page: Partial<PageRequest>, allow: string): string => {
    const request = { origin: "https://app.example.com", url: "https://api.example.com/", ...page };
    const answers: HeaderList = [
      ["Access-Control-Allow-Origin", "*"],
      ["Access-Control-Allow-Methods", allow],
      ["Access-Control-Allow-Headers", "*"],
      ["Access-Control-Max-Age", "60"],
    ];
    const cache = new CorsPreflightCache();
    const run = () =>
      runSync(request, () => ({ status: 200, headers: answers }), { engine, cache, now: () => 0 });
    const { preflightCache } = run();
    const asksAgain = run().wire.some(({ kind }) => kind === "preflight");
    assert.equal(preflightCache?.state === "stored", !asksAgain, engine.name);
    return preflightCache!.state;
  };
  const { chromium, firefox, standard } = engines;
  assert.equal(kept(standard, { method: "PUT" }, "*"), "stored");
  assert.equal(kept(firefox, { method: "PUT" }, "*"), "not-stored");
  assert.equal(kept(firefox, { method: "PUT" }, "PUT"), "stored");
  assert.equal(kept(chromium, { method: "PUT", origin: "null" }, "PUT"), "not-stored");
  for (const name of [
    "If-Match",
    "If-Modified-Since",
    "If-None-Match",
    "If-Range",
    "If-Unmodified-Since",
  ]) {
    const conditional: Partial<PageRequest> = { headers: [[name, "x"]] };
    assert.equal(kept(chromium, conditional, "PUT"), "not-stored", name);
    assert.equal(kept(standard, conditional, "PUT"), "stored", name);
  }
});
