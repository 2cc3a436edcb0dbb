// A migrated application and the one that it was, side by side over real sockets: the same pages can read, with the same
// cookies, and the same requests reach the handlers.

import assert from "node:assert/strict";
import { createServer, request, type RequestListener } from "node:http";
import { symlinkSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { migrateSource } from "../packages/gateway/src/migrate/migrate-source.ts";
import { applyEdits } from "../packages/gateway/src/migrate/source-edit.ts";
import { root } from "../scripts/checks.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();
const app = "https://app.example.com";
const origins = [
  app,
  "https://two.example.com",
  "http://localhost:3000",
  "http://127.0.0.1:8080",
  "https://evil.example",
  `${app}.evil.example`,
  "null",
];

const calls: Readonly<Record<string, string>> = {
  "no options": `app.use(cors());`,
  "one origin with credentials": `app.use(cors({ origin: "${app}", credentials: true }));`,
  "a list, an entry of the environment": `app.use(cors({ origin: ["${app}", process.env["MIGRATE_TWO"]], credentials: true, exposedHeaders: "X-A" }));`,
  "a list of the environment": `app.use(cors({ origin: process.env["MIGRATE_LIST"]?.split(",") ?? [] }));`,
  "a choice": `app.use(cors({ origin: process.env["MIGRATE_TWO"] ? "${app}" : ["http://localhost:3000"] }));`,
  "anchored expressions": `app.use(cors({ origin: [/^https?:\\/\\/(localhost|127\\.0\\.0\\.1)(:\\d+)?$/] }));`,
  "a look-up that answers with an error": `const list = ["${app}"]; app.use(cors({ origin: (origin, callback) => { if (!origin || list.indexOf(origin) !== -1) callback(null, true); else callback(new Error("not allowed")); }, credentials: true }));`,
  "a look-up that answers no": `const list = ["${app}"]; app.use(cors({ origin: (origin, callback) => callback(null, !origin || list.includes(origin)) }));`,
  "a function": `app.use(cors({ origin: (origin, callback) => callback(null, String(origin).startsWith("https://app.")), maxAge: 60 * 10 }));`,
  "options in a variable, and a route for preflights": `const corsOptions = { origin: "${app}", methods: ["GET", "PUT", "OPTIONS"], allowedHeaders: ["X-A", "Origin"], optionsSuccessStatus: 200 }; app.use(cors(corsOptions)); app.options("/{*any}", cors(corsOptions));`,
  "a misspelt option": `app.use(cors({ origins: ["${app}"] }));`,
};

before(() => {
  process.env["MIGRATE_TWO"] = "https://two.example.com";
  process.env["MIGRATE_LIST"] = `${app},https://two.example.com`;
  symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
});

for (const [index, [name, call]] of Object.entries(calls).entries())
  test(`${name}: the migrated application does what the old one did`, async () => {
    const source = `import cors from "cors";\nimport express from "express";\nconst app = express();\napp.set("env", "test");\n${call}\napp.all("/", (_request, response) => void response.send("ok"));\nexport default app;\n`;
    const { edits, decide } = migrateSource(source, "server.mjs");
    assert.equal(decide, 0);
    const migrated = applyEdits(source, edits);
    assert.ok(!migrated.includes(`from "cors"`));
    const [old, ours] = [await load(`${index}-old`, source), await load(`${index}-new`, migrated)];
    assert.deepEqual(await outcomes(ours), await outcomes(old));
  });

async function load(name: string, source: string): Promise<RequestListener> {
  const file = path.join(folder, `${name}.mjs`);
  writeFileSync(file, source);
  const module = (await import(pathToFileURL(file).href)) as { default: RequestListener };
  return module.default;
}

/** What a page of each origin can do, as its browser decides it. */
async function outcomes(listener: RequestListener): Promise<Record<string, unknown>> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const found: Record<string, unknown> = {};
    for (const origin of origins)
      for (const method of ["GET", "OPTIONS"]) {
        const { status, allows, credentials, exposes } = await ask(port, method, origin);
        const isRead = allows === "*" || allows === origin;
        found[`${method} from ${origin}`] = isRead && {
          credentials: allows !== "*" && credentials === "true",
          ...(method === "GET" && { exposes }),
        };
        if (method === "GET") found[`carried out for ${origin}`] = status === 200;
      }
    return found;
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

interface Answer {
  readonly status: number | undefined;
  readonly allows: string | undefined;
  readonly credentials: string | undefined;
  readonly exposes: string | undefined;
}

function ask(port: number, method: string, origin: string): Promise<Answer> {
  const preflight = {
    "Access-Control-Request-Method": "PUT",
    "Access-Control-Request-Headers": "x-a",
  };
  const headers = { Origin: origin, ...(method === "OPTIONS" && preflight) };
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", method, headers }, (response) => {
      response.resume();
      response.once("end", () =>
        resolve({
          status: response.statusCode,
          allows: response.headers["access-control-allow-origin"],
          credentials: response.headers["access-control-allow-credentials"] as string | undefined,
          exposes: response.headers["access-control-expose-headers"],
        }),
      );
    });
    sent.once("error", reject);
    sent.end();
  });
}
