// The central theorem: the browser model in front of a compiled policy can read the response if and
// only if the policy permits it. Neither side imports the other; both rely only on the Fetch
// vocabulary.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  applyDecision,
  compilePolicy,
  permits,
  permitsOrigin,
  type PolicyRules,
} from "@corsway/cors";
import { brandPolicy } from "@corsway/cors/policy";
import { runSync, type PageRequest, type Verdict } from "@corsway/cors/browser";
import {
  corsUnsafeRequestHeaderNames,
  isForbiddenRequestHeader,
  isSameOrigin,
  normalizeMethod,
  originOfUrl,
  parseOrigin,
  type Header,
} from "@corsway/cors/standard";
import fc from "fast-check";
import {
  arbitraryPolicy,
  arbitraryRules,
  asList,
  browserOrigins,
} from "./support/arbitrary-policy.ts";

const own = [
  "https://foo.com",
  "https://foo.com:8443",
  "http://localhost:3000",
  "https://api.example",
];

const requestHeaders: readonly Header[] = [
  ["Authorization", "Bearer 1"],
  ["Content-Type", "application/json"],
  ["Content-Type", "text/plain"],
  ["X-A", "1"],
  ["x-b", "2"],
  ["X-Auth-Token", "3"],
  ["Range", "bytes=0-1"],
  ["Range", "bytes=-1"],
  ["Accept", "text/html"],
  ["Accept", '"'],
  ["Cookie", "a=b"],
  ["X-Nobody-Lists", "4"],
  ["X-Amz-Date", "5"],
  ["x-amz-meta-a", "6"],
  ["X-Amz-", "7"],
  ["X-Stainless-OS", "8"],
  ["Accept-Language", "a".repeat(128)],
];

const arbitraryRequest: fc.Arbitrary<PageRequest> = fc.record({
  origin: fc.constantFrom(...browserOrigins),
  url: fc.constantFrom(...own).map((origin) => `${origin}/users?page=2`),
  method: fc.constantFrom(
    "GET",
    "get",
    "HEAD",
    "POST",
    "PUT",
    "PATCH",
    "patch",
    "DELETE",
    "QUERY",
    "OPTIONS",
    "TRACE",
    "*",
  ),
  headers: fc.array(fc.constantFrom(...requestHeaders), { maxLength: 5 }),
  credentials: fc.constantFrom("omit", "same-origin", "include"),
});

function ask(policy: PolicyRules, request: PageRequest): Verdict {
  const decide = compilePolicy(policy);
  return runSync(request, (head) => {
    const decision = decide(head);
    const { headers } = applyDecision(decision, [
      ["X-Request-ID", "1"],
      ["ETag", '"1"'],
      ["X-Secret", "1"],
    ]);
    return { status: decision.status ?? 200, headers };
  });
}

function isPermitted(policy: PolicyRules, request: PageRequest): boolean {
  const { origin, url, method = "GET", headers = [], credentials } = request;
  const page = parseOrigin(origin)!;
  // what a page may set, and the Accept that fetch() adds
  const set = headers.filter(([name, value]) => !isForbiddenRequestHeader(name, value));
  const accepts = set.some(([name]) => name === "Accept");
  return permits(policy, {
    origin,
    sameOrigin: isSameOrigin(page, originOfUrl(new URL(url))),
    method: normalizeMethod(method),
    headerNames: corsUnsafeRequestHeaderNames(accepts ? set : [...set, ["Accept", "*/*"]]),
    credentials: credentials === "include",
  });
}

test("the model in front of a compiled policy can read the response if and only if the policy permits it", () => {
  const outcomes = { readable: 0, preflighted: 0, blocked: 0 };
  fc.assert(
    fc.property(arbitraryRules, arbitraryRequest, (policy, request) => {
      const verdict = ask(policy, request);
      const told = JSON.stringify({ policy, request, verdict }, null, 1);
      assert.equal(verdict.outcome === "readable", isPermitted(policy, request), told);
      if (verdict.outcome === "blocked") outcomes.blocked++;
      else if (verdict.wire[0]?.kind === "preflight") outcomes.preflighted++;
      else outcomes.readable++;
    }),
    { numRuns: 4000 },
  );
  // a property that never met one of its sides would prove nothing
  for (const [outcome, count] of Object.entries(outcomes))
    assert.ok(count > 100, `${outcome}: only ${count} cases`);
});

test("a page can read only the headers that the policy exposes, in addition to the safelisted ones", () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryRequest, (policy, request) => {
      const verdict = ask(policy, request);
      fc.pre(verdict.response?.type === "cors");
      const answering = asList(policy).find((rule) => permitsOrigin(rule, request.origin));
      const { any, names } = answering!.exposeHeaders;
      const exposed = new Set(names.map((name) => name.toLowerCase()));
      const all = any && request.credentials !== "include";
      for (const name of ["x-request-id", "etag", "x-secret"])
        assert.equal(
          verdict.exposedHeaders.includes(name),
          all || exposed.has(name),
          JSON.stringify({ name, policy, request }),
        );
    }),
    { numRuns: 1000 },
  );
});

test("adding to a policy never blocks a request that it allowed", () => {
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryPolicy, arbitraryRequest, (policy, more, request) => {
      const wider = brandPolicy({
        ...policy,
        allowMethods:
          policy.allowMethods === "*" || more.allowMethods === "*"
            ? "*"
            : [...policy.allowMethods, ...more.allowMethods],
        allowHeaders: {
          any: policy.allowHeaders.any || more.allowHeaders.any,
          names: [...policy.allowHeaders.names, ...more.allowHeaders.names],
          families: [...policy.allowHeaders.families, ...more.allowHeaders.families],
        },
        ...(policy.allowCredentials === more.allowCredentials &&
          policy.allowOrigins !== "*" &&
          more.allowOrigins !== "*" && {
            allowOrigins: [...policy.allowOrigins, ...more.allowOrigins],
          }),
      });
      fc.pre(ask(policy, request).outcome === "readable");
      const verdict = ask(wider, request);
      assert.equal(
        verdict.outcome,
        "readable",
        JSON.stringify({ policy, wider, request, verdict }),
      );
    }),
    { numRuns: 1000 },
  );
});

test("appending a rule never blocks a request that the earlier rules allowed", () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryPolicy, arbitraryRequest, (rules, more, request) => {
      fc.pre(ask(rules, request).outcome === "readable");
      const verdict = ask([...asList(rules), more], request);
      assert.equal(verdict.outcome, "readable", JSON.stringify({ rules, more, request, verdict }));
    }),
    { numRuns: 1000 },
  );
});
