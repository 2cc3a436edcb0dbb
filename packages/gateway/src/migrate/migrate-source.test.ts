// The ways in which real sources use a CORS middleware, by kind: what is written for each, what stays as it is, and that
// what is written compiles.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../../../../scripts/checks.ts";
import { temporaryFolder } from "../../../../test/support/temporary-folder.ts";
import { migrateSource } from "./migrate-source.ts";
import { applyEdits } from "./source-edit.ts";
import { isTypeScript, parseSource } from "./source.ts";

interface Kind {
  readonly name: string;
  readonly file?: string;
  readonly source: string;
  /** Codes that are reported, among others. */
  readonly codes?: readonly string[];
  readonly codesNot?: readonly string[];
  /** A part of one of the messages. */
  readonly says?: string;
  /** What the migrated source has and has not; absent: a person decides, and nothing changes. */
  readonly has?: readonly (string | RegExp)[];
  readonly hasNot?: readonly (string | RegExp)[];
}

const express = `import cors from "cors";\nimport express from "express";\nconst app = express();\n`;
const required = `const cors = require("cors");\nconst app = require("express")();\n`;
const nest = `import { NestFactory } from "@nestjs/core";\nclass AppModule {}\n`;
const https = "https://app.example.com";

const kinds: readonly Kind[] = [
  {
    name: "an environment variable is checked when the program starts",
    source: `${express}app.use(cors({ origin: process.env.FRONT, credentials: true }));`,
    codes: ["migrate/run-time-value"],
    has: ["definePolicy({", "process.env.FRONT as string"],
  },
  {
    name: "an environment variable with a default",
    source: `${express}app.use(cors({ origin: process.env.FRONT?.split(",") ?? ["http://localhost:3000"] }));`,
    has: [`process.env.FRONT?.split(",") ?? ["http://localhost:3000"]`],
  },
  {
    name: "an entry from the environment, and a filtered list",
    source: `${express}const all = [process.env.A, "${https}"].filter(Boolean);\napp.use("/a", cors({ origin: all }));\napp.use("/b", cors({ origin: [process.env.B, "${https}"] }));`,
    has: ["all as string | readonly string[]", "[process.env.B as string, "],
  },
  {
    name: "a choice by the environment",
    source: `${express}app.use(cors({ origin: process.env.NODE_ENV === "production" ? "${https}" : ["http://localhost:3000"] }));`,
    has: ["definePolicy({", "? "],
  },
  {
    name: "a choice with `true` in it is decided by a person",
    source: `${express}app.use(cors({ origin: process.env.NODE_ENV === "production" ? "${https}" : true }));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "an empty variable that switches CORS off is decided by a person",
    source: `${express}app.use(cors({ origin: process.env.FRONT?.split(",") ?? false }));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "a variable or a regular expression is decided by a person",
    source: `${express}app.use(cors({ origin: process.env.FRONT || /^http:\\/\\/localhost/ }));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "a function that only looks into a list becomes the list, and keeps strangers out",
    source: `${express}const whitelist = ["${https}"];\napp.use(cors({\n  origin: (origin, callback) => {\n    if (!origin || whitelist.indexOf(origin) !== -1) callback(null, true);\n    else callback(new Error("Not allowed by CORS"));\n  },\n  credentials: true,\n}));`,
    codes: ["migrate/origin-function", "migrate/refused-with-error"],
    has: ["allowOrigins: whitelist", 'onMismatch: "reject"'],
    hasNot: ["callback"],
  },
  {
    name: "early returns, an inverted test and a log line are understood",
    source: `${express}const list = ["${https}"];\napp.use(cors({\n  origin(origin, cb) {\n    if (!origin) return cb(null, true);\n    if (list.indexOf(origin) === -1) {\n      console.warn("refused", origin);\n      return cb(null, false);\n    }\n    return cb(null, true);\n  },\n}));`,
    has: ["allowOrigins: list"],
    hasNot: ["onMismatch"],
  },
  {
    name: "the function of the tutorials, with its message in a variable",
    source: `${express}const list = ["${https}"];\napp.use(cors({\n  origin: function (origin, callback) {\n    if (!origin) return callback(null, true);\n    if (list.indexOf(origin) === -1) {\n      const message = "not allowed: " + origin;\n      return callback(new Error(message), false);\n    }\n    return callback(null, true);\n  },\n}));`,
    has: ["allowOrigins: list", 'onMismatch: "reject"'],
  },
  {
    name: "a list inside the function is written out",
    source: `${express}app.use(cors({ origin: (origin, cb) => { const list = ["${https}"]; cb(null, !origin || list.includes(origin)); } }));`,
    has: [`allowOrigins: ["${https}"]`],
  },
  {
    name: "a list that only the function can see stays in it",
    source: `${express}app.use(cors({ origin: (origin, cb) => { const list = (process.env.LIST ?? "").split(","); cb(null, !origin || list.includes(origin)); } }));`,
    has: ["new Promise<boolean>"],
  },
  {
    name: "an answer that is kept in a variable first",
    source: `${express}const list = ["${https}"];\napp.use(cors({\n  origin: (origin, callback) => {\n    const isListed = list.indexOf(origin as string) !== -1;\n    callback(null, isListed ? true : false);\n  },\n}));`,
    has: ["allowOrigins: list"],
  },
  ...[
    [`origin.includes("example.com")`, "https://example.com.evil.example"],
    [`origin.startsWith("${https}")`, `${https}.evil.example`],
    [`origin.endsWith("example.com")`, "https://evil-example.com"],
    [`/example\\.com$/.test(origin)`, "https://evil-example.com"],
  ].map(([condition, stranger]) => ({
    name: `a stranger that passes ${condition}`,
    source: `${express}app.use(cors({ origin: (origin, cb) => cb(null, origin !== undefined && ${condition}) }));`,
    codes: ["migrate/origin-function-open"],
    says: `allows ${stranger}`,
    has: ["new Promise<boolean>"],
  })),
  {
    name: "a test that allows no stranger",
    source: `${express}app.use(cors({ origin: (origin, cb) => cb(null, origin?.endsWith(".example.com") || origin?.startsWith("http://localhost:")) }));`,
    codesNot: ["migrate/origin-function-open"],
    has: ["new Promise<boolean>"],
  },
  {
    name: "a stricter policy below the path of another one",
    source: `import { Hono } from "hono";\nimport { cors } from "hono/cors";\nconst app = new Hono();\napp.use("/api/*", cors());\napp.use("/api/admin/*", cors({ origin: "${https}" }));`,
    codes: ["migrate/several-policies"],
  },
  {
    name: "a policy of a path before the general one",
    source: `${express}app.use("/public", cors());\napp.use(cors({ origin: "${https}" }));`,
    has: [`allowOrigins: ["${https}"]`],
  },
  {
    name: "a type in a function that is kept",
    source: `import cors, { CorsRequest } from "cors";\nexport default cors({ origin: (origin: string | undefined, cb: (error: null, ok: boolean, request?: CorsRequest) => void) => cb(null, origin === process.env.FRONT) });`,
    has: [`import type { CorsRequest } from "cors";`, "request?: CorsRequest"],
  },
  {
    name: "names without an effect are left out, and a product is a number",
    file: "a.cjs",
    source: `${required}app.use(cors({ origin: "${https}", methods: ["GET", "PUT", "OPTIONS", "TRACE"], allowedHeaders: ["Content-Type", "Access-Control-Allow-Origin", "Origin"], exposedHeaders: ["Set-Cookie", "X-Id"], maxAge: 60 * 60 }));`,
    codes: ["migrate/dropped-option"],
    has: [
      `allowMethods: ["GET", "PUT"]`,
      `allowHeaders: ["Content-Type"]`,
      `exposeHeaders: ["X-Id"]`,
      "maxAge: 3600",
    ],
  },
  {
    name: "a function that also asks the environment stays a function",
    source: `${express}const list = ["${https}"];\napp.use(cors({ origin: (origin, cb) => cb(null, list.includes(origin as string) || process.env.DEV === "1") }));`,
    has: ["new Promise<boolean>", 'process.env.DEV === "1"'],
    hasNot: ["definePolicy"],
  },
  {
    name: "the trailing slash in a list that a function looks into is found",
    source: `${express}const list = ["${https}/"];\napp.use(cors({ origin: (origin, cb) => cb(null, !origin || list.includes(origin)) }));`,
    codes: ["policy/origin-trailing-slash"],
  },
  {
    name: "a function by its name, and values of the other fields by theirs",
    source: `${express}const HEADERS = ["X-A"];\nfunction check(origin: string | undefined, cb: (error: Error | null, ok?: boolean) => void): void {\n  cb(null, origin?.endsWith(".example.com"));\n}\napp.use(cors({ origin: check, allowedHeaders: HEADERS, maxAge: Number(process.env.AGE) }));`,
    has: ["check(origin, ", "allowHeaders: HEADERS", "maxAge: Number(process.env.AGE)"],
    hasNot: ["definePolicy"],
  },
  {
    name: "an origin function of `cors` without a callback was never answered",
    source: `${express}app.use(cors({ origin: ((origin: string) => origin === "${https}") as never }));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "options that a function gives",
    source: `${express}const delegate = (request: any, callback: any) => callback(null, { origin: true });\napp.use(cors(delegate));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "regular expressions in a constant become patterns",
    file: "a.cjs",
    source: `${required}const origins = ["${https}", /^https:\\/\\/[a-z0-9-]+\\.example\\.org$/];\napp.use(cors({ origin: origins }));`,
    codes: ["migrate/origin-regular-expression"],
    has: [`allowOrigins: ["${https}", "https://*.example.org"]`],
  },
  {
    name: "an anchored choice of hosts becomes their patterns",
    source: `${express}app.use(cors({ origin: /^https?:\\/\\/(localhost|127\\.0\\.0\\.1)(:\\d+)?$/ }));`,
    has: [`"http://127.0.0.1:*"`],
  },
  {
    name: "a list by its name stays one, and a string in a constant too",
    source: `${express}const CLIENT = "${https}";\nconst list = ["${https}"];\napp.use("/a", cors({ origin: [CLIENT] }));\napp.use("/b", cors({ origin: list }));`,
    has: ["allowOrigins: [CLIENT]", "allowOrigins: list"],
  },
  {
    name: "a list that is filled later is known at run time only",
    source: `${express}const list = ["${https}"];\nif (process.env.DEV) list.push("http://localhost:3000");\napp.use(cors({ origin: list }));`,
    codes: ["migrate/run-time-value"],
    has: ["allowOrigins: list"],
  },
  {
    name: "a `*` inside an origin was text, and is a pattern now",
    file: "a.cjs",
    source: `${required}app.use(cors({ origin: ["https://*.example.com"] }));`,
    codes: ["migrate/origin-never-matched"],
    has: [`"https://*.example.com"`],
  },
  {
    name: "the second of two calls for every path",
    file: "a.cjs",
    source: `${required}app.use(cors({ origin: "${https}" }));\napp.use(cors());`,
    codes: ["migrate/several-policies"],
  },
  {
    name: "a stricter route below an open application",
    file: "a.cjs",
    source: `${required}app.use(cors());\napp.get("/intern", cors({ origin: "${https}" }), () => {});`,
    codes: ["migrate/several-policies"],
  },
  {
    name: "a policy for each path, the same one twice, and two routers",
    file: "a.cjs",
    source: `${required}const one = require("express").Router(), two = require("express").Router();\napp.use("/a", cors({ origin: "https://a.example" }));\none.use(cors());\ntwo.use(cors());\none.get("/x", cors(), () => {});`,
    has: [`"https://a.example"`],
    hasNot: [/require\("cors"\)/],
  },
  {
    name: "a route for preflights is no longer needed",
    file: "a.cjs",
    source: `${required}const options = { origin: "${https}" };\napp.use(cors(options));\napp.options("*", cors(options));`,
    codes: ["migrate/preflight-route"],
    has: ["app.use(cors(options))"],
  },
  {
    name: "typed options that are used for nothing else are rewritten where they stand",
    source: `import cors, { type CorsOptions } from "cors";\nconst options: CorsOptions = { origin: "${https}" };\nexport default cors(options as CorsOptions);`,
    has: ["} as const;", "export default cors(options);"],
    hasNot: ["CorsOptions"],
  },
  {
    name: "comments in the options go above the fields that the options became",
    source: `import cors from "cors";\nexport default cors({\n  // our own pages\n  origin: [\n    "${https}", // production\n  ],\n  preflightContinue: false, // the default\n  /* for the session */\n  credentials: true,\n  maxAge: Number(process.env.MAX_AGE /* seconds */),\n  // that is all\n});`,
    codes: [],
    has: [
      `  // our own pages\n  // production\n  // the default\n  allowOrigins: ["${https}"],`,
      "  /* for the session */\n  allowCredentials: true,",
      "  // that is all\n  maxAge: Number(process.env.MAX_AGE /* seconds */),",
    ],
  },
  {
    name: "a type that is still used keeps its import",
    source: `import cors, { CorsOptions } from "cors";\nexport type Options = CorsOptions;\nexport default cors({ origin: "${https}" });`,
    has: [`import type { CorsOptions } from "cors";`],
  },
  {
    name: "options that others read stay, and the policy goes into the call",
    source: `import cors, { CorsOptions } from "cors";\nexport const options: CorsOptions = { origin: "${https}" };\nexport default cors(options);`,
    has: [`export const options: CorsOptions = { origin: "${https}" };`, "export default cors({"],
  },
  {
    name: "options that are shared with socket.io stay, and its own option is named",
    file: "a.cjs",
    source: `${required}const { Server } = require("socket.io");\nconst options = { origin: "${https}" };\napp.use(cors(options));\nnew Server(1, { cors: options });`,
    codes: ["migrate/left-in-place"],
    has: ["new Server(1, { cors: options })", `const options = { origin: "${https}" };`],
  },
  {
    name: "options that are changed later",
    file: "a.cjs",
    source: `${required}const options = { origin: "${https}" };\nif (process.env.DEV) options.origin = "*";\napp.use(cors(options));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "options whose name is bound twice",
    file: "a.cjs",
    source: `${required}const options = { origin: "${https}" };\nfunction of(options) { return cors(options); }\nmodule.exports = { of, options };`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "options of another file, imported",
    source: `import options from "./options.js";\n${express}app.use(cors(options));`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "options for another file",
    source: `import type { CorsOptions } from "cors";\nexport const corsOptions: CorsOptions = { origin: "${https}" };`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "options for another file by their fields, with the policy to write there",
    file: "a.cjs",
    source: `module.exports = { origin: process.env.FRONT, credentials: true, allowedHeaders: ["X-A"], methods: ["PUT"] };`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "options in a property of the class",
    source: `import cors, { CorsOptions } from "cors";\nexport class Server {\n  list = ["${https}"];\n  options: CorsOptions = { origin: (origin, cb) => cb(null, origin !== undefined && this.list.includes(origin)) };\n  make() { return cors(this.options); }\n}`,
    has: ["options: CorsOptions = {", "return cors({", `import type { CorsOptions } from "cors";`],
  },
  {
    name: "options in a property that is changed",
    source: `import cors, { CorsOptions } from "cors";\nexport class Server {\n  options: CorsOptions = { origin: "${https}" };\n  open() { this.options.origin = "*"; }\n  make() { return cors(this.options); }\n}`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "an older name of Koa's middleware",
    file: "a.cjs",
    source: `const cors = require("kcors");\nmodule.exports = cors({ origin: "${https}" });`,
    has: [`require("@corsway/cors/koa")`],
  },
  {
    name: "the middleware itself passed on",
    file: "a.cjs",
    source: `${required}app.use(cors);\napp.use(cors({ origin: "${https}" }));`,
    codes: ["migrate/other-use"],
  },
  {
    name: "an import of a namespace, below decorators",
    source: `import * as cors from "cors";\nfunction Injectable() { return (target: unknown): void => void target; }\n@Injectable()\nexport class Made { make() { return cors({ origin: "${https}" }); } }`,
    has: [`import { cors } from "@corsway/cors/express";`],
  },
  {
    name: "an import by require",
    file: "a.cts",
    source: `import cors = require("cors");\nexport const made = cors({ origin: "${https}" });`,
    has: [`import { cors } from "@corsway/cors/express";`],
  },
  {
    name: "a module that is required where it is called",
    file: "a.cjs",
    source: `module.exports = require("cors")({ origin: process.env.FRONT });`,
    has: [`require("@corsway/cors/express").cors(require("@corsway/cors").definePolicy({`],
  },
  {
    name: "awaited imports",
    file: "a.mjs",
    source: `const { default: cors } = await import("cors");\nconst koa = (await import("@koa/cors")).default;\nexport const one = cors({ origin: process.env.A });\nexport const two = koa({ origin: process.env.B });`,
    has: [
      `{ cors } = await import("@corsway/cors/express"), { definePolicy } = await import("@corsway/cors")`,
      `{ cors: koa } = await import("@corsway/cors/koa");`,
    ],
  },
  {
    name: "two middlewares in one file share one definePolicy",
    source: `import cors from "cors";\nimport koa from "@koa/cors";\nexport const a = cors({ origin: process.env.A });\nexport const b = koa({ origin: process.env.B });`,
    has: [/^(?:(?!definePolicy }).)*definePolicy }(?:(?!definePolicy }).)*$/s],
  },
  {
    name: "line ends stay those of the file",
    file: "a.cjs",
    source: `const cors = require("cors");\r\nmodule.exports = cors({ origin: "${https}" });\r\n`,
    hasNot: [/[^\r]\n/],
    has: ["allowOrigins"],
  },
  {
    name: "Flow's types",
    file: "a.mjs",
    source: `// @flow\nimport cors from "cors";\ntype Maybe = ?string;\nexport const made = cors({ origin: "${https}" });`,
    has: [`import { cors } from "@corsway/cors/express";`],
  },
  {
    name: "enableCors of NestJS becomes a middleware, with its import",
    source: `${nest}const app = await NestFactory.create(AppModule);\napp.enableCors({ origin: process.env.FRONT, credentials: true });`,
    has: [
      `import { definePolicy } from "@corsway/cors";\nimport { cors } from "@corsway/cors/express";`,
      "app.use(cors(definePolicy({",
    ],
  },
  {
    name: "enableCors where the name `cors` is taken",
    source: `${nest}const cors = { origin: "${https}" };\nconst app = await NestFactory.create(AppModule);\napp.enableCors({ origin: "${https}" });\nexport { cors };`,
    has: [`import { cors as corswayCors } from`, "app.use(corswayCors({"],
  },
  {
    name: "enableCors on Fastify",
    source: `${nest}import { FastifyAdapter } from "@nestjs/platform-fastify";\nconst app = await NestFactory.create(AppModule, new FastifyAdapter());\napp.enableCors({ origin: "${https}" });`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "the option of NestFactory.create",
    source: `${nest}export const app = await NestFactory.create(AppModule, { cors: true });`,
    codes: ["migrate/left-in-place"],
  },
  {
    name: "a Fastify plugin by its own name",
    source: `import { fastifyCors } from "@fastify/cors";\nimport { fastify } from "fastify";\nconst app = fastify();\nawait app.register(fastifyCors, { origin: process.env.FRONT || "${https}", hook: "preHandler" });`,
    codes: ["migrate/dropped-option"],
    has: ["register(fastifyCors(definePolicy({"],
  },
  {
    name: "a Fastify plugin that is imported where it is registered",
    file: "a.mjs",
    source: `import Fastify from "fastify";\nconst app = Fastify();\napp.register(import("@fastify/cors"), { origin: process.env.FRONT });`,
    has: [
      /import\("@corsway\/cors\/fastify"\)\.then\(async \(\{ cors \}\) => \(\{ default: cors\(/,
    ],
  },
  {
    name: "a Fastify function that gives a promise",
    source: `import cors from "@fastify/cors";\nimport { fastify } from "fastify";\nconst app = fastify();\nawait app.register(cors, { origin: async (origin) => origin === "${https}" });`,
    has: ["allowOrigins: async (origin: string) =>"],
  },
  {
    name: "Fastify's delegator",
    file: "a.cjs",
    source: `require("fastify")().register(require("@fastify/cors"), { delegator: (request, callback) => callback(null, { origin: true }) });`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "a Hono function that reads the context",
    source: `import { cors } from "hono/cors";\nexport const made = cors({ origin: (origin, c) => (origin === c.env.ORIGIN ? origin : null) });`,
    codes: ["migrate/unusable-value"],
  },
  {
    name: "a Hono middleware that is made for each request",
    source: `import { Hono } from "hono";\nimport { cors } from "hono/cors";\nconst app = new Hono<{ Bindings: { ORIGINS: string } }>();\napp.use(async (c, next) => {\n  const allowed = c.env.ORIGINS.split(",");\n  return cors({ origin: allowed })(c, next);\n});`,
    has: ["allowOrigins: allowed"],
  },
  {
    name: "a header that is set by hand",
    file: "a.cjs",
    source: `module.exports = (request, response, next) => { response.setHeader("Access-Control-Allow-Origin", "*"); next(); };`,
    codes: ["migrate/left-in-place"],
  },
];

const written = new Map<string, string>();

for (const {
  name,
  file = "a.ts",
  source,
  codes = [],
  codesNot = [],
  says,
  has,
  hasNot = [],
} of kinds)
  test(`${name}: ${has === undefined ? "reported, and nothing changes" : "migrated"}`, () => {
    const { diagnostics, edits, decide } = migrateSource(source, file);
    const said = new Set(diagnostics.map(({ code }) => code));
    for (const code of codes) assert.ok(said.has(code as never), `${code} in ${[...said].join()}`);
    for (const code of codesNot) assert.ok(!said.has(code as never), code);
    if (says !== undefined)
      assert.ok(
        diagnostics.some(({ message }) => message.includes(says)),
        JSON.stringify(diagnostics),
      );
    const text = applyEdits(source, edits);
    if (has === undefined) {
      assert.equal(text, source);
      return;
    }
    written.set(name, text);
    assert.equal(decide, 0, JSON.stringify(diagnostics));
    assert.ok("root" in parseSource(text, file), text);
    for (const part of has)
      assert.ok(typeof part === "string" ? text.includes(part) : part.test(text), text);
    for (const part of hasNot)
      assert.ok(typeof part === "string" ? !text.includes(part) : !part.test(text), text);
  });

/** The types of the packages that are left; nothing of theirs is looked at. */
const shims = `declare module "cors" { export interface CorsOptions { origin?: string | ((origin: string | undefined, callback: (error: Error | null, ok?: boolean) => void) => void) } export interface CorsRequest { method?: string } }\n`;

test("every migrated TypeScript source compiles", (t) => {
  const folder = temporaryFolder(t, { "shims.d.ts": shims });
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  writeFileSync(path.join(folder, "package.json"), `{ "type": "module" }`);
  for (const [index, { name, file = "a.ts" }] of kinds.entries()) {
    const text = written.get(name);
    if (text === undefined || !isTypeScript(file)) continue;
    mkdirSync(path.join(folder, String(index)));
    writeFileSync(path.join(folder, String(index), file), text);
  }
  const compilerOptions = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2023",
    types: ["node"],
    skipLibCheck: true,
    esModuleInterop: true,
    experimentalDecorators: true,
    customConditions: ["source"],
    allowImportingTsExtensions: true,
  };
  writeFileSync(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
  const tsc = path.join(root, "node_modules", ".bin", "tsc");
  const run = spawnSync(tsc, ["-p", "."], { cwd: folder, encoding: "utf8" });
  assert.equal(run.stdout, "");
});
