// What the compiler refuses. The gate's type check is what runs these: an expected error that is no
// error fails it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { definePolicy } from "@corsway/cors";
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

test("what a browser would refuse does not compile, and throws where the compiler is not asked", () => {
  // @ts-expect-error: `*` with credentials
  assert.throws(() => cors({ allowOrigins: "*", allowCredentials: true }));
  // @ts-expect-error: an origin without its scheme
  assert.throws(() => cors({ allowOrigins: "app.example.com" }));
  // @ts-expect-error: one of several without its scheme
  assert.throws(() => cors({ allowOrigins: [app, "app.example.com"] }));
  // @ts-expect-error: null with credentials
  assert.throws(() => cors({ allowOrigins: ["null"], allowCredentials: true }));
  // @ts-expect-error: a regular expression
  assert.throws(() => cors({ allowOrigins: /example\.com$/ }));
  // @ts-expect-error: no origins
  assert.throws(() => cors({ allowMethods: ["PUT"] }));
  // @ts-expect-error: nothing at all
  assert.throws(() => cors());
  // @ts-expect-error: a misspelt field
  assert.throws(() => cors({ allowOrigins: app, allowMethod: ["PUT"] }));
  // @ts-expect-error: a misspelt setting
  assert.throws(() => cors({ allowOrigins: app }, { host: "api.example.com" }));
});
