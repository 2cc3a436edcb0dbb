import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Place } from "../../diagnostics/diagnostic.ts";
import { compilePolicy } from "../decide/compile.ts";
import { appOrigins } from "./app-origins.ts";
import { brandPolicy } from "../brand.ts";
import { definePolicy, PolicyError } from "./define.ts";
import type { Where } from "./faults.ts";
import { permits } from "../permits.ts";
import { readPolicy } from "./read.ts";
import { writePolicy } from "../write.ts";

function codes(input: unknown): string[] {
  return readPolicy(input).diagnostics.map(({ code }) => code.replace("policy/", ""));
}

/** Places that say where they were asked for: the path as a file, the part as columns. */
const where: Where = (path, part): Place => ({
  file: path.join("/") + (part?.key ? "#key" : ""),
  line: 1,
  column: (part?.span?.[0] ?? -1) + 1,
  endColumn: (part?.span?.[1] ?? -1) + 1,
});

test("a policy is read with its defaults", () => {
  assert.deepEqual(readPolicy({ allowOrigins: "https://app.example.com" }), {
    policy: {
      allowOrigins: [
        {
          kind: "tuple",
          scheme: "https",
          host: { kind: "exact", host: "app.example.com" },
          port: "default",
        },
      ],
      allowMethods: ["GET", "HEAD", "POST"],
      allowHeaders: { any: false, names: [], families: [] },
      exposeHeaders: { any: false, names: [] },
      allowCredentials: false,
      preflightStatus: 204,
      onMismatch: "omit",
      timingAllowOrigin: false,
      dangerouslyAllowNullOrigin: false,
      dangerouslyAllowInsecureOrigins: false,
      dangerouslyAllowPublicSuffixSubdomains: false,
      dangerouslyAllowAnyOriginWithCredentials: false,
    },
    diagnostics: [],
  });
});

test("camelCase, snake_case, singular forms and header names are equivalent keys", () => {
  const expected = readPolicy({
    allowOrigins: ["https://a.example"],
    allowMethods: ["GET", "HEAD", "POST", "PUT"],
    allowHeaders: ["X-A"],
    exposeHeaders: ["X-B"],
    allowCredentials: true,
    maxAge: 600,
  }).policy;
  assert.ok(expected);
  assert.deepEqual(
    readPolicy({
      allow_origin: "https://a.example",
      allow_methods: "GET, HEAD,POST , PUT",
      allow_headers: "X-A",
      expose_headers: "X-B",
      allow_credentials: true,
      max_age: "10m",
    }).policy,
    expected,
  );
  // the key-value pairs of a console that stores headers: everything is text
  assert.deepEqual(
    readPolicy({
      "Access-Control-Allow-Origin": "https://a.example",
      "access-control-allow-methods": "GET, HEAD, POST, PUT",
      "ACCESS-CONTROL-ALLOW-HEADERS": "X-A",
      "Access-Control-Expose-Headers": "X-B",
      "Access-Control-Allow-Credentials": "true",
      "Access-Control-Max-Age": "600",
    }),
    { policy: expected, diagnostics: [] },
  );
});

test("the policy is deeply frozen", () => {
  const { policy } = readPolicy({
    allowOrigins: ["https://*.a.example:[1,2]"],
    allowMethods: "PUT",
    allowHeaders: "X-A",
  });
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    assert.ok(Object.isFrozen(value), JSON.stringify(value));
    Object.values(value).forEach(visit);
  };
  visit(policy);
  visit(readPolicy({ allowOrigins: "null", dangerouslyAllowNullOrigin: true }).policy);
});

test("all faults are reported at once", () => {
  assert.deepEqual(
    codes({
      origins: "x",
      allow_origins: ["https://a.example/", "b.example", "https://*.github.io"],
      allow_methods: "TRACE",
      allow_headers: ["X A"],
      expose_headers: "*",
      allow_credentials: "true",
      max_age: "-5m",
      preflight_status: 418,
      on_mismatch: "deny",
    }).sort(),
    [
      "credentials-with-any-exposed-header",
      "credentials-with-public-suffix",
      "header-malformed",
      "max-age-negative",
      "method-forbidden",
      "not-one-of",
      "not-one-of",
      "origin-no-scheme",
      "origin-trailing-slash",
      "unknown-key",
      "wrong-type",
    ],
  );
});

test("a pasted Markdown link is refused with its place and the fix", () => {
  const link = "[https://app.my-domain.com](https://app.my-domain.com)";
  const { policy, diagnostics } = readPolicy(
    {
      allow_origin: link,
      allow_methods: "GET, POST, PUT, OPTIONS",
      allow_headers: "Content-Type, X-Auth-Token",
      expose_headers: "X-Request-ID",
      allow_credentials: true,
      max_age: "24h",
    },
    where,
  );
  assert.equal(policy, undefined);
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  assert.deepEqual(errors, [
    {
      code: "policy/origin-markdown-link",
      severity: "error",
      path: "allow_origin",
      at: { file: "allow_origin", line: 1, column: 1, endColumn: link.length + 1 },
      message: `\`${link}\` is a Markdown link`,
      why: "the brackets were copied along from a formatted page; as an origin, they match no request",
      fix: {
        say: "write `https://app.my-domain.com`",
        edit: {
          at: { file: "allow_origin", line: 1, column: 1, endColumn: link.length + 1 },
          text: "https://app.my-domain.com",
        },
      },
    },
  ]);
});

test("a fault points at its entry in an array or a comma-separated list", () => {
  const text = "https://a.example,  https://b.example/ ,http://localhost:[1,x]";
  const inString = readPolicy({ allowOrigins: text }, where).diagnostics;
  assert.deepEqual(
    inString
      .filter(({ severity }) => severity === "error")
      .map(({ at }) => text.slice(at!.column - 1, at!.endColumn! - 1)),
    ["https://b.example/", "http://localhost:[1,x]"],
  );
  const inArray = readPolicy({ allowOrigins: ["https://a.example", "https://b.example/"] }, where);
  assert.equal(inArray.diagnostics[0]!.path, "allowOrigins[1]");
  assert.equal(inArray.diagnostics[0]!.at!.file, "allowOrigins/1");
});

test("credentials and a conflicting field are reported with both places", () => {
  const [fault] = readPolicy(
    { allow_origin: "{$http_origin}", allow_credentials: true },
    where,
  ).diagnostics;
  assert.equal(fault!.code, "policy/credentials-with-any-origin");
  assert.match(fault!.fix!.say, /dangerously_allow_any_origin_with_credentials = true/);
  assert.deepEqual(fault!.also, [
    {
      path: "allow_credentials",
      at: { file: "allow_credentials", line: 1, column: 0, endColumn: 0 },
      say: "credentials are allowed here",
    },
  ]);
});

test("two spellings of one field are reported with both places", () => {
  const [fault] = readPolicy(
    { allow_origins: "*", "Access-Control-Allow-Origin": "*" },
    where,
  ).diagnostics;
  assert.equal(fault!.code, "policy/field-written-twice");
  assert.equal(fault!.at!.file, "Access-Control-Allow-Origin#key");
  assert.equal(fault!.also![0]!.at!.file, "allow_origins#key");
});

test("an unknown key gets a suggestion in the spelling that the table uses", () => {
  const meant = (key: string, others: object = {}): string | undefined =>
    readPolicy({ allow_origins: "*", ...others, [key]: 1 }, where).diagnostics.find(
      ({ code }) => code === "policy/unknown-key",
    )?.fix?.edit?.text;
  for (const [key, text] of [
    ["allowed_methods", "allow_methods"],
    ["allowedHeaders", "allowHeaders"],
    ["exposed_headers", "expose_headers"],
    ["supports_credentials", "allow_credentials"],
    ["max_age_seconds", "max_age"],
    ["allow_credentails", "allow_credentials"],
    ["alow_methods", "allow_methods"],
    ["allow-methods", "allow_methods"],
    ["ALLOW_METHODS", "allow_methods"],
    ["Access-Control-Allow-Header", "allow_headers"],
    ["optionsSuccessStatus", "preflightStatus"],
    ["methods", "allow_methods"],
    ["dangerously_allow_null_origins", "dangerously_allow_null_origin"],
    ["something_else", undefined],
    ["preflightContinue", undefined],
    ["path", undefined],
    ["constructor", undefined],
    ["__proto__x", undefined],
  ] as const)
    assert.equal(meant(key), text, key);
  // where the field is there already, renaming would clash
  assert.equal(meant("allowed_origins"), undefined);
  const camel = readPolicy({ allowOrigins: "*", maxAge: 1, credentials: true }, where).diagnostics;
  assert.equal(camel[0]!.fix!.edit!.text, "allowCredentials");
});

test("each `dangerously…` flag allows only what its name says", () => {
  const ok = (input: object): boolean => readPolicy(input).policy !== undefined;
  const c = { allowCredentials: true };
  assert.ok(!ok({ ...c, allowOrigins: "*" }));
  assert.ok(ok({ ...c, allowOrigins: "*", dangerouslyAllowAnyOriginWithCredentials: true }));
  assert.ok(!ok({ ...c, allowOrigins: "http://a.example" }));
  assert.ok(ok({ ...c, allowOrigins: "http://a.example", dangerouslyAllowInsecureOrigins: true }));
  assert.ok(!ok({ ...c, allowOrigins: "http://*.a.example" }));
  assert.ok(!ok({ ...c, allowOrigins: "https://pr-*.github.io" }));
  assert.ok(
    ok({ ...c, allowOrigins: "https://*.github.io", dangerouslyAllowPublicSuffixSubdomains: true }),
  );
  assert.ok(!ok({ allowOrigins: "null" }));
  assert.ok(ok({ allowOrigins: "null", dangerouslyAllowNullOrigin: true }));
  assert.ok(!ok({ ...c, allowOrigins: "null", dangerouslyAllowNullOrigin: true }));
  for (const local of [
    "http://localhost:*",
    "http://x.localhost",
    "http://*.localhost",
    "http://127.9.9.9:1",
    "http://[::1]",
  ])
    assert.ok(ok({ ...c, allowOrigins: local }), local);
  assert.ok(!ok({ ...c, allowOrigins: "http://localhost.example" }));
  assert.ok(!ok({ ...c, allowOrigins: "http://notlocalhost" }));
  assert.ok(!ok({ ...c, allowOrigins: "http://127.0.0.1.example" }));
});

test("registry, private and wildcard public suffixes are recognised, and unlisted names are not", () => {
  const warned = (host: string): boolean =>
    codes({ allowOrigins: `https://${host}` }).includes("public-suffix");
  for (const host of [
    "*.com",
    "*.co.uk",
    "*.github.io",
    "*.vercel.app",
    "*.ck",
    "*.kawasaki.jp",
    "pr-*.com",
    "*.com.",
  ])
    assert.ok(warned(host), host);
  for (const host of [
    "*.example.com",
    "*.me.github.io",
    "*.internal",
    "*.localhost",
    "*.example",
    "*.www.ck",
  ])
    assert.ok(!warned(host), host);
});

test("a shadowed entry is reported once, and of two equal entries the later one is", () => {
  const shadowed = (...allowOrigins: string[]): string[] =>
    readPolicy({ allowOrigins })
      .diagnostics.filter(
        ({ code }) => code === "policy/shadowed" || code === "policy/duplicate-entry",
      )
      .map(({ message }) => message.replaceAll("https://", ""));
  assert.deepEqual(shadowed("https://a.x.example", "https://*.x.example"), [
    "`a.x.example` is covered by `*.x.example`",
  ]);
  assert.deepEqual(shadowed("https://x.example", "https://x.example:*"), [
    "`x.example` is covered by `x.example:*`",
  ]);
  assert.deepEqual(
    shadowed("https://*.a.x.example", "https://pr-*.x.example", "https://*.x.example"),
    ["`*.a.x.example` is covered by `*.x.example`", "`pr-*.x.example` is covered by `*.x.example`"],
  );
  // by a wildcard inside the first label
  const wild = "https://pr-*.x.example";
  for (const [covered, by] of [
    ["pr-7.x.example", "pr-*.x.example"],
    ["pr-a-*.x.example", "pr-*.x.example"],
    ["pr-*-z.x.example", "pr-*.x.example"],
    ["pr-7.x.example:3000", "pr-*.x.example:*"],
  ] as const) {
    const pair = [`https://${covered}`, `https://${by}`];
    const told = [`\`${covered}\` is covered by \`${by}\``];
    assert.deepEqual(shadowed(...pair), told);
    assert.deepEqual(shadowed(...pair.reverse()), told);
  }
  for (const other of [
    "https://pr-.x.example",
    "https://p-7.x.example",
    "https://pr-7.a.x.example",
    "https://pr-7`.x.example",
    "https://pr-7.x.example:3000",
    "http://pr-7.x.example",
    "https://*-pr.x.example",
  ])
    assert.deepEqual(shadowed(wild, other), [], other);
  assert.deepEqual(shadowed("http://local*.localhost", "http://localhost"), []);
  assert.deepEqual(shadowed(`${wild}:[1,2]`, `${wild}:[2,1]`), [
    "`pr-*.x.example:[2,1]` is covered by `pr-*.x.example:[1,2]`",
  ]);
  assert.deepEqual(shadowed("https://x.example:[443,8443]", "https://x.example:[8443,443]"), [
    "`x.example:[8443,443]` is covered by `x.example:[443,8443]`",
  ]);
  assert.deepEqual(shadowed("https://x.example:[443,1]", "https://x.example"), [
    "`x.example` is covered by `x.example:[443,1]`",
  ]);
  assert.deepEqual(shadowed("https://x.example", "https://x.example"), [
    "`x.example` is listed twice",
  ]);
  assert.deepEqual(
    shadowed(
      "https://x.example",
      "https://*.x.example",
      "https://xx.example",
      "http://a.x.example",
      "https://a.x.example:1",
      "https://a`.x.example",
    ),
    [],
  );
});

test("a list may be a string, an array or a mixture, and unclosed brackets are handled", () => {
  const methods = (value: unknown): unknown =>
    readPolicy({ allowOrigins: "*", allowMethods: value }).policy?.allowMethods;
  assert.deepEqual(methods("get,put"), ["GET", "PUT"]);
  assert.deepEqual(methods(["GET", "PUT, DELETE"]), ["GET", "PUT", "DELETE"]);
  assert.deepEqual(methods(""), []);
  assert.deepEqual(methods([]), []);
  assert.equal(methods("*, PUT"), "*");
  assert.equal(methods([1]), undefined);
  assert.equal(methods({ 0: "GET", length: 1 }), undefined);
  assert.deepEqual(
    codes({ allowOrigins: "http://localhost:[3000, https://b.example/, https://c.example" }),
    ["origin-comma-list", "origin-port", "origin-trailing-slash"],
  );
  assert.deepEqual(codes({ allowOrigins: ["http://localhost:[3000,8080], https://b.example"] }), [
    "list-in-entry",
  ]);
});

test("a name with a wildcard, a quote or a separator gets a warning and still loads", () => {
  const told = (input: object): string[] =>
    readPolicy({ allowOrigins: "*", ...input })
      .diagnostics.filter(({ code }) => code === "policy/name-unusual")
      .map(({ message }) => message);
  for (const name of ["*-Token", "'X-A'", "X-A|X-B", "X-A&X-B", "X*", "X-*-A", "X-**"]) {
    assert.equal(told({ allowHeaders: name }).length, 1, name);
    assert.equal(told({ exposeHeaders: name }).length, 1, name);
  }
  assert.equal(told({ exposeHeaders: "X-Amz-*" }).length, 1, "families are of request headers");
  assert.deepEqual(told({ allowMethods: "GET|PUT" }), [
    "`GET|PUT` is one name, and the `|` is part of it",
  ]);
  assert.deepEqual(codes({ allowOrigins: "*", allowHeaders: ["*", "*-X", "Authorization"] }), [
    "name-unusual", // and not that `*` covers it as well
  ]);
  assert.deepEqual(told({ allowMethods: "P*", allowHeaders: ["*", "Authorization"] }).length, 1);
  assert.deepEqual(
    told({ allowMethods: "M-SEARCH, GET, *", allowHeaders: ["*", "x_api.key", "Authorization"] }),
    [],
  );
  assert.ok(readPolicy({ allowOrigins: "*", allowHeaders: "*-X" }).policy);
});

test("a family of request headers is at least two characters followed by `*`", () => {
  const read = (...allowHeaders: string[]) => readPolicy({ allowOrigins: "*", allowHeaders });
  const { policy, diagnostics } = read("Content-Type", "Mcp-Param-*", "x-amz-*", "X_*");
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(policy?.allowHeaders, {
    any: false,
    names: ["Content-Type"],
    families: ["Mcp-Param-*", "x-amz-*", "X_*"],
  });
  assert.deepEqual(writePolicy(policy!).allowHeaders, [
    "Content-Type",
    "Mcp-Param-*",
    "x-amz-*",
    "X_*",
  ]);
  const found = (...list: string[]): string[] =>
    read(...list).diagnostics.map(({ code, message }) => `${code.slice(7)}: ${message}`);
  assert.deepEqual(found("x-amz-*", "X-Amz-Meta-*", "X-Amz-Date", "x-amz-", "X-AMZ-*"), [
    "duplicate-entry: `X-AMZ-*` is listed twice",
    "shadowed: `X-Amz-Date` is covered by `x-amz-*`",
    "shadowed: `X-Amz-Meta-*` is covered by `x-amz-*`",
  ]);
  assert.deepEqual(found("*", "Authorization", "x-amz-*"), [
    "shadowed: `x-amz-*` is covered by `*`",
  ]);
  assert.deepEqual(found("Sec-*", "proxy-a*"), [
    "request-header-forbidden: `Sec-*` is never asked for",
    "request-header-forbidden: `proxy-a*` is never asked for",
  ]);
  assert.deepEqual(found("host*", "se*"), []);
  assert.deepEqual(found("access-control-allow-*"), [
    "header-of-cors: `access-control-allow-*` belongs to CORS itself",
  ]);
  assert.deepEqual(found("Auth*"), [
    "authorization-not-covered: `Auth*` does not cover `Authorization`",
  ]);
  assert.deepEqual(found("Auth*", "Authorization"), []);
  assert.deepEqual(found("Authorization*"), []);
});

test("a whole scheme can be allowed, except http and https", () => {
  const read = (origin: string, allowCredentials = false) =>
    readPolicy({ allowOrigins: [origin], allowCredentials });
  for (const origin of ["chrome-extension://*", "moz-extension://*", "vscode-webview://*"]) {
    const { policy, diagnostics } = read(origin);
    assert.deepEqual(diagnostics, [], origin);
    assert.deepEqual(writePolicy(policy!).allowOrigins, [origin]);
    const warned = read(origin, true);
    assert.ok(warned.policy, origin);
    assert.deepEqual(
      warned.diagnostics.map(({ code, severity }) => [code, severity]),
      [["policy/credentials-with-whole-scheme", "warning"]],
    );
  }
  for (const origin of ["https://*", "http://*", "http://*:8080"])
    assert.deepEqual(codes({ allowOrigins: origin }), ["origin-wildcard"], origin);
  assert.deepEqual(
    codes({ allowOrigins: ["app://*", "app://obsidian.md", "app://*.b", "app://b."] }),
    ["shadowed", "shadowed"],
  );
  assert.deepEqual(codes({ allowOrigins: ["app://a'b", "app://*"] }), [], "`*` is no such byte");
});

test("the likely origin of an app is proposed from the table of app origins", () => {
  const fix = (origin: string): string | undefined =>
    readPolicy({ allowOrigins: origin }).diagnostics[0]?.fix?.say;
  assert.equal(fix("capacitor://"), "write `capacitor://localhost`");
  assert.equal(fix("app://"), "write `app://obsidian.md` or `app://*`");
  assert.equal(fix("tauri:localhost"), "write `tauri://localhost`");
  assert.equal(fix("moz-extension:"), "write `moz-extension://*`");
  assert.equal(fix("tauri.localhost"), "write `http://tauri.localhost`");
  const reference = readFileSync(
    new URL("../../../../../docs/reference/policy.md", import.meta.url),
    "utf8",
  );
  const rows = appOrigins.map(({ app, origin }) => `| ${app} | \`${origin}\` |\n`);
  assert.ok(reference.includes(rows.join("")), "the reference has the same table");
  for (const { origin } of appOrigins) {
    const input = { allowOrigins: [origin], dangerouslyAllowNullOrigin: origin === "null" };
    assert.deepEqual(readPolicy(input).diagnostics, [], origin);
  }
});

test("a `*` anywhere in the label below a public suffix is treated like `*.`", () => {
  const found = (origin: string, allowCredentials: boolean) =>
    readPolicy({ allowOrigins: origin, allowCredentials }).diagnostics[0];
  for (const origin of [
    "https://pr-*.vercel.app",
    "https://pr-*-myteam.vercel.app",
    "https://*--site.netlify.app",
    "https://*x.co.uk",
  ]) {
    assert.equal(found(origin, false)?.code, "policy/public-suffix", origin);
    assert.equal(found(origin, true)?.code, "policy/credentials-with-public-suffix", origin);
  }
  assert.match(found("https://pr-*.vercel.app", true)?.why ?? "", /as open as `\*\.vercel\.app`/);
  assert.match(
    found("https://pr-*.vercel.app", true)?.fix?.say ?? "",
    /-myteam\.vercel\.app` is no better/,
  );
  const pages = found("https://pr-*.pages.dev", true)?.fix?.say ?? "";
  assert.match(pages, /^write `https:\/\/\*\.PROJECT\.pages\.dev`/);
  assert.equal(found("https://*.project.pages.dev", true), undefined);
});

test("a method that fetch does not upper-case gets a warning when written in another case", () => {
  for (const method of ["query", "Query", "patch", "purge"])
    assert.deepEqual(
      codes({ allowOrigins: "*", allowMethods: ["GET", "HEAD", "POST", method] }),
      ["method-lower-case"],
      method,
    );
  for (const method of ["QUERY", "PATCH", "put", "delete"])
    assert.deepEqual(
      codes({ allowOrigins: "*", allowMethods: ["GET", "HEAD", "POST", method] }),
      [],
    );
});

test("max_age accepts seconds or a duration", () => {
  const maxAge = (value: unknown): unknown =>
    readPolicy({ allowOrigins: "*", max_age: value }).policy?.maxAge;
  for (const [value, seconds] of [
    [0, 0],
    [-0, 0],
    [600, 600],
    [600n, 600],
    ["600", 600],
    ["24h", 86_400],
    ["1h 30m", 5400],
    ["1h30m", 5400],
    ["90s", 90],
    ["1 day", 86_400],
    ["2 weeks", 1_209_600],
    ["1.5h", 5400],
    ["1.1h", 3960], // not 3960.0000000000005
    ["8.2h", 29_520], // not 29519.999999999996
    ["3000ms", 3],
    ["10 Min", 600],
    [86_401, 86_401],
  ] as const)
    assert.equal(maxAge(value), seconds, String(value));
  for (const value of [
    -1,
    "-1h",
    1.5,
    "1500ms",
    "soon",
    "",
    "1y",
    "h",
    "1h-",
    Number.NaN,
    Infinity,
    true,
    null,
    [1],
    "1e3",
    "0x10",
    "9".repeat(30),
  ])
    assert.equal(maxAge(value), undefined, String(value));
});

test("a written policy omits fields that have their default", () => {
  const input = {
    allowOrigins: ["https://*.a.example", "http://localhost:[3000,8080]"],
    allowMethods: "*",
    allowHeaders: ["*", "Authorization"],
    exposeHeaders: ["X-A"],
    maxAge: 0,
    allowCredentials: true,
    onMismatch: "reject",
  } as const;
  assert.deepEqual(writePolicy(definePolicy(input)), input);
  assert.deepEqual(
    writePolicy(definePolicy({ allowOrigins: "*", preflightStatus: 204, allowHeaders: [] })),
    { allowOrigins: "*" },
  );
});

test("a misspelt required field is reported once", () => {
  const { diagnostics } = readPolicy({ alow_origins: "https://a.example" });
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    ["policy/unknown-key"],
  );
});

test("definePolicy names fields in camelCase, whichever spelling the input uses", () => {
  const define = definePolicy as (input: unknown) => unknown;
  assert.throws(
    () => define({ origin: "https://a.example", credentials: true }),
    /did you mean `allowOrigins`\?[^]*did you mean `allowCredentials`\?/,
  );
  assert.throws(() => define({ credentials: true }), /`allowOrigins` is missing/);
  assert.throws(() => define("https://a.example"), /write `allowOrigins: /);
  assert.throws(() => define({ origins: "*", max_age: 1 }), /did you mean `allow_origins`\?/);
});

test("a value as other libraries take it, or an unset variable, is reported as what it is", () => {
  const first = (allowOrigins: unknown): string => {
    const [{ message, fix } = { message: "", fix: { say: "" } }] = readPolicy({
      allowOrigins,
    }).diagnostics;
    return `${message}: ${fix?.say}`;
  };
  assert.match(first(undefined), /^`allowOrigins` is undefined/);
  assert.match(
    first(/a\.example$/),
    /is a regular expression, not a list: .*https:\/\/\*\.example/,
  );
  assert.match(first([/a\.example$/]), /is a regular expression, not a string: .*fromCorsOptions/);
  assert.match(first(true), /is `true`, not a list: write `allowOrigins: \["…"/);
});

test("functions that take a Policy reject unread input with an error that says so", () => {
  const policy = definePolicy({ allowOrigins: "https://a.example" });
  for (const wrong of [
    undefined,
    null,
    "https://a.example",
    { allowOrigins: ["https://a.example"] },
    { ...policy, allowOrigins: ["https://a.example"] },
    { ...policy, allowHeaders: null },
    readPolicy({ allowOrigins: "*" }), // the reading, and not its policy
  ])
    for (const [name, call] of [
      ["compilePolicy", compilePolicy],
      ["writePolicy", writePolicy],
      ["permits", permits],
    ] as const)
      assert.throws(() => (call as (given: unknown) => unknown)(wrong), {
        name: "TypeError",
        message: new RegExp(`^${name} takes a policy that was read: definePolicy\\(input\\)`),
      });
  // A copy has not been checked; what crossed a thread is branded again.
  assert.throws(() => compilePolicy({ ...policy }), TypeError);
  assert.throws(() => compilePolicy(structuredClone(policy)), TypeError);
  assert.doesNotThrow(() => compilePolicy(brandPolicy(structuredClone(policy))));
});

test("definePolicy throws with every error in its message, and without the warnings", () => {
  assert.throws(
    () =>
      definePolicy({
        allowOrigins: ["https://a.example/", "*"],
        allowCredentials: true,
        allowMethods: "OPTIONS",
      }),
    (error: unknown) => {
      assert.ok(error instanceof PolicyError);
      assert.deepEqual(
        error.diagnostics.map(({ code }) => code),
        ["policy/origin-trailing-slash", "policy/credentials-with-any-origin"],
      );
      assert.match(error.message, /ends in a slash[\s\S]*allows every origin, with credentials/);
      return true;
    },
  );
});

test("an invalid origin is reported with the origin that was likely meant", () => {
  const meant = (origin: string): string | undefined =>
    readPolicy({ allowOrigins: [origin] }).diagnostics[0]?.fix?.say;
  for (const text of ["https://u:p@A.com/", "https://@a.com", "a.com", "//a.com", "A.com/"])
    assert.equal(meant(text), "write `https://a.com`", text);
  assert.equal(meant("https://a.com/x"), "write `https://a.com`");
  assert.equal(meant("localhost:3000"), "write `http://localhost:3000`");
  assert.equal(meant("LOCALHOST"), "write `http://localhost`");
  assert.equal(meant("127.0.0.1:80"), "write `http://127.0.0.1`");
  assert.equal(meant("[::1]:3000"), "write `http://[::1]:3000`");
  assert.equal(meant("a localhost"), "write `https://host` or `https://host:port`");
});

test("several extra commas in one list are reported once", () => {
  const slips = (allowHeaders: string | string[]): string[] =>
    codes({ allowOrigins: "*", allowHeaders }).filter((code) => code === "empty-entry");
  assert.equal(slips("X-A,,X-B,,").length, 1);
  assert.equal(slips(["X-A,,", ",X-B"]).length, 2);
  assert.equal(slips("X-A,X-B").length, 0);
  for (const nothing of ["", " ", []]) assert.equal(slips(nothing).length, 0, "a list of nothing");
  for (const empty of [[""], [" "]]) assert.equal(slips(empty).length, 1);
});

test("an invalid max age is malformed if it is text or a number, and has the wrong type in every other case", () => {
  const one = (maxAge: unknown): string[] => codes({ allowOrigins: "*", maxAge });
  for (const maxAge of ["1e3", "soon", "", Number.NaN, 1.5, Infinity])
    assert.deepEqual(one(maxAge), ["max-age-malformed"], String(maxAge));
  for (const maxAge of [true, null, [600], { seconds: 600 }])
    assert.deepEqual(one(maxAge), ["wrong-type"], String(maxAge));
});

test("both keywords that mirror the Origin header are read as `*`", () => {
  for (const origin of ["{$http_origin}", "$http_origin"])
    assert.equal(readPolicy({ allowOrigins: [origin] }).policy?.allowOrigins, "*");
  assert.deepEqual(codes({ allowOrigins: ["$http_host"] }), ["origin-no-scheme"]);
});

test("keys of other products are reported with the matching field", () => {
  const keys: Readonly<Record<string, string>> = {
    origin: "allowOrigins",
    origins: "allowOrigins",
    AllowedOrigin: "allowOrigins",
    allowedOrigins: "allowOrigins",
    allow_origin_patterns: "allowOrigins",
    allowedOriginPatterns: "allowOrigins",
    method: "allowMethods",
    methods: "allowMethods",
    AllowedMethod: "allowMethods",
    allowed_methods: "allowMethods",
    headers: "allowHeaders",
    AllowedHeader: "allowHeaders",
    allowedHeaders: "allowHeaders",
    "request-headers": "allowHeaders",
    exposed: "exposeHeaders",
    exposedHeaders: "exposeHeaders",
    response_headers: "exposeHeaders",
    credential: "allowCredentials",
    credentials: "allowCredentials",
    credentialed: "allowCredentials",
    supports_credentials: "allowCredentials",
    age: "maxAge",
    MaxAgeSeconds: "maxAge",
    max_age_in_seconds: "maxAge",
    preflightMaxAge: "maxAge",
    optionsSuccessStatus: "preflightStatus",
    options_status: "preflightStatus",
    preflight_code: "preflightStatus",
    mismatch: "onMismatch",
    timing: "timingAllowOrigin",
    allowNullOrigin: "dangerouslyAllowNullOrigin",
    allow_insecure_origins: "dangerouslyAllowInsecureOrigins",
  };
  for (const [key, field] of Object.entries(keys)) {
    const [fault] = readPolicy({ allowOrigins: "https://a.example", [key]: 1 }).diagnostics;
    assert.equal(fault?.code, "policy/unknown-key", key);
    const said = /`(.+)`/.exec(fault.fix?.say ?? "")?.[1] ?? "";
    assert.equal(said.replaceAll("_", "").toLowerCase(), field.toLowerCase(), key);
  }
});

test("every unit of a duration has its own length", () => {
  for (const [units, seconds] of [
    ["ms msec millis", 1],
    ["s sec secs second seconds", 1000],
    ["m min mins minute minutes", 60_000],
    ["h hr hrs hour hours", 3_600_000],
    ["d day days", 86_400_000],
    ["w week weeks", 604_800_000],
  ] as const)
    for (const unit of units.split(" "))
      assert.equal(
        readPolicy({ allowOrigins: "*", maxAge: `1000 ${unit.toUpperCase()}` }).policy?.maxAge,
        seconds,
        unit,
      );
});

test("an invalid method or header is reported once, without follow-up faults", () => {
  assert.deepEqual(codes({ allowOrigins: "*", allowMethods: ["*", "a b", "a b"] }), [
    "method-malformed",
    "method-malformed",
  ]);
  assert.deepEqual(codes({ allowOrigins: "*", allowHeaders: ["a b", "a b"] }), [
    "header-malformed",
    "header-malformed",
  ]);
});
