import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { definePolicy, permitsOrigin } from "@corsway/cors";
import { cors, type NodeResponse } from "@corsway/cors/node";
import { fromCorsOptions, migrationCodes, readRegexOrigin } from "@corsway/cors/migrate";

const app = "https://app.example.com";

function codes(options: unknown, library?: Parameters<typeof fromCorsOptions>[1]): string[] {
  return fromCorsOptions(options, library).diagnostics.map(({ code }) => code);
}

test("options with a clear meaning become an equivalent policy", () => {
  const { policy, diagnostics } = fromCorsOptions({
    origin: [app, "https://admin.example.com"],
    methods: ["GET", "PUT"],
    allowedHeaders: ["Content-Type", "X-Auth-Token"],
    exposedHeaders: "X-Request-ID, X-Total-Count",
    credentials: true,
    maxAge: 600,
    optionsSuccessStatus: 200,
  });
  assert.deepEqual(
    diagnostics.filter(({ severity }) => severity === "error"),
    [],
  );
  assert.deepEqual(policy, {
    allowOrigins: [app, "https://admin.example.com"],
    allowMethods: ["GET", "PUT"],
    allowHeaders: ["Content-Type", "X-Auth-Token"],
    exposeHeaders: ["X-Request-ID", "X-Total-Count"],
    allowCredentials: true,
    maxAge: 600,
    preflightStatus: 200,
  });
});

test("the defaults of `cors()` allow every page, and the migration says so", () => {
  const { policy } = fromCorsOptions(undefined);
  assert.deepEqual(policy, {
    allowOrigins: "*",
    allowMethods: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
    allowHeaders: ["*", "Authorization"],
  });
  assert.deepEqual(
    codes(undefined).filter((code) => code.startsWith("migrate/")),
    ["migrate/every-origin", "migrate/default-methods", "migrate/reflected-headers"],
  );
});

test("a misspelt option is reported with the access that ignoring it granted", () => {
  const { diagnostics } = fromCorsOptions({ origins: [app], allowedHeader: "X-A", colour: 1 });
  const ignored = diagnostics.filter(({ code }) => code === "migrate/ignored-option");
  assert.deepEqual(
    ignored.map(({ path, why }) => [path, why]),
    [
      ["origins", "it was ignored, so every origin was allowed"],
      ["allowedHeader", "it was ignored"],
      ["colour", "it was ignored"],
    ],
  );
});

test("options that cannot be a valid policy yield none, with the reason", () => {
  for (const [options, library, code] of [
    [{ origin: true, credentials: true }, "cors", "migrate/reflected-with-credentials"],
    [{ credentials: true }, "cors", "migrate/any-origin-with-credentials"],
    [{ credentials: true }, "@koa/cors", "migrate/reflected-with-credentials"],
    [{ origin: "*", credentials: true }, "hono/cors", "migrate/any-origin-with-credentials"],
    [{ origin: false }, "cors", "migrate/switched-off"],
    [{ origin: 7 }, "cors", "migrate/unusable-value"],
    [() => ({}), "cors", "migrate/unusable-value"],
    [[], "cors", "migrate/unusable-value"],
    [
      { origin: /^https:\/\/(a|b)\.example\.com$/ },
      "cors",
      "migrate/origin-regular-expression-unclear",
    ],
  ] as const) {
    const { policy, diagnostics } = fromCorsOptions(options, library);
    assert.equal(policy, undefined, code);
    assert.ok(
      diagnostics.some((one) => one.code === code && one.severity === "error"),
      code,
    );
  }
});

test("values that had a different effect than they suggest are reported", () => {
  assert.ok(codes({ origin: [app, "*"] }).includes("migrate/origin-never-matched"));
  assert.deepEqual(fromCorsOptions({ origin: `${app}, https://b.example` }).policy?.allowOrigins, [
    app,
    "https://b.example",
  ]);
  assert.ok(codes({ origin: app, maxAge: "abc" }).includes("migrate/unusable-value"));
  assert.ok(codes({ origin: app, credentials: "true" }).includes("migrate/unusable-value"));
  assert.ok(codes({ origin: app, preflightContinue: true }).includes("migrate/dropped-option"));
  assert.ok(codes({ origin: true }).includes("migrate/reflected-origin"));
  // What a policy says of the origins themselves is said too.
  assert.ok(codes({ origin: `${app}/` }).includes("policy/origin-trailing-slash"));
});

test("the option names of other libraries are recognised", () => {
  const options = {
    origin: app,
    allowMethods: ["PUT"],
    allowHeaders: ["X-A"],
    exposeHeaders: ["X-B"],
    maxAge: 5,
  };
  for (const library of ["@koa/cors", "hono/cors"] as const)
    assert.deepEqual(fromCorsOptions(options, library).policy, {
      allowOrigins: [app],
      allowMethods: ["PUT"],
      allowHeaders: ["X-A"],
      exposeHeaders: ["X-B"],
      maxAge: 5,
    });
  const fastify = fromCorsOptions({ origin: app, allowedHeaders: "X-A" }, "@fastify/cors");
  assert.deepEqual(fastify.policy, { allowOrigins: [app], allowHeaders: ["X-A"] });
});

test("an origin function keeps deciding, within the limits of the policy", async () => {
  const byCallback = fromCorsOptions({
    origin: (origin: string, done: (error: unknown, allowed: unknown) => void) =>
      done(null, origin === app ? [app] : false),
    allowedHeaders: "X-A",
  });
  assert.ok(byCallback.diagnostics.every(({ severity }) => severity !== "error"));
  const middleware = cors(byCallback.policy as Parameters<typeof cors>[0]);
  assert.equal(await middleware.admitsUpgrade({ headers: { origin: app } }), true);
  assert.equal(await middleware.admitsUpgrade({ headers: { origin: "https://b.example" } }), false);
  const hono = fromCorsOptions(
    { origin: (origin: string) => origin, allowHeaders: "X-A" },
    "hono/cors",
  );
  assert.equal(typeof hono.policy?.allowOrigins, "function");
});

// Expression → its patterns → an origin that it lets in and they do not.
const expressions: readonly (readonly [RegExp, readonly string[], string | undefined])[] = [
  [/^https:\/\/app\.example\.com$/, ["https://app.example.com"], undefined],
  [
    /^https?:\/\/app\.example\.com$/,
    ["https://app.example.com", "http://app.example.com"],
    undefined,
  ],
  [/^https:\/\/[a-z0-9-]+\.example\.com$/, ["https://*.example.com"], undefined],
  [/^https:\/\/(.+\.)?example\.com$/, ["https://example.com", "https://*.example.com"], undefined],
  [/^http:\/\/localhost:\d+$/, ["http://localhost:*"], undefined],
  [/^http:\/\/localhost(:\d+)?$/, ["http://localhost:*"], undefined],
  [/^https:\/\/app\.example\.com:8443$/, ["https://app.example.com:8443"], undefined],
  // the README of `cors` had this one
  [/example\.com$/, ["https://example.com", "https://*.example.com"], "https://evil-example.com"],
  [/\.example\.com$/, ["https://*.example.com"], undefined],
  [/^https:\/\/app.example.com$/, ["https://app.example.com"], "https://appxexample.com"],
  [
    /^https:\/\/app\.example\.com/,
    ["https://app.example.com"],
    "https://app.example.com.evil.example",
  ],
  [
    /^https:\/\/.*\.example\.com/,
    ["https://*.example.com"],
    "https://evil.example.com.evil.example",
  ],
  [/https/, [], "https://evil.example"],
  [/^https:\/\/(a|b)\.example\.com$/, [], undefined],
];

for (const [regex, patterns, counter] of expressions)
  test(`${regex} is translated, and the unintended origins it allows are reported`, () => {
    const read = readRegexOrigin(regex);
    assert.deepEqual(read.patterns, patterns);
    assert.equal(read.counterExample, counter);
    if (counter !== undefined) assert.ok(regex.test(counter));
    if (patterns.length > 0) {
      const policy = definePolicy({ allowOrigins: patterns });
      if (counter !== undefined) assert.equal(permitsOrigin(policy, counter), false);
    }
  });

test("a pattern that allows more than the expression did is reported with an origin", () => {
  for (const [regex, wider] of [
    [/^https:\/\/[a-z0-9-]+\.example\.com$/, "https://a.b.example.com"],
    [/^http:\/\/localhost:\d{4}$/, "http://localhost"],
    [/^https:\/\/.*\.example\.com$/, undefined],
    [/^https?:\/\/(localhost|127\.0\.0\.1)(:\d+)?$/, undefined],
  ] as const) {
    assert.equal(readRegexOrigin(regex).wider, wider, String(regex));
    const [found] = fromCorsOptions({ origin: regex }).diagnostics;
    assert.equal(found!.message.includes(`also allows ${wider}`), wider !== undefined);
  }
});

test("a choice of whole hosts becomes a pattern for each", () => {
  const { patterns } = readRegexOrigin(/^https:\/\/(?:app|www)\.example\.com$/);
  assert.deepEqual(patterns, [], "a part of a name is not a host");
  const whole = readRegexOrigin(/^https:\/\/(app\.example\.com|example\.org)$/);
  assert.deepEqual(whole.patterns, ["https://app.example.com", "https://example.org"]);
  assert.equal(whole.counterExample, undefined);
});

test("entries that never had an effect are left out and reported", () => {
  const { policy, diagnostics } = fromCorsOptions({
    origin: [app, app],
    methods: "GET,PUT,OPTIONS,TRACE",
    allowedHeaders: ["X-A", "Access-Control-Allow-Origin", "Origin"],
    exposedHeaders: ["Set-Cookie", "X-B"],
  });
  assert.deepEqual(policy, {
    allowOrigins: [app],
    allowMethods: ["GET", "PUT"],
    allowHeaders: ["X-A"],
    exposeHeaders: ["X-B"],
  });
  const left = diagnostics.filter(({ code }) => code === "migrate/dropped-option");
  assert.deepEqual(
    left.map(({ path }) => path),
    ["origin", "methods", "methods", "allowedHeaders", "allowedHeaders", "exposedHeaders"],
  );
});

test("the options that a function gives, and a `*` inside an origin, are reported", () => {
  assert.deepEqual(codes({ delegator: () => ({}) }, "@fastify/cors"), ["migrate/unusable-value"]);
  assert.ok(codes({ origin: ["https://*.example.com"] }).includes("migrate/origin-never-matched"));
});

test("the flags `g` and `y` are reported, because they refuse every second request", () => {
  assert.equal(readRegexOrigin(/^https:\/\/a\.example$/g).stateful, true);
  const [found] = fromCorsOptions({ origin: /^https:\/\/a\.example$/g }).diagnostics;
  assert.match(found!.why, /every second request/);
});

// The claims above about `cors` itself are held by asking it.
const peer = createRequire(import.meta.url)("cors") as (
  options?: object,
) => (request: object, response: object, next: () => void) => void;

function ask(middleware: (...args: never[]) => void, origin: string, method = "GET") {
  const headers: Record<string, string> = {};
  const response = {
    statusCode: 200,
    headersSent: false,
    getHeaderNames: () => Object.keys(headers),
    getHeader: (name: string) => headers[name.toLowerCase()],
    removeHeader: (name: string) => delete headers[name.toLowerCase()],
    setHeader: (name: string, value: string) => (headers[name.toLowerCase()] = value),
    writeHead(_status: number, lines: readonly string[] = []) {
      for (let i = 0; i < lines.length; i += 2) headers[lines[i]!.toLowerCase()] = lines[i + 1]!;
    },
    end() {
      this.writeHead(this.statusCode);
    },
  };
  const request = {
    method,
    headers: {
      host: "api.example.com",
      origin,
      ...(method === "OPTIONS" && {
        "access-control-request-method": "PUT",
        "access-control-request-headers": "x-a",
      }),
    },
  };
  middleware(
    request as never,
    response as unknown as NodeResponse as never,
    (() => response.end()) as never,
  );
  return headers;
}

test("a migrated policy allows the same pages as `cors` did", () => {
  for (const options of [
    undefined,
    { origin: app },
    { origin: [app, /^https:\/\/[a-z0-9-]+\.example\.org$/], credentials: true, maxAge: 5 },
    { origin: `${app}`, methods: "GET,PUT", allowedHeaders: "X-A", exposedHeaders: ["X-B"] },
  ]) {
    const { policy } = fromCorsOptions(options);
    const ours = cors(policy as Parameters<typeof cors>[0]);
    for (const origin of [app, "https://x.example.org", "https://evil.example"])
      for (const method of ["GET", "OPTIONS"]) {
        const theirs = ask(peer(options), origin, method);
        const own = ask(ours as never, origin, method);
        const allows = theirs["access-control-allow-origin"];
        // `cors` with one string names that origin to everybody; a browser lets only that one in.
        const allowed = allows === "*" || allows === origin;
        assert.equal(
          own["access-control-allow-origin"] !== undefined,
          allowed,
          `${origin} ${method}`,
        );
        if (!allowed) continue;
        assert.equal(own["access-control-allow-origin"], allows);
        const credentials = "access-control-allow-credentials";
        assert.equal(own[credentials], theirs[credentials]);
        // On a preflight, where `cors` sends it too, it says nothing.
        const exposed = "access-control-expose-headers";
        if (method === "GET") assert.equal(own[exposed], theirs[exposed]);
      }
  }
});

test("the reference documents exactly the codes of migrate", () => {
  const text = readFileSync(
    new URL("../../../../docs/reference/diagnostics.md", import.meta.url),
    "utf8",
  );
  const sections = [...text.matchAll(/^## (migrate\/\S+)\n\n\*(\w+)\*/gm)].map(
    ([, code, severity]) => [code!, severity],
  );
  assert.deepEqual(
    sections.toSorted(),
    Object.entries(migrationCodes)
      .map(([code, { severity }]) => [code, severity])
      .toSorted(),
  );
});
