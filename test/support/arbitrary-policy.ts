// For property tests, here and in other rooms: policies and page requests out of a small world, so
// that they meet each other often. Every policy is sound; no two words of the world are alike by
// accident. Not part of any public entry.

import fc from "fast-check";
import type { PolicyRequest } from "../../packages/cors/src/policy/permits.ts";
import type { OnMismatch, Policy, PolicyInput } from "../../packages/cors/src/policy/policy.ts";
import type { PolicyRules } from "../../packages/cors/src/policy/rules.ts";
import { readPolicy } from "../../packages/cors/src/policy/read/read.ts";

const securePatterns = [
  "https://foo.com",
  "https://bar.com",
  "https://a.foo.com",
  "https://foo.com:8443",
  "https://*.foo.com",
  "https://*.a.foo.com",
  "https://*.foo.com:*",
  "https://*.bar.com:[8443,9443]",
  "https://pr-*.foo.com",
  "https://*-pr.foo.com",
  "https://p*r.bar.com:*",
  "https://foo.com:*",
  "https://bar.com:[443,8443]",
  "https://xn--bcher-kva.example",
  "https://foo_bar.example",
  "https://foo.com.",
  "app+x://thing",
  "app+x://thing:*",
  "app+y://*",
  "app+z://*:*",
  "app+x://*:[1]",
  "http://localhost:*",
  "http://localhost:[3000,8080]",
  "http://*.localhost",
  "http://127.0.0.1:8080",
  "http://[::1]:*",
  "http://[::1]",
];
const insecurePatterns = ["http://foo.com", "http://*.foo.com", "http://*.bar.com:*"];

const methodNames = ["GET", "HEAD", "POST", "PUT", "PATCH", "patch", "DELETE", "QUERY"];
const requestNames = [
  "Authorization",
  "Content-Type",
  "X-A",
  "x-b",
  "Range",
  "X-Auth-Token",
  "X-Amz-*",
  "x-amz-meta-*",
  "x-*",
  "Auth*",
];
const responseNames = ["X-Request-ID", "x-b", "ETag", "Authorization"];

function some<T>(values: readonly T[], maxLength: number = values.length): fc.Arbitrary<T[]> {
  return fc.uniqueArray(fc.constantFrom(...values), { maxLength });
}

function anyOr(names: readonly string[]): fc.Arbitrary<string | string[]> {
  return fc.oneof(
    { weight: 3, arbitrary: some(names) },
    { weight: 1, arbitrary: fc.constant("*") },
    { weight: 1, arbitrary: some(names).map((listed) => ["*"].concat(listed)) },
  );
}

/** Inputs that read without an error: wildcards, port lists, `null`, credentials, `*` and names. */
export const arbitraryPolicyInput: fc.Arbitrary<PolicyInput> = fc
  .record({
    allowOrigins: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.uniqueArray(fc.constantFrom(...securePatterns, ...insecurePatterns, "null"), {
          minLength: 1,
          maxLength: 6,
        }),
      },
      { weight: 1, arbitrary: fc.constant("*" as const) },
    ),
    allowMethods: fc.option(anyOr(methodNames), { nil: undefined }),
    allowHeaders: fc.option(anyOr(requestNames), { nil: undefined }),
    exposeHeaders: fc.option(anyOr(responseNames), { nil: undefined }),
    allowCredentials: fc.boolean(),
    maxAge: fc.option(fc.constantFrom(0, 5, 600, 86_400), { nil: undefined }),
    preflightStatus: fc.constantFrom(200 as const, 204 as const),
    onMismatch: fc.constantFrom("omit" as const, "reject-writes" as const, "reject" as const),
    timingAllowOrigin: fc.boolean(),
  })
  .map(soundInput);

/** Bends what cannot stand together, and sets the flags that the rest needs. */
function soundInput(drawn: {
  allowOrigins: "*" | string[];
  allowMethods: string | string[] | undefined;
  allowHeaders: string | string[] | undefined;
  exposeHeaders: string | string[] | undefined;
  allowCredentials: boolean;
  maxAge: number | undefined;
  preflightStatus: 200 | 204;
  onMismatch: OnMismatch;
  timingAllowOrigin: boolean;
}): PolicyInput {
  const credentials = drawn.allowCredentials;
  const listed = drawn.allowOrigins === "*" ? [] : drawn.allowOrigins;
  const withoutNull = listed.filter((origin) => origin !== "null");
  const origins =
    drawn.allowOrigins === "*"
      ? "*"
      : credentials
        ? withoutNull.length > 0
          ? withoutNull
          : ["https://foo.com"]
        : listed;
  const exposed = drawn.exposeHeaders;
  const exposeHeaders =
    credentials && exposed !== undefined
      ? (typeof exposed === "string" ? [] : exposed).filter((name) => name !== "*")
      : exposed;
  return {
    allowOrigins: origins,
    ...(drawn.allowMethods !== undefined && { allowMethods: drawn.allowMethods }),
    ...(drawn.allowHeaders !== undefined && { allowHeaders: drawn.allowHeaders }),
    ...(exposeHeaders !== undefined && { exposeHeaders }),
    ...(drawn.maxAge !== undefined && { maxAge: drawn.maxAge }),
    allowCredentials: credentials,
    preflightStatus: drawn.preflightStatus,
    onMismatch: drawn.onMismatch,
    timingAllowOrigin: drawn.timingAllowOrigin,
    dangerouslyAllowNullOrigin: listed.includes("null"),
    dangerouslyAllowInsecureOrigins: credentials,
    dangerouslyAllowAnyOriginWithCredentials: credentials && origins === "*",
  };
}

export const arbitraryPolicy: fc.Arbitrary<Policy> = arbitraryPolicyInput.map(mustRead);

/** A policy alone, or rules by origin: any policies, in any order, the same one twice included. */
export const arbitraryRules: fc.Arbitrary<PolicyRules> = fc.oneof(
  { weight: 1, arbitrary: arbitraryPolicy },
  { weight: 2, arbitrary: fc.array(arbitraryPolicy, { minLength: 1, maxLength: 4 }) },
);

export function asList(rules: PolicyRules): readonly Policy[] {
  return "allowOrigins" in rules ? [rules] : rules;
}

function mustRead(input: PolicyInput): Policy {
  const { policy, diagnostics } = readPolicy(input);
  if (policy === undefined) throw new Error(JSON.stringify({ input, diagnostics }, null, 2));
  return policy;
}

/** Serialised origins that a browser could send, many of them matched by some pattern above. */
export const browserOrigins: readonly string[] = [
  ...securePatterns.filter(
    (pattern) => !pattern.includes("*") && !pattern.includes("[3") && !pattern.includes("[443"),
  ),
  "https://x.foo.com",
  "https://y.x.foo.com",
  "https://x.a.foo.com:8443",
  "https://x.foo.com:1",
  "https://x.bar.com:8443",
  "https://x.bar.com:9443",
  "https://x.bar.com:1",
  "https://pr-1.foo.com",
  "https://pr-.foo.com",
  "https://x.pr-1.foo.com",
  "https://1-pr.foo.com",
  "https://pr-1-pr.foo.com",
  "https://p1r.bar.com",
  "https://pr.bar.com",
  "https://bar.com:8443",
  "https://foo.com:1",
  "http://localhost",
  "http://localhost:3000",
  "http://x.localhost",
  "http://[::1]:3000",
  "http://foo.com",
  "http://x.foo.com",
  "http://x.bar.com:81",
  "app+x://thing:1",
  "app+x://other:1",
  "app+y://0f3a-b_9",
  "app+y://a.b",
  "app+y://a.b:1",
  "app+z://a.b:1",
  "https://other.example",
  "null",
];

/** What resembles an allowed origin and is none, or is none at all. */
export const adversarialOrigins: readonly string[] = [
  "https://barfoo.com",
  "https://foobar.com",
  "https://foo.com.evil.example",
  "https://evil-foo.com",
  "https://evilfoo.com",
  "https://xfoo.com",
  "https://foo.co",
  "https://fo.com",
  "https://.foo.com",
  "https://..foo.com",
  "https://x..foo.com",
  "https://.",
  "https://",
  "https://foo.com/",
  "https://foo.com:443",
  "https://foo.com:08443",
  "https://foo.com:8443 ",
  " https://foo.com",
  "https://foo.com:",
  "https://foo.com:*",
  "https://foo.com:65536",
  "https://foo.com:0",
  "HTTPS://foo.com",
  "https://Foo.com",
  "https://X.foo.com",
  "https://user@foo.com",
  "https://evil.example@foo.com",
  "https://foo.com@evil.example",
  "https://foo.com#.foo.com",
  "https://evil.example#.foo.com",
  "https://evil.example/.foo.com",
  "https://evil.example?.foo.com",
  "https://evil.example\\.foo.com",
  "https://x`.foo.com",
  "https://x'.foo.com",
  'https://x".foo.com',
  "https://x_y.foo.com",
  "https://x,y.foo.com",
  "https://x%2e.foo.com",
  "https://b\u00fccher.example",
  "https://x.foo.com.",
  "https://foo.com..",
  "https://*.foo.com",
  "https://pr-*.foo.com",
  "https://fooXcom",
  "http://localhost.evil.example",
  "http://localhost:3000.evil.example",
  "http://127.0.0.1.evil.example:8080",
  "http://127.0.0.1:80801",
  "http://[::1]:03000",
  "http://[::1]x",
  "http://[::1",
  "http://::1:3000",
  "http://[::1]:3000:1",
  "http://[0:0:0:0:0:0:0:1]",
  "app+x://thing/",
  "app+y://",
  "app+y://*",
  "app+y://a.",
  "app+y://a..b",
  "app+y://a'b",
  "app+y://a@b",
  "app+y://A",
  "app+yy://a",
  "file://",
  "Null",
  "NULL",
  "null ",
  "null, https://foo.com",
  "https://foo.com, https://bar.com",
  "https://foo.com https://bar.com",
  "https://foo.com,",
  "",
  "*",
  "undefined",
  `https://${"a".repeat(400)}.foo.com`,
  `https://${"a.".repeat(140)}foo.com`,
];

const arbitraryBrowserOrigin: fc.Arbitrary<string> = fc.constantFrom(...browserOrigins);

/** Any bytes in an Origin line. */
export const arbitraryOriginValue: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: arbitraryBrowserOrigin },
  { weight: 4, arbitrary: fc.constantFrom(...adversarialOrigins) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(
        fc.constantFrom("https://", "http://", "app+x://", ""),
        fc.array(
          fc.constantFrom(
            "foo",
            "bar",
            "com",
            ".",
            "pr-",
            "x",
            "-",
            "*",
            "_",
            "`",
            ":",
            "8443",
            "[",
            "]",
            "@",
          ),
          { maxLength: 8 },
        ),
        fc.constantFrom("", ".foo.com", ".bar.com:8443", "foo.com", ":8443"),
      )
      .map(([scheme, middle, end]) => scheme + middle.join("") + end),
  },
  { weight: 1, arbitrary: fc.string({ unit: "binary-ascii", maxLength: 40 }) },
);

/** A page's request to another origin, as `permits` is asked about it. */
export const arbitraryPolicyRequest: fc.Arbitrary<PolicyRequest> = fc.record({
  origin: arbitraryBrowserOrigin,
  method: fc.constantFrom(...methodNames, "*", "get-x"),
  headerNames: some(
    [
      "authorization",
      "content-type",
      "x-a",
      "x-b",
      "range",
      "*",
      "x-other",
      "x-amz-date",
      "x-amz-",
      "x-amz-meta-a",
    ],
    4,
  ).map((names) => names.sort()),
  credentials: fc.boolean(),
});
