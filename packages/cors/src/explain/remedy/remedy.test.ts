import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { getHeader } from "../../standard/header-list.ts";
import type { HeaderList, RequestHead } from "../../standard/message.ts";
import { compilePolicy } from "../../policy/decide/compile.ts";
import { definePolicy } from "../../policy/read/define.ts";
import { applyDecision } from "../../policy/decide/apply.ts";
import type { Policy } from "../../policy/policy.ts";
import { engines } from "../../browser/engines/engines.ts";
import type { PageRequest } from "../../browser/request.ts";
import { runSync } from "../../browser/run.ts";
import type { BrowserResponder } from "../../browser/sending.ts";
import { changedAnswer, changedRequest, type Change } from "./change.ts";
import { explainSync } from "../explain.ts";
import { explanationJson } from "../json.ts";
import { printExplanation, views } from "../print.ts";
import type { PolicySource } from "./policy-remedy.ts";

const url = "https://api.example.com/users";
const origin = "https://app.example.com";

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const answer = fc
  .record({
    status: fc.constantFrom(200, 204, 204, 404, 405, 500, 301),
    acao: fc.array(
      fc.constantFrom("*", origin, `${origin}/`, "null", "x y", "", "https://other.example"),
      { maxLength: 2 },
    ),
    acac: some(fc.constantFrom("true", "True", "")),
    acam: some(fc.constantFrom("*", "GET, PUT", "PUT;", "patch", "PATCH", "")),
    acah: some(fc.constantFrom("*", "x-a", "content-type, X-A", "a b", "authorization")),
    corp: some(fc.constantFrom("same-origin", "cross-origin")),
  })
  .map(({ status, acao, acac, acam, acah, corp }): { status: number; headers: HeaderList } => {
    const headers: [string, string][] = acao.map((value) => ["Access-Control-Allow-Origin", value]);
    if (acac !== undefined) headers.push(["Access-Control-Allow-Credentials", acac]);
    if (acam !== undefined) headers.push(["Access-Control-Allow-Methods", acam]);
    if (acah !== undefined) headers.push(["access-control-allow-headers", acah]);
    if (corp !== undefined) headers.push(["Cross-Origin-Resource-Policy", corp]);
    if (status === 301) headers.push(["Location", "https://b.example/"]);
    return { status, headers };
  });
const page = fc.record({
  origin: fc.constantFrom(origin, origin, origin, "null"),
  url: fc.constant(url),
  method: fc.constantFrom("GET", "PUT", "patch", "POST", "TRACE"),
  headers: fc.subarray<[string, string]>([
    ["X-A", "1"],
    ["Authorization", "Bearer x"],
    ["Content-Type", "application/json"],
  ]),
  credentials: fc.constantFrom("omit", "same-origin", "include"),
  mode: fc.constantFrom("cors", "cors", "cors", "no-cors", "same-origin"),
  redirect: fc.constantFrom("follow", "error"),
}) as fc.Arbitrary<PageRequest>;

/** The server as it would be with these changes made, and every answer known. */
function changed(server: BrowserResponder, changes: readonly Change[]): BrowserResponder {
  return (request, sending) =>
    changedAnswer(server(request, sending), changes, sending.kind, request.url);
}

/** An answer with these headers and no others, each with what this request asks for. */
function allowing(
  { headers }: RequestHead,
  needs: readonly string[],
): { status: number; headers: HeaderList } {
  const asked = (name: string): string => getHeader(headers, name) ?? "*";
  const values: Readonly<Record<string, string>> = {
    "Access-Control-Allow-Origin": asked("origin"),
    "Access-Control-Allow-Credentials": "true",
    "Access-Control-Allow-Methods": asked("access-control-request-method"),
    "Access-Control-Allow-Headers": asked("access-control-request-headers"),
  };
  return { status: 200, headers: needs.map((name) => [name, values[name]!]) };
}

test("applying a remedy makes the response readable in every engine", () => {
  const sides = new Set<string>();
  fc.assert(
    fc.property(page, answer, answer, (request, preflight, actual) => {
      const server: BrowserResponder = (head, { kind }) => {
        if (kind === "preflight") return preflight;
        // Beyond a redirect everything is allowed: what was never seen is named in the text.
        if (head.url !== url)
          return { status: 200, headers: [["Access-Control-Allow-Origin", "*"]] };
        return actual;
      };
      const explanation = explainSync(request, server);
      for (const { change, side, say, assumptions } of explanation.remedies) {
        if (change.length === 0) continue;
        // An answer that nobody has asked for yet is what the remedy needs it to be, and no more.
        const promised: BrowserResponder = (head, sending) => {
          const needed = assumptions.find(
            (each) =>
              each.kind === "answer-not-seen" && each.on === sending.kind && each.url === head.url,
          );
          return needed?.kind === "answer-not-seen"
            ? allowing(head, needed.needs)
            : server(head, sending);
        };
        sides.add(`${side} ${change[0]!.kind}`);
        for (const engine of Object.values(engines)) {
          const verdict = runSync(changedRequest(request, change), changed(promised, change), {
            engine,
          });
          assert.notEqual(verdict.outcome, "blocked", `${engine.name}: ${say}`);
        }
      }
    }),
    { numRuns: 3000 },
  );
  assert.deepEqual([...sides].sort(), ["client request", "server header", "server status"]);
});

test("every explanation renders in every view without gaps in its text, and as JSON", () => {
  fc.assert(
    fc.property(
      page,
      answer,
      answer,
      fc.integer({ min: 30, max: 120 }),
      (request, preflight, actual, width) => {
        const explanation = explainSync(request, (_head, { kind }) =>
          kind === "preflight" ? preflight : actual,
        );
        for (const view of views) {
          for (const unicode of [true, false]) {
            const text = printExplanation(explanation, { view, width, unicode });
            assert.doesNotMatch(text, /undefined|\[object|NaN/);
            // eslint-disable-next-line no-control-regex
            if (!unicode) assert.match(text, /^[\x0a\x20-\x7e]*$/);
          }
        }
        const json = explanationJson(explanation);
        assert.equal(json.verdict === "blocked", json.reason !== undefined);
        assert.equal(JSON.parse(JSON.stringify(json)).verdict, explanation.verdict.outcome);
      },
    ),
    { numRuns: 400 },
  );
});

function serverOf(policy: Policy): BrowserResponder {
  const decide = compilePolicy(policy);
  return (request) => {
    const decision = decide(request);
    return { status: decision.status ?? 200, headers: applyDecision(decision, []).headers };
  };
}

function sourceOf(policy: Policy): PolicySource {
  return {
    policy,
    spelling: (field) => field,
    place: () => undefined,
    serverWith: serverOf,
  };
}

test("a remedy for a policy is a valid policy that allows the page", () => {
  let turned = 0;
  const policy = fc.record({
    allowOrigins: fc.constantFrom("https://other.example", "*"),
    allowMethods: fc.constantFrom(["GET"], ["PUT"]),
    allowHeaders: fc.constantFrom<string[]>([], ["X-A"]),
  });
  fc.assert(
    fc.property(page, policy, (request, input) => {
      const before = definePolicy(input);
      const explanation = explainSync({ ...request, mode: "cors" }, serverOf(before), {
        policyOf: () => sourceOf(before),
      });
      const remedy = explanation.remedies.find(({ change }) => change[0]?.kind === "policy");
      if (remedy === undefined) return;
      turned++;
      const after: Record<string, unknown> = { ...input };
      for (const part of remedy.change) if (part.kind === "policy") after[part.field] = part.to;
      const server = serverOf(definePolicy(after as never));
      for (const engine of Object.values(engines))
        assert.notEqual(
          runSync({ ...request, mode: "cors" }, server, { engine }).outcome,
          "blocked",
          remedy.say,
        );
    }),
    { numRuns: 500 },
  );
  assert.ok(turned > 50, `only ${turned} remedies were tried`);
});

test("a remedy allows a family of headers by prefix rather than listing every name", () => {
  const policy = definePolicy({ allowOrigins: "https://app.example.com" });
  const request: PageRequest = {
    origin: "https://app.example.com",
    url,
    headers: [
      ["X-Stainless-OS", "Linux"],
      ["X-Stainless-Arch", "x64"],
      ["X-A", "1"],
    ],
  };
  const { remedies } = explainSync(request, serverOf(policy), { policyOf: () => sourceOf(policy) });
  assert.match(remedies[0]!.say, /allowHeaders = \["X-A", "x-stainless-\*"\]/);
});

test("no policy remedy allows an http origin with credentials", () => {
  const policy = definePolicy({ allowOrigins: "https://app.example.com", allowCredentials: true });
  const explanation = explainSync(
    { origin: "http://evil.example", url, credentials: "include" },
    serverOf(policy),
    { policyOf: () => sourceOf(policy) },
  );
  assert.match(explanation.remedies[0]!.say, /^a policy should not allow this: /);
  assert.deepEqual(explanation.remedies[0]!.change, []);
});

test("each request is sent once for all four engines, and no write is sent twice", () => {
  const asked: string[] = [];
  explainSync(
    {
      origin,
      url,
      method: "POST",
      headers: [
        ["Authorization", "x"],
        ["Range", "bytes=0-99999999999999999999"],
        ["User-Agent", "mine"],
      ],
    },
    (request, sending) => {
      asked.push(`${sending.kind} ${request.method}`);
      return {
        status: 200,
        headers: [
          ["Access-Control-Allow-Origin", "*"],
          ["Access-Control-Allow-Headers", "*, authorization"],
        ],
      };
    },
  );
  assert.equal(asked.filter((request) => request === "actual POST").length, 1, asked.join());
});

const headers = { "Access-Control-Allow-Origin": origin };

test("fixing a list with wrong separators keeps every name in it", () => {
  const lists: [written: string, mended: string][] = [
    ["X-A X-B", "X-A, X-B"],
    ['"X-A, X-B"', "X-A, X-B"],
    ["X-A; X-B", "X-A, X-B"],
    ["[X-A]", "X-A"],
    ["X-A, content type", "X-A"],
  ];
  for (const [written, mended] of lists) {
    const { remedies } = explainSync({ origin, url, headers: [["X-A", "1"]] }, (request) => ({
      status: 200,
      headers: [
        ...Object.entries(headers),
        ...(request.method === "OPTIONS"
          ? [["Access-Control-Allow-Headers", written] as const]
          : []),
      ],
    }));
    assert.match(remedies[0]!.say, new RegExp(`Allow-Headers: ${mended}\``), written);
  }
});

test("no remedy suggests allowing `null`, and a redirect that caused it is explained first", () => {
  const sandboxed = explainSync({ origin: "null", url, credentials: "include" }, () => ({
    status: 200,
    headers: [["Access-Control-Allow-Origin", "*"]],
  }));
  assert.deepEqual(
    sandboxed.remedies.map(({ side }) => side),
    ["client", "client"],
  );
  assert.match(sandboxed.remedies[1]!.say, /an http\(s\) origin of its own/);
  assert.doesNotMatch(sandboxed.sentence!.why, /must name/);
  const login = "https://login.example.com/";
  const redirected = explainSync({ origin, url }, (request) =>
    request.url === login
      ? { status: 200, headers: [] }
      : { status: 302, headers: [...Object.entries(headers), ["Location", login]] },
  );
  assert.match(
    redirected.sentence!.why,
    /the request was not authenticated, and the server redirects it to/,
  );
  assert.match(redirected.remedies[0]!.say, /^respond with 401 and the CORS headers to a `fetch`/);
});

test("for an extension the remedy is its manifest, and Local Network Access is not mentioned", () => {
  const explained = explainSync(
    { origin: "chrome-extension://abcdefghijklmnop", url: "http://127.0.0.1:8080/users" },
    () => ({ status: 200, headers: [] }),
  );
  assert.match(explained.remedies[0]!.say, /`http:\/\/127\.0\.0\.1\/\*` to `host_permissions`/);
  assert.doesNotMatch(printExplanation(explained), /Local Network Access/);
});

test("a local-network address is recognised by its bits, not by its text prefix", () => {
  const printed = (host: string): string =>
    printExplanation(
      explainSync({ origin, url: `https://${host}/users` }, () => ({ status: 200, headers: [] })),
    );
  for (const host of ["[fc00::1]", "[fd12::1]", "[fe80::1]", "10.0.0.1", "printer.local"])
    assert.match(printed(host), /the\s+local network \(Local Network Access\)/, host);
  for (const host of ["[fc::1]", "[fd:1::1]", "10.example.com", "printer-local.example"])
    assert.doesNotMatch(printed(host), /Local Network Access/, host);
});

test("the explanation reports that a header a page cannot set is not sent", () => {
  const allowing = () => ({ status: 200, headers: Object.entries(headers) });
  const told = (page: Partial<PageRequest>): string =>
    printExplanation(explainSync({ origin, url, ...page }, allowing));
  assert.match(
    told({ headers: [["Cookie", "a=b"]] }),
    /note {2}`Cookie` was left out: a page cannot/,
  );
  assert.match(
    told({
      mode: "no-cors",
      headers: [
        ["Content-Type", "application/json"],
        ["X-A", "1"],
      ],
    }),
    /`Content-Type` and `X-A` were left out: in mode no-cors a page cannot\s+set them/,
  );
  assert.doesNotMatch(told({ headers: [["Accept", "a/b"]] }), /left out/);
});

test("a sentence quotes only values that were sent, and names the algorithm that refused", () => {
  const redirecting = explainSync({ origin, url }, () => ({
    status: 302,
    headers: [...Object.entries(headers), ["Location", "ftp://files.example.com/"]],
  }));
  assert.equal(redirecting.sentence!.algorithm, "HTTP-redirect fetch");
  const badPort = explainSync({ origin, url: "http://127.0.0.1:6000/" }, () => assert.fail());
  assert.equal(badPort.sentence!.algorithm, "main fetch");
  assert.match(printExplanation(badPort), /note {2}nothing was sent/);
  const nullValue = explainSync({ origin, url }, () => ({
    status: 200,
    headers: [["Access-Control-Allow-Origin", "null"]],
  }));
  assert.match(nullValue.sentence!.why, /the origin of pages that have none; this page has one/);
  const slash = explainSync({ origin, url }, () => ({
    status: 200,
    headers: [["Access-Control-Allow-Origin", "https://other.example.com/"]],
  }));
  assert.match(slash.sentence!.why, /never ends in a slash/);
});

test("a header value is displayed without hiding or adding characters", () => {
  const told = (value: string, headers: HeaderList = []): string =>
    printExplanation(
      explainSync({ origin, url, headers }, () => ({
        status: 200,
        headers: [["Access-Control-Allow-Origin", value]],
      })),
    );
  const long = told(`https://${"a".repeat(5000)}`);
  assert.match(long, /a…a/);
  assert.doesNotMatch(long, /\\u2026/);
  assert.match(told("https://\u00e4pp.example.com"), /a non-ASCII character/);
  assert.match(told("https://app.example.com\u000b"), /an invisible byte/);
  // Chromium takes it for a client hint: that has nothing to do with `*` and Authorization.
  const hint = told("*", [["Save-Data", "on"]]);
  assert.match(hint, /but {3}Chromium allows it\n/);
});

test("the explanation says when a redirect removed Authorization from the request", () => {
  const away = "https://files.example.com/";
  const told = (name: string): string =>
    printExplanation(
      explainSync({ origin, url, headers: [[name, "x"]] }, (request) => ({
        status: request.method === "OPTIONS" ? 204 : request.url === away ? 401 : 302,
        headers: [
          ["Access-Control-Allow-Origin", "*"],
          ["Access-Control-Allow-Headers", name],
          ["Location", away],
        ],
      })),
    );
  assert.match(
    told("Authorization"),
    /the redirect to https:\/\/files\.example\.com removed Authorization from/,
  );
  assert.doesNotMatch(told("X-A"), /removed Authorization from/);
});

test("a method in the wrong case is fixed in the page, even if the server lists neither spelling", () => {
  const { remedies } = explainSync({ origin, url, method: "patch" }, () => ({
    status: 204,
    headers: [["Access-Control-Allow-Origin", "*"]],
  }));
  assert.match(remedies[0]!.say, /write the method in upper case: `PATCH`/);
  assert.match(remedies[1]!.say, /Access-Control-Allow-Methods: patch/);
});
