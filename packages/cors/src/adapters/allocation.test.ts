import assert from "node:assert/strict";
import { test } from "node:test";
import { definePolicy } from "@corsway/cors";
import { compilePolicyFor } from "../policy/decide/compile.ts";
import { answerOf } from "./answer.ts";
import { nodeReader, type NodeRequest } from "./node-head.ts";

// Whoever is refused chooses how often they ask: a refusal must leave no work for the collector.

const policy = definePolicy({
  allowOrigins: ["https://app.example.com", "https://*.preview.example.dev"],
  allowHeaders: ["Content-Type"],
  onMismatch: "reject-writes",
});
const decide = compilePolicyFor(policy, nodeReader, answerOf);

function request(method: string, more: Record<string, string>): NodeRequest {
  return { method, headers: { host: "api.example.com", ...more } };
}

/** Bytes of the heap for one call: the least of several runs, since a collection may fall in between. */
function bytesPerCall(call: () => void): number {
  const calls = 20_000;
  for (let i = 0; i < calls; i++) call();
  let least = Infinity;
  for (let run = 0; run < 10; run++) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) call();
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown / calls);
  }
  return least;
}

const stranger = { origin: "https://evil.example" };
const asking = { "access-control-request-method": "PUT" };
for (const [name, refused] of Object.entries({
  "an actual request": request("GET", stranger),
  "a write": request("POST", stranger),
  "a preflight": request("OPTIONS", { ...stranger, ...asking }),
  "no origin at all": request("POST", { origin: "evil" }),
  "a write by Fetch Metadata": request("POST", { "sec-fetch-site": "cross-site" }),
}))
  test(`refusing ${name} allocates nothing`, () => {
    assert.equal(decide(refused).allowed, false);
    const bytes = bytesPerCall(() => void decide(refused).lines);
    assert.ok(bytes < 4, `${bytes} bytes`);
  });

test("the measure sees an allocation", () => {
  let kept: unknown;
  const bytes = bytesPerCall(() => {
    kept = { decision: decide(request("GET", stranger)) };
  });
  assert.ok(bytes > 16, `${bytes} bytes, ${typeof kept}`);
});
