// Asks the Worker over a real socket; miniflare runs it in workerd.

import assert from "node:assert/strict";
import { request } from "node:http";
import { Miniflare } from "miniflare";

const worker = new Miniflare({
  modules: true,
  modulesRules: [{ type: "ESModule", include: ["**/*.js", "**/*.mjs"] }],
  scriptPath: "worker.bundle.mjs",
  compatibilityDate: "2026-01-01",
  bindings: { GREETING: "hello" },
});
const url = await worker.ready;

function ask(method, path, headers) {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: url.hostname, port: url.port, method, path, headers },
      (answer) => {
        answer.resume();
        answer.on("end", () => resolve({ status: answer.statusCode, headers: answer.headers }));
      },
    );
    sent.on("error", reject);
    sent.end();
  });
}

const page = { origin: "https://app.example.com" };
const preflight = { "access-control-request-method": "PUT" };
try {
  const granted = await ask("OPTIONS", "/plain", { ...page, ...preflight });
  assert.deepEqual(
    [granted.status, granted.headers["access-control-allow-methods"]],
    [204, "GET, PUT"],
  );
  const read = await ask("GET", "/plain", page);
  assert.equal(read.headers["access-control-allow-origin"], page.origin);
  assert.deepEqual(read.headers.vary.split(/, */).sort(), ["Accept", "Origin"]);
  const missing = await ask("GET", "/missing", page);
  assert.deepEqual(
    [missing.status, missing.headers["access-control-allow-origin"]],
    [404, page.origin],
  );
  const hidden = await ask("GET", "/plain", { origin: "https://evil.example" });
  assert.equal(hidden.headers["access-control-allow-origin"], undefined);
  console.log("workers in miniflare: holds");
} finally {
  await worker.dispose();
}
