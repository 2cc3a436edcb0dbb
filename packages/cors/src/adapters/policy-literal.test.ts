// What the compiler refuses. The gate's type check is what runs these: an expected error that is no
// error fails it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { definePolicy, type PolicyInput } from "@corsway/cors";
import type { PolicyLiteral } from "@corsway/cors/adapter";
import { cors } from "@corsway/cors/express";

const app = "https://app.example.com";

test("what means something compiles", () => {
  for (const middleware of [
    cors({ allowOrigins: "*" }),
    cors({ allowOrigins: app }),
    cors({ allowOrigins: [app, "http://localhost:*"], allowCredentials: true }),
    cors({ allowOrigins: ["null", app], dangerouslyAllowNullOrigin: true }),
    cors({
      allowOrigins: "*",
      allowCredentials: true,
      dangerouslyAllowAnyOriginWithCredentials: true,
    }),
    cors({ allowOrigins: (origin) => origin === app, allowCredentials: true }),
    cors({ allowOrigins: async (_origin, { host, method }) => host !== method }),
    // What is known at run time only is read first, and checked there.
    cors(definePolicy({ allowOrigins: [app].concat() })),
  ])
    assert.equal(typeof middleware, "function");
});

test("origins that only the running program knows compile, and are checked when the middleware is made", () => {
  const list: string[] = "https://a.example,http://localhost:3000".split(",");
  const readonlyList: readonly string[] = list;
  const names: readonly string[] = ["X-Request-ID"];
  const environment: { readonly APP_ORIGIN?: string } = {};
  const isDevelopment = list.length > 1;
  const written: PolicyInput = { allowOrigins: list };
  const exported = { allowOrigins: ["https://a.example"], allowCredentials: true };
  const frozen = { allowOrigins: ["https://a.example"], allowCredentials: true } as const;
  const checked = { allowOrigins: ["https://a.example"] } satisfies PolicyLiteral;
  for (const middleware of [
    cors({ allowOrigins: list }),
    cors({ allowOrigins: readonlyList, allowCredentials: true, exposeHeaders: names }),
    cors({ allowOrigins: list[0]! }),
    cors({ allowOrigins: environment.APP_ORIGIN ?? "http://localhost:3000" }),
    cors({ allowOrigins: [app, ...list], allowCredentials: true }),
    cors({ allowOrigins: [app, ...(isDevelopment ? ["http://localhost:3000"] : [])] }),
    cors({ allowOrigins: isDevelopment ? "*" : list }),
    cors({
      allowOrigins: list.map((origin) => origin.toLowerCase()),
      allowCredentials: isDevelopment,
    }),
    cors({ allowOrigins: app, allowCredentials: isDevelopment }),
    cors([{ allowOrigins: list, allowCredentials: true }, { allowOrigins: "*" }]),
    cors(written),
    cors(exported),
    cors(frozen),
    cors(checked),
    cors(cors({ allowOrigins: (origin) => origin === app, allowCredentials: true }).policy),
  ]) {
    assert.equal(typeof middleware, "function");
    assert.deepEqual(
      middleware.update({ allowOrigins: list }).map(({ code }) => code),
      [],
    );
  }
  assert.throws(() =>
    cors({ allowOrigins: "app.example.com,https://App.example.com/".split(",") }),
  );
});

test("what a browser would refuse does not compile, and throws where the compiler is not asked", () => {
  // @ts-expect-error: `*` with credentials
  assert.throws(() => cors({ allowOrigins: "*", allowCredentials: true }));
  // @ts-expect-error: `*` in a list, with credentials
  assert.throws(() => cors({ allowOrigins: ["*"], allowCredentials: true }));
  // @ts-expect-error: one of several rules has `*` with credentials
  assert.throws(() => cors([{ allowOrigins: app }, { allowOrigins: "*", allowCredentials: true }]));
  assert.throws(() =>
    // @ts-expect-error: every response header, with credentials
    cors({ allowOrigins: app, allowCredentials: true, exposeHeaders: "*" }),
  );
  assert.throws(() =>
    // @ts-expect-error: the same where a function decides origins
    cors({ allowOrigins: () => true, allowCredentials: true, exposeHeaders: "*" }),
  );
  // @ts-expect-error: an origin without its scheme
  assert.throws(() => cors({ allowOrigins: "app.example.com" }));
  // @ts-expect-error: one of several without its scheme
  assert.throws(() => cors({ allowOrigins: [app, "app.example.com"] }));
  // @ts-expect-error: a rule whose origin has no scheme
  assert.throws(() => cors([{ allowOrigins: "app.example.com" }, { allowOrigins: "*" }]));
  // @ts-expect-error: null with credentials
  assert.throws(() => cors({ allowOrigins: ["null"], allowCredentials: true }));
  // @ts-expect-error: a regular expression
  assert.throws(() => cors({ allowOrigins: /example\.com$/ }));
  // @ts-expect-error: no origins
  assert.throws(() => cors({ allowMethods: ["PUT"] }));
  // @ts-expect-error: an environment variable that may not be set
  assert.throws(() => cors({ allowOrigins: undefined as string | undefined }));
  // @ts-expect-error: nothing at all
  assert.throws(() => cors());
  // @ts-expect-error: a misspelt field
  assert.throws(() => cors({ allowOrigins: app, allowMethod: ["PUT"] }));
  // @ts-expect-error: a misspelt field beside origins of the running program
  assert.throws(() => cors({ allowOrigins: [app].concat(), allowMethod: ["PUT"] }));
  // @ts-expect-error: a text for a boolean
  assert.throws(() => cors({ allowOrigins: app, allowCredentials: "true" }));
  // @ts-expect-error: a misspelt setting
  assert.throws(() => cors({ allowOrigins: app }, { host: "api.example.com" }));
});

test("every option says where it is typed what it is by default, permitted and prohibited", () => {
  for (const [file, name] of [
    ["../policy/policy.ts", "PolicyInput"],
    ["settings.ts", "Settings"],
  ] as const) {
    const text = readFileSync(new URL(file, import.meta.url), "utf8");
    const start = text.indexOf(`export interface ${name} {`);
    const body = text.slice(start, text.indexOf("\n}\n", start));
    const options = [...body.matchAll(/(\/\*\*(?:(?!\*\/)[^])*\*\/)?\s*readonly (\w+)\??: (.)/g)];
    assert.ok(options.length > 5, `${options.length} options in ${file}`);
    for (const [, comment = "", option, type] of options) {
      if (type === "{") continue; // a table: its own options are read too
      assert.match(comment, /@default|Required/, `${option}`);
      assert.match(comment, /- permitted: /, `${option}`);
      assert.match(comment, /- prohibited: /, `${option}`);
    }
  }
});
