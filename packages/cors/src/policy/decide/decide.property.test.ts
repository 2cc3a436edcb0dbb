import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Header, HeaderList, RequestHead } from "../../standard/message.ts";
import {
  arbitraryOriginValue,
  arbitraryPolicyRequest,
  arbitraryPolicy,
  arbitraryPolicyInput,
  arbitraryRules,
  asList,
} from "../../../../../test/support/arbitrary-policy.ts";
import { applyDecision } from "./apply.ts";
import { compilePolicy } from "./compile.ts";
import type { Decide, Decision } from "./decision.ts";
import { noAccess } from "./no-access.ts";
import { permits, permitsOrigin } from "../permits.ts";
import type { PolicyRequest } from "../permits.ts";
import { admits } from "../admits.ts";
import { brandPolicy } from "../brand.ts";
import type { Policy, PolicyInput } from "../policy.ts";
import type { PolicyRules } from "../rules.ts";
import { readPolicy } from "../read/read.ts";

const url = "https://api.example/things?x=1";

function actualHead({ origin, method }: PolicyRequest): RequestHead {
  return { method, url, headers: [["Origin", origin]] };
}

function preflightHead({ origin, method, headerNames }: PolicyRequest): RequestHead {
  const headers: Header[] = [
    ["Origin", origin],
    ["Access-Control-Request-Method", method],
  ];
  if (headerNames.length > 0)
    headers.push(["Access-Control-Request-Headers", headerNames.join(",")]);
  return { method: "OPTIONS", url, headers };
}

/** The CORS check and the end of a preflight, straight from the standard's words. */
function browserReads(decide: Decide, request: PolicyRequest): boolean {
  const { method, headerNames, credentials } = request;
  if (!passesCorsCheck(decide(actualHead(request)).headers, request)) return false;
  const needsPreflight = !["GET", "HEAD", "POST"].includes(method) || headerNames.length > 0;
  if (!needsPreflight) return true;
  const preflight = decide(preflightHead(request));
  if (preflight.status !== 200 && preflight.status !== 204) return false;
  if (!passesCorsCheck(preflight.headers, request)) return false;
  const methods = list(preflight.headers, "Access-Control-Allow-Methods") ?? [];
  const names = new Set(
    (list(preflight.headers, "Access-Control-Allow-Headers") ?? []).map((name) =>
      name.toLowerCase(),
    ),
  );
  const methodPasses =
    methods.includes(method) ||
    ["GET", "HEAD", "POST"].includes(method) ||
    (!credentials && methods.includes("*"));
  return (
    methodPasses &&
    headerNames.every(
      (name) => names.has(name) || (name !== "authorization" && !credentials && names.has("*")),
    )
  );
}

function passesCorsCheck(headers: HeaderList, { origin, credentials }: PolicyRequest): boolean {
  const allowed = value(headers, "Access-Control-Allow-Origin");
  if (allowed === "*" && !credentials) return true;
  if (allowed !== origin) return false;
  return !credentials || value(headers, "Access-Control-Allow-Credentials") === "true";
}

function value(headers: HeaderList, name: string): string | undefined {
  const found = headers.filter(([other]) => other === name);
  assert.ok(found.length <= 1, `${name} stands once`);
  return found[0]?.[1];
}

function list(headers: HeaderList, name: string): string[] | undefined {
  return value(headers, name)?.split(", ");
}

test("a page can read the response exactly when the policy permits it", () => {
  let readable = 0;
  fc.assert(
    fc.property(arbitraryRules, arbitraryPolicyRequest, (policy, request) => {
      const expected = permits(policy, request);
      if (expected) readable++;
      assert.equal(browserReads(compilePolicy(policy), request), expected);
    }),
    { numRuns: 4000 },
  );
  assert.ok(readable > 200, `of 4000 requests ${readable} were readable`);
});

test("the decision for a request agrees with what the policy permits", () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryPolicyRequest, (policy, request) => {
      const decide = compilePolicy(policy);
      const asked = { ...request, credentials: false };
      const preflight = decide(preflightHead(request));
      const actual = decide(actualHead(request));
      assert.equal(preflight.kind, "preflight");
      assert.equal(preflight.allowed, permits(policy, asked));
      // OPTIONS is a method like others where nothing is requested by it
      assert.equal(actual.kind, "actual");
      assert.equal(actual.allowed, permitsOrigin(policy, request.origin));
    }),
    { numRuns: 2000 },
  );
});

test("the compiled decision equals the naive one, for any bytes in Origin", () => {
  const taken = { again: 0, allowed: 0, refused: 0, second: 0 };
  fc.assert(
    fc.property(
      arbitraryRules,
      fc.array(arbitraryOriginValue, { minLength: 1, maxLength: 5 }),
      (policy, origins) => {
        const decide = compilePolicy(policy);
        const seen = new Set<string>();
        for (const origin of origins) {
          if (seen.has(origin)) taken.again++;
          seen.add(origin);
          const head: RequestHead = { method: "GET", url, headers: [["Origin", origin]] };
          const decision = decide(head);
          assert.deepEqual(decision.headers, naiveHeaders(policy, origin), origin);
          taken[decision.allowed ? "allowed" : "refused"]++;
          if (decision.rule === 1) taken.second++;
          assert.equal(decision.rule, naiveRule(asList(policy), origin), origin);
          // kept answers are the same answers
          assert.deepEqual(decide(head), decision);
        }
      },
    ),
    { numRuns: 3000 },
  );
  for (const [branch, count] of Object.entries(taken)) assert.ok(count > 10, `${branch}: ${count}`);
});

function naiveRule(rules: readonly Policy[], origin: string): number | undefined {
  if (rules.length === 1) return undefined;
  const first = rules.findIndex((rule) => permitsOrigin(rule, origin));
  return first < 0 ? rules.length - 1 : first;
}

function naiveHeaders(rules: PolicyRules, origin: string): Header[] {
  const policy = asList(rules).find((rule) => permitsOrigin(rule, origin));
  if (policy === undefined) return [];
  const anybody = policy.allowOrigins === "*" && !policy.allowCredentials;
  const headers: Header[] = [["Access-Control-Allow-Origin", anybody ? "*" : origin]];
  if (policy.allowCredentials) headers.push(["Access-Control-Allow-Credentials", "true"]);
  const exposed = [...(policy.exposeHeaders.any ? ["*"] : []), ...policy.exposeHeaders.names];
  if (exposed.length > 0) headers.push(["Access-Control-Expose-Headers", exposed.join(", ")]);
  if (policy.timingAllowOrigin) headers.push(["Timing-Allow-Origin", anybody ? "*" : origin]);
  return headers;
}

/** A line of Fetch Metadata, now and then two, as a proxy could make of one. */
function metadata(name: string, ...values: readonly string[]): fc.Arbitrary<readonly Header[]> {
  const line = fc.constantFrom(...values).map((value): Header => [name, value]);
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: line.map((only) => [only]) },
    { weight: 1, arbitrary: fc.tuple(line, line) },
  );
}

const arbitraryHead: fc.Arbitrary<RequestHead> = fc
  .record({
    method: fc.constantFrom("GET", "POST", "OPTIONS", "PUT", "options"),
    url: fc.constantFrom(url, "https://foo.com/x", "http://localhost:3000"),
    origins: fc.array(arbitraryOriginValue, { maxLength: 2 }),
    methods: fc.array(fc.constantFrom("PUT", "GET", "patch", "", "B AD", "PATCH"), {
      maxLength: 2,
    }),
    names: fc.array(
      fc.constantFrom("x-a", "authorization", "x-a,x-b", "", ",,", "b ad", "X-A , range"),
      {
        maxLength: 2,
      },
    ),
    other: fc.array(
      fc.constantFrom<Header>(["Cookie", "a=b"], ["X-A", "1"], ["authorization", "x"]),
      {
        maxLength: 2,
      },
    ),
    site: metadata("Sec-Fetch-Site", "same-origin", "same-site", "cross-site", "none", ""),
    mode: metadata("Sec-Fetch-Mode", "navigate", "cors", "no-cors"),
    destination: metadata("Sec-Fetch-Dest", "document", "iframe", "image"),
    spelled: fc.boolean(),
  })
  .map(({ method, url, origins, methods, names, other, site, mode, destination, spelled }) => {
    const headers: Header[] = [
      ...origins.map((value): Header => ["Origin", value]),
      ...methods.map((value): Header => ["Access-Control-Request-Method", value]),
      ...names.map((value): Header => ["Access-Control-Request-Headers", value]),
      ...other,
      ...site,
      ...mode,
      ...destination,
    ];
    return {
      method,
      url,
      headers: spelled
        ? headers
        : headers.map(([name, value]) => [name.toLowerCase(), value] as const),
    };
  });

test("requests that differ only in headers not named in Vary get equal CORS headers", () => {
  let compared = 0;
  const decides = fc.oneof(
    { weight: 5, arbitrary: arbitraryRules.map(compilePolicy) },
    { weight: 1, arbitrary: fc.constant(noAccess as Decide) },
  );
  fc.assert(
    fc.property(decides, arbitraryHead, arbitraryHead, (decide, one, two) => {
      const first = decide(one);
      // the second request with the first's values of whatever Vary names
      const named = new Set(first.vary.map((name) => name.toLowerCase()));
      const headers = [
        ...one.headers.filter(([name]) => named.has(name.toLowerCase())),
        ...two.headers.filter(([name]) => !named.has(name.toLowerCase())),
      ];
      const second = decide({ ...one, headers });
      compared++;
      assert.deepEqual(second.headers, first.headers);
      assert.deepEqual(second.vary, first.vary);
      assert.equal(second.status, first.status);
    }),
    { numRuns: 5000 },
  );
  assert.ok(compared > 0);
});

test("a decision is frozen, has a refusal exactly when it does not allow, and sends each header once", () => {
  fc.assert(
    fc.property(arbitraryRules, arbitraryHead, (policy, head) => {
      const decision: Decision = compilePolicy(policy)(head);
      assert.ok(Object.isFrozen(decision.headers));
      assert.ok(Object.isFrozen(decision.vary));
      assert.equal(decision.refusal !== undefined, !decision.allowed);
      if (decision.kind === "same-origin") assert.equal(decision.allowed, true);
      if (decision.kind === "not-cors")
        assert.equal(decision.refusal, decision.allowed ? undefined : "site-not-allowed");
      const names = decision.headers.map(([name]) => name);
      assert.equal(new Set(names).size, names.length);
      const allowed = value(decision.headers, "Access-Control-Allow-Origin");
      const credentials = value(decision.headers, "Access-Control-Allow-Credentials");
      if (allowed === "*" || allowed === "null") assert.equal(credentials, undefined);
      for (const [, text] of decision.headers) assert.ok(!/[\r\n\0]/.test(text));
    }),
    { numRuns: 3000 },
  );
});

test("no bytes make a decision throw", () => {
  const bytes = fc.string({ unit: "binary", maxLength: 30 });
  const names = fc.constantFrom(
    "Origin",
    "origin",
    "ACCESS-CONTROL-REQUEST-METHOD",
    "Access-Control-Request-Headers",
    "\u0130rigin",
    "",
  );
  const header = fc.tuple(fc.oneof(names, bytes), fc.oneof(bytes, arbitraryOriginValue));
  const head = fc.record({
    method: fc.oneof(fc.constant("OPTIONS"), bytes),
    url: fc.oneof(fc.constant(url), arbitraryOriginValue, bytes),
    headers: fc.array(header, { maxLength: 6 }),
  });
  fc.assert(
    fc.property(
      fc.oneof(arbitraryRules.map(compilePolicy), fc.constant(noAccess)),
      head,
      (decide, head) => {
        const decision = decide(head);
        applyDecision(decision, head.headers);
        assert.equal(decision.refusal !== undefined, !decision.allowed);
      },
    ),
    { numRuns: 3000 },
  );
});

test("adding to a policy never blocks what it allowed before", () => {
  fc.assert(
    fc.property(
      arbitraryPolicyInput,
      arbitraryPolicyRequest,
      fc.constantFrom("https://added.example", "https://*.foo.com", "http://localhost:*"),
      fc.constantFrom("PUT", "ADDED", "*"),
      fc.constantFrom("Authorization", "X-Added", "*"),
      (input, request, origin, method, name) => {
        const before = readPolicy(input).policy!;
        const larger = readPolicy({
          ...input,
          allowOrigins: add(input.allowOrigins, origin),
          allowMethods: add(input.allowMethods ?? ["GET", "HEAD", "POST"], method),
          allowHeaders: add(input.allowHeaders ?? [], name),
        } satisfies PolicyInput).policy!;
        if (!permits(before, request)) return;
        assert.ok(permits(larger, request));
        assert.ok(browserReads(compilePolicy(larger), request));
      },
    ),
    { numRuns: 4000 },
  );
});

test("appending a rule blocks nothing that was permitted, and a list of one equals that policy", () => {
  let permitted = 0;
  fc.assert(
    fc.property(arbitraryRules, arbitraryPolicy, arbitraryPolicyRequest, (rules, more, request) => {
      if (!permits(rules, request)) return;
      permitted++;
      const longer = [...asList(rules), more];
      assert.ok(permits(longer, request));
      assert.ok(browserReads(compilePolicy(longer), request));
    }),
    { numRuns: 2000 },
  );
  assert.ok(permitted > 100, `of 2000 requests ${permitted} were permitted`);
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryHead, (policy, head) => {
      assert.deepEqual(compilePolicy([policy])(head), compilePolicy(policy)(head));
    }),
    { numRuns: 1000 },
  );
});

test("a request is forwarded exactly when the rules admit it", () => {
  const seen = { admitted: 0, "not-cors": 0, "same-origin": 0, actual: 0, preflight: 0 };
  fc.assert(
    fc.property(arbitraryRules, arbitraryHead, (rules, head) => {
      const decision = compilePolicy(rules)(head);
      const goesOn = decision.status === undefined;
      assert.equal(goesOn, admits(rules, head));
      seen[goesOn ? "admitted" : decision.kind]++;
      if (!goesOn && decision.kind !== "preflight") assert.equal(decision.status, 403);
    }),
    { numRuns: 6000 },
  );
  const { "same-origin": own, ...others } = seen;
  assert.equal(own, 0, "same origin is never refused");
  for (const [outcome, count] of Object.entries(others))
    assert.ok(count > 50, `${outcome}: ${count}`);
});

test("on_mismatch admits more from `reject` to `reject-writes` to `omit`", () => {
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryHead, (policy, head) => {
      const admitted = (["reject", "reject-writes", "omit"] as const).map((onMismatch) =>
        admits(brandPolicy({ ...policy, onMismatch }), head),
      );
      assert.deepEqual(admitted, admitted.toSorted());
    }),
    { numRuns: 2000 },
  );
});

function add(list: string | readonly string[], entry: string): string[] {
  return [...(typeof list === "string" ? [list] : list), entry];
}

test("applying a decision is idempotent and changes only CORS headers and Vary", () => {
  const arbitraryUpstream = fc.array(
    fc.constantFrom<Header>(
      ["Content-Type", "text/plain"],
      ["vary", "accept, ORIGIN"],
      ["Vary", "Accept-Encoding"],
      ["Vary", ""],
      ["access-control-allow-origin", "*"],
      ["Access-Control-Allow-Origin", "https://foo.com"],
      ["Access-Control-Expose-Headers", "x"],
      ["Timing-Allow-Origin", "*"],
      ["Set-Cookie", "a=b"],
      ["Set-Cookie", "c=d"],
    ),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(arbitraryPolicy, arbitraryHead, arbitraryUpstream, (policy, head, upstream) => {
      const decision = compilePolicy(policy)(head);
      const once = applyDecision(decision, upstream).headers;
      assert.deepEqual(applyDecision(decision, once).headers, once);
      const kept = (headers: HeaderList): HeaderList =>
        headers.filter(([name]) => !/^(?:access-control-.*|timing-allow-origin|vary)$/i.test(name));
      assert.deepEqual(kept(once), kept(upstream));
      const cors = once.filter(([name]) => /^access-control-/i.test(name));
      assert.deepEqual(
        cors,
        decision.headers.filter(([name]) => name.startsWith("Access-Control-")),
      );
      const vary = once.filter(([name]) => /^vary$/i.test(name)).map(([, text]) => text);
      for (const name of decision.vary)
        assert.match(vary.join(","), new RegExp(`(?:^|[ ,])${name}(?:$|,)`, "i"));
    }),
    { numRuns: 3000 },
  );
});
