// corsway migrate, as a user runs it. The rewritten sources are run too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test, type TestContext } from "node:test";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { runCommand, type Said } from "../../../../test/support/terminal.ts";
import { parseSource } from "../migrate/source.ts";

interface Migrated extends Said {
  readonly text: string;
}

async function migrate(t: TestContext, name: string, source: string): Promise<Migrated> {
  const cwd = temporaryFolder(t, { [name]: source });
  const said = await runCommand(cwd, ["migrate", name, "--write"]);
  return { ...said, text: readFileSync(path.join(cwd, name), "utf8") };
}

test("an Express application is migrated in two places, with a report of what its options really did", async (t) => {
  const source = `import cors from "cors";
import express from "express";

const app = express();
app.use(
  cors({
    origin: ["https://app.example.com", /^https:\\/\\/[a-z0-9-]+\\.example\\.org$/],
    credentials: true,
    allowedHeaders: ["Content-Type"],
    preflightContinue: false,
  }),
);
`;
  const cwd = temporaryFolder(t, { "server.ts": source });
  const shown = await runCommand(cwd, ["migrate", "server.ts"]);
  assert.equal(shown.code, 0);
  assert.match(shown.out, /warning\[migrate\/origin-regular-expression\]/);
  assert.match(shown.out, /at    server\.ts:7:41  origin\[1\]/);
  assert.match(
    shown.out,
    /^- import cors from "cors";\n\+ import \{ cors \} from "@corsway\/cors\/express";$/m,
  );
  assert.match(shown.out, /--write changes server\.ts\n$/);
  assert.equal(readFileSync(path.join(cwd, "server.ts"), "utf8"), source, "only shown");
  const { code } = await runCommand(cwd, ["migrate", "server.ts", "--write"]);
  assert.equal(code, 0);
  assert.equal(
    readFileSync(path.join(cwd, "server.ts"), "utf8"),
    `import { cors } from "@corsway/cors/express";
import express from "express";

const app = express();
app.use(
  cors({
    allowOrigins: ["https://app.example.com", "https://*.example.org"],
    allowMethods: ["GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"],
    allowHeaders: ["Content-Type"],
    allowCredentials: true,
  }),
);
`,
  );
});

const rewritten: readonly (readonly [name: string, file: string, before: string, after: string])[] =
  [
    [
      "a required, renamed call with values known only at run time",
      "a.cjs",
      `const corsMiddleware = require('cors');\napp.use(corsMiddleware({ origin: process.env.ORIGINS.split(','), methods: 'GET', allowedHeaders: [H, 'X-A'], maxAge: day }));\n`,
      `const { cors: corsMiddleware } = require("@corsway/cors/express"), { definePolicy } = require("@corsway/cors");\napp.use(corsMiddleware(definePolicy({\n  allowOrigins: process.env.ORIGINS.split(','),\n  allowMethods: ["GET"],\n  allowHeaders: [H, "X-A"],\n  maxAge: day,\n})));\n`,
    ],
    [
      "options in a constant with a type",
      "b.ts",
      `import cors from "cors"\nconst options: cors.CorsOptions = { origin: "https://a.example", methods: ["GET"], allowedHeaders: "X-A" }\napp.use(cors(options))\napp.options("*", cors(options))\n`,
      `import { cors } from "@corsway/cors/express"\nconst options = {\n  allowOrigins: ["https://a.example"],\n  allowMethods: ["GET"],\n  allowHeaders: ["X-A"],\n} as const\napp.use(cors(options))\napp.options("*", cors(options))\n`,
    ],
    [
      "a Fastify plugin",
      "c.ts",
      `import fastifyCors from "@fastify/cors";\nawait app.register(fastifyCors, { origin: "https://a.example", allowedHeaders: ["X-A"] });\n`,
      `import { cors as fastifyCors } from "@corsway/cors/fastify";\nawait app.register(fastifyCors({ allowOrigins: ["https://a.example"], allowHeaders: ["X-A"] }));\n`,
    ],
    [
      "a Fastify plugin that is imported inline",
      "d.js",
      `app.register(require("@fastify/cors"), { origin: "https://a.example", allowedHeaders: "X-A" })\n`,
      `app.register(require("@corsway/cors/fastify").cors({ allowOrigins: ["https://a.example"], allowHeaders: ["X-A"] }))\n`,
    ],
    [
      "Hono's middleware with an origin function",
      "e.tsx",
      `import { cors } from "hono/cors";\napp.use("/api/*", cors({ origin: (o) => o.endsWith(".example") ? o : null, allowHeaders: ["X-A"], allowMethods: ["GET"] }));\n`,
      `import { cors } from "@corsway/cors/hono";\napp.use("/api/*", cors({\n  allowOrigins: async (origin: string) => { const allowed: unknown = await ((o) => o.endsWith(".example") ? o : null)(origin); return allowed === true || allowed === "*" || allowed === origin; },\n  allowMethods: ["GET"],\n  allowHeaders: ["X-A"],\n}));\n`,
    ],
    [
      "Koa's middleware for any origin",
      "f.mjs",
      `import cors from '@koa/cors';\napp.use(cors({ allowMethods: 'GET', allowHeaders: 'X-A' }));\n`,
      `import { cors } from "@corsway/cors/koa";\napp.use(cors({ allowOrigins: "*", allowMethods: ["GET"], allowHeaders: ["X-A"] }));\n`,
    ],
  ];

for (const [name, file, before, after] of rewritten)
  test(`${name} is rewritten to source that parses`, async (t) => {
    const { code, text, err } = await migrate(t, file, before);
    assert.equal(text, after);
    assert.deepEqual([code, err], [0, ""]);
    assert.ok("root" in parseSource(text, file));
  });

const kept: readonly (readonly [string, string, RegExp])[] = [
  [
    "a call that reflects any origin with credentials",
    `cors({ origin: true, credentials: true })`,
    /reflected-with-credentials/,
  ],
  [
    "a call with an unanchored expression",
    `cors({ origin: /example\\.com$/ })`,
    /allows https:\/\/evil-example\.com/,
  ],
  [
    "a call with spread options",
    `cors({ ...defaults, origin: "https://a.example" })`,
    /one object/,
  ],
  ["a call with options from another module", `cors(config.cors)`, /one object/],
];
for (const [name, call, said] of kept)
  test(`${name} is left unchanged, exit 1`, async (t) => {
    const source = `import cors from "cors";\napp.use(${call});\n`;
    const { code, text, out } = await migrate(t, "server.js", source);
    assert.equal(text, source);
    assert.equal(code, 1);
    assert.match(out, said);
    assert.match(out, /1 of 1 calls must be decided by you first/);
  });

test("if one call cannot be migrated, every use of its middleware is kept", async (t) => {
  const source = `import cors from "cors";\napp.use("/a", cors({ origin: true, credentials: true }));\napp.use(cors({ origin: "https://a.example" }));\n`;
  const { code, text } = await migrate(t, "server.js", source);
  assert.equal(code, 1);
  assert.equal(text, source);
});

test("a file that is missing, is not source code or has no such call is reported", async (t) => {
  const cwd = temporaryFolder(t, { "bad.ts": "const = 1\n", "none.ts": "export const a = 1;\n" });
  const bad = await runCommand(cwd, ["migrate", "bad.ts"]);
  assert.equal(bad.code, 2);
  assert.match(bad.err, /bad\.ts:1:7/);
  const missing = await runCommand(cwd, ["migrate", "missing.ts"]);
  assert.equal(missing.code, 2);
  assert.match(missing.err, /cannot be read/);
  const none = await runCommand(cwd, ["migrate", "none.ts"]);
  assert.equal(none.code, 1);
  assert.match(none.err, /calls none of/);
});
