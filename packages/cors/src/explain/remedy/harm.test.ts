// A remedy must do no harm: over a neighbourhood of requests, what else becomes readable by it, and
// what stops being so? Tried on the model, for changed answers and for changed policies.

import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { HeaderList } from "../../standard/message.ts";
import { applyDecision } from "../../policy/decide/apply.ts";
import { compilePolicy } from "../../policy/decide/compile.ts";
import { definePolicy } from "../../policy/read/define.ts";
import type { Policy, PolicyInput } from "../../policy/policy.ts";
import type { PageRequest } from "../../browser/request.ts";
import { runSync } from "../../browser/run.ts";
import type { BrowserResponder } from "../../browser/sending.ts";
import { engines } from "../../browser/engines/engines.ts";
import { explainSync } from "../explain.ts";
import { changedAnswer } from "./change.ts";
import type { PolicySource } from "./policy-remedy.ts";
import type { Remedy } from "./remedy.ts";

const url = "https://api.example.com/users";
const origin = "https://app.example.com";
const other = "https://other.example";
const origins = [origin, other, "https://www.example.com", "http://app.example.com", "null"];
const methods = ["GET", "PUT", "DELETE", "patch", "*"];
const headerNames = ["X-A", "X-B", "Authorization", "*"];

const pages = fc.record({
  origin: fc.constantFrom(origin, origin, "http://app.example.com", "null"),
  url: fc.constant(url),
  method: fc.constantFrom(...methods),
  headers: fc
    .subarray(headerNames, { maxLength: 2 })
    .map((names) => names.map((name): [string, string] => [name, "1"])),
  credentials: fc.constantFrom("omit", "include"),
  mode: fc.constantFrom("cors", "cors", "cors", "no-cors"),
}) as fc.Arbitrary<PageRequest>;

/** What a page may ask that is nearly the same. */
const neighbours: readonly PageRequest[] = origins.flatMap((from) =>
  (["omit", "include"] as const).flatMap((credentials) => asks(from, credentials)),
);

function asks(from: string, credentials: "omit" | "include"): PageRequest[] {
  const asked = { origin: from, url, credentials };
  return [
    { ...asked, mode: "no-cors" as const },
    ...methods.map((method) => Object.assign({ method }, asked)),
    ...headerNames.map((name) => Object.assign({ headers: [[name, "1"] as const] }, asked)),
  ];
}
function passes(page: PageRequest, server: BrowserResponder): boolean {
  return runSync(page, server, { engine: engines.standard, now: () => 0 }).outcome !== "blocked";
}

/** Is this a method or a header of the page's own, or one that was allowed before? */
function isListed(page: PageRequest, neighbour: PageRequest, allowed: readonly string[]): boolean {
  const names = [...allowed, page.method ?? "GET", ...(page.headers ?? []).map(([name]) => name)];
  const known = new Set(["get", ...names.map((name) => name.toLowerCase())]);
  const method = (neighbour.method ?? "GET").toLowerCase();
  const header = neighbour.headers?.[0]?.[0]?.toLowerCase();
  const any = known.has("*") && allowed.includes("*");
  return any || (known.has(method) && (header === undefined || known.has(header)));
}

/**
 * Holds for every change of a server's side, whether it is headers or a policy. `allowed`: the
 * methods and headers that were listed before.
 */
function checkHarm(
  allowed: readonly string[],
  page: PageRequest,
  { say, assumptions, takesAway }: Remedy,
  before: BrowserResponder,
  after: BrowserResponder,
): void {
  const isPublic = assumptions.some(({ kind }) => kind === "public-answer");
  const withCredentials = assumptions.find(({ kind }) => kind === "origins-with-credentials");
  const lostOrigins = new Set(
    takesAway.map((loss) => (loss.kind === "origin" ? loss.origin : "all")),
  );
  for (const neighbour of neighbours) {
    const was = passes(neighbour, before);
    const is = passes(neighbour, after);
    if (was === is) continue;
    const what = `${neighbour.origin} ${neighbour.method ?? "GET"} ${neighbour.credentials ?? ""} ${String(neighbour.headers)} ${neighbour.mode ?? "cors"}\nfor ${JSON.stringify(page)}\n${say}`;
    if (was) {
      assert.ok(
        lostOrigins.has("all") || lostOrigins.has(neighbour.origin),
        `taken away unsaid: ${what}`,
      );
      continue;
    }
    // What needs no CORS check is for pages of one site; everything else for the page's origin alone.
    if (neighbour.mode === "no-cors") continue;
    // Lists of methods and headers are for every origin that was in already.
    const plain: PageRequest = {
      origin: neighbour.origin,
      url,
      credentials: neighbour.credentials ?? "omit",
    };
    const wasIn =
      passes(plain, before) ||
      // Named by the remedy: a policy has one switch for all its origins.
      (withCredentials !== undefined && passes({ ...plain, credentials: "omit" }, before));
    assert.ok(
      isPublic || wasIn || neighbour.origin === page.origin,
      `another origin got in: ${what}`,
    );
    if (neighbour.credentials === "include" && !wasIn)
      assert.ok(
        (page.credentials === "include" && page.origin !== "null") ||
          // The server says it itself, and the remedy names it.
          assumptions.some(({ kind }) => kind === "listed-origin") ||
          withCredentials !== undefined,
        `cookies got in: ${what}`,
      );
    assert.ok(isListed(page, neighbour, allowed), `a method or header got in: ${what}`);
  }
}

interface Answered {
  readonly status: number;
  readonly headers: HeaderList;
}

const answers = fc
  .record({
    status: fc.constantFrom(200, 204, 404),
    acao: fc.constantFrom(undefined, "*", origin, other, "null", `${origin}/`, "*, *", ""),
    acac: fc.constantFrom(undefined, "true", "True", "true, true"),
    acam: fc.constantFrom(undefined, "*", "get, put", "GET, PUT", "patch", "GET PUT", "*, PUT"),
    acah: fc.constantFrom(undefined, "*", "x-a", "X-A, authorization", "X-A;X-B", "*, x-a"),
    corp: fc.constantFrom(undefined, "same-origin", "same-site"),
  })
  .map(({ status, ...headers }): Answered => ({
    status,
    headers: Object.entries({
      "Access-Control-Allow-Origin": headers.acao,
      "Access-Control-Allow-Credentials": headers.acac,
      "Access-Control-Allow-Methods": headers.acam,
      "Access-Control-Allow-Headers": headers.acah,
      "Cross-Origin-Resource-Policy": headers.corp,
    }).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  }));

/** The standard stops at the preflight; Chromium goes on and sees that the response allows credentials. */
const onlyChromiumSees: [PageRequest, Answered, Answered] = [
  { origin, url, headers: [["Authorization", "1"]], credentials: "omit" },
  {
    status: 200,
    headers: [
      ["Access-Control-Allow-Origin", "*"],
      ["Access-Control-Allow-Headers", "*"],
    ],
  },
  { status: 200, headers: [["Access-Control-Allow-Credentials", "true"]] },
];

test("a changed response allows no other page, and removes no access without saying so", () => {
  let tried = 0;
  fc.assert(
    fc.property(pages, answers, answers, (page, preflight, actual) => {
      const before: BrowserResponder = (_head, { kind }) =>
        kind === "preflight" ? preflight : actual;
      for (const remedy of explainSync(page, before).remedies) {
        if (remedy.side !== "server" || remedy.change.length === 0) continue;
        tried++;
        // Where the answer itself was not seen it is the one at hand: the change says nothing of it.
        const lists = preflight.headers.filter(([name]) => /-(?:Methods|Headers)$/.test(name));
        // A list with a wrong separator still shows what the server means to allow.
        const allowed = lists.flatMap(([, value]) => value.split(/[,; ]+/));
        checkHarm(allowed, page, remedy, before, (head, sending) =>
          changedAnswer(before(head, sending), remedy.change, sending.kind, head.url),
        );
      }
    }),
    { numRuns: 800, examples: [onlyChromiumSees] },
  );
  assert.ok(tried > 150, `only ${tried} remedies were tried`);
});

function serverOf(policy: Policy | readonly [Policy, Policy]): BrowserResponder {
  const decide = compilePolicy(policy);
  return (request) => {
    const decision = decide(request);
    return { status: decision.status ?? 200, headers: applyDecision(decision, []).headers };
  };
}

test("a changed policy allows no other page, and removes no access without saying so", () => {
  let tried = 0;
  const policies = fc
    .record({
      allowOrigins: fc.constantFrom<PolicyInput["allowOrigins"][]>("*", other, [other, "null"]),
      allowMethods: fc.constantFrom("*", ["GET"], ["PUT"]),
      allowHeaders: fc.constantFrom<NonNullable<PolicyInput["allowHeaders"]>[]>([], "*", ["X-A"]),
      allowCredentials: fc.boolean(),
      dangerouslyAllowNullOrigin: fc.boolean(),
      dangerouslyAllowAnyOriginWithCredentials: fc.boolean(),
    })
    .map((input) => {
      try {
        return definePolicy(input);
      } catch {
        return undefined;
      }
    })
    .filter((policy) => policy !== undefined);
  fc.assert(
    fc.property(pages, policies, fc.boolean(), (page, policy, hasNames) => {
      const before = serverOf(policy);
      let after: BrowserResponder | undefined;
      const source: PolicySource = {
        policy,
        spelling: (field) => field,
        place: () => undefined,
        serverWith: (changed) => (after = serverOf(changed)),
        ...(hasNames
          ? {
              inFront: {
                serverWith: (rule) => (after = serverOf([rule, policy])),
                names: ["public"],
                newName: "with-credentials",
              },
            }
          : {}),
      };
      for (const remedy of explainSync(page, before, { policyOf: () => source }).remedies) {
        if (remedy.change[0]?.kind !== "policy" || after === undefined) continue;
        tried++;
        const { allowMethods, allowHeaders } = policy;
        const allowed = [
          ...allowMethods,
          ...allowHeaders.names,
          ...(allowHeaders.any ? ["*"] : []),
        ];
        checkHarm(allowed, page, remedy, before, after);
      }
    }),
    { numRuns: 800 },
  );
  assert.ok(tried > 50, `only ${tried} remedies were tried`);
});

test("no remedy allows the origin `null` with credentials, and no advice is repeated", () => {
  const { remedies } = explainSync({ origin: "null", url, credentials: "include" }, () => ({
    status: 200,
    headers: [["Access-Control-Allow-Origin", "null"]],
  }));
  assert.ok(remedies.length > 0);
  for (const { side, change } of remedies)
    assert.deepEqual([side === "server", change.length > 0 && side === "server"], [false, false]);
  assert.equal(new Set(remedies.map(({ say }) => say)).size, remedies.length);
});

test("a remedy carries its assumptions as data", () => {
  const { remedies } = explainSync(
    { origin: "http://app.example.com", url, method: "PUT", credentials: "include" },
    () => ({
      status: 204,
      headers: [
        ["Access-Control-Allow-Origin", "*"],
        ["Access-Control-Allow-Methods", "PUT"],
      ],
    }),
  );
  const server = remedies.find(({ side }) => side === "server")!;
  assert.deepEqual(
    server.assumptions.map(({ kind }) => kind),
    ["listed-origin", "trusted-network", "answer-not-seen"],
  );
  assert.deepEqual(server.takesAway, [{ kind: "other-origins" }]);
  const client = remedies.find(({ side }) => side === "client")!;
  assert.equal(client.assumptions[0]!.kind, "no-cookies-needed");
});

test("CORP is relaxed only as far as the page needs, and further only where an engine requires it", () => {
  const told = (from: string, to: string): unknown =>
    explainSync({ origin: from, url: to, mode: "no-cors" }, () => ({
      status: 200,
      headers: [["Cross-Origin-Resource-Policy", "same-origin"]],
    })).remedies[0]!.change.map((change) => change.kind === "header" && change.to);
  assert.deepEqual(told("https://www.example.com", "https://api.example.com/"), ["same-site"]);
  assert.deepEqual(told("https://www.example.com", "https://example.org/"), ["cross-origin"]);
  assert.deepEqual(told("http://www.example.com", "https://api.example.com/"), ["cross-origin"]);
  // Chromium takes two ports of one address for two sites.
  assert.deepEqual(told("http://127.0.0.1:1", "http://127.0.0.1:2/"), ["cross-origin"]);
});

test("a policy with credentials is not opened to an http: page, which its network can impersonate", () => {
  const policy = definePolicy({ allowOrigins: [other], allowCredentials: true });
  const source: PolicySource = {
    policy,
    spelling: (field) => field,
    place: () => undefined,
    serverWith: serverOf,
  };
  const changes = (from: string): number =>
    explainSync({ origin: from, url }, serverOf(policy), { policyOf: () => source }).remedies[0]!
      .change.length;
  assert.deepEqual([changes("http://app.example.com"), changes(origin)], [0, 1]);
});
