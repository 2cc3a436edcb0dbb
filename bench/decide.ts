// What a decision costs, against itself: with 1, 100 and 100,000 origins, on hostile bytes, and
// beside the naive statement of the same (`permits`). Ratios travel between machines, times do not.
// Run: node --conditions=source bench/decide.ts

import { compilePolicy, definePolicy, permitsOrigin } from "@corsway/cors";
import type { Decide, Policy, PolicyInput, RequestHead } from "@corsway/cors";

const url = "https://api.example.com/things";
const rounds = 7;
const perRound = 100_000;

function origins(count: number): string[] {
  const list = ["https://app.example.com", "https://*.preview.example.dev"];
  for (let i = 0; list.length < count; i++)
    list.push(`https://a${i}.example.org`, `https://*.b${i}.example.net`);
  return list.slice(0, Math.max(count, 1));
}

function policyOf(count: number, more: Partial<PolicyInput> = {}): Policy {
  return definePolicy({
    allowOrigins: origins(count),
    allowMethods: ["GET", "PUT"],
    allowHeaders: ["Content-Type", "X-Auth-Token"],
    allowCredentials: true,
    maxAge: 600,
    ...more,
  });
}

function actual(origin: string): RequestHead {
  return {
    method: "GET",
    url,
    headers: [
      ["Host", "api.example.com"],
      ["User-Agent", "bench"],
      ["Accept", "*/*"],
      ["Origin", origin],
    ],
  };
}

function preflight(origin: string, names: string): RequestHead {
  return {
    method: "OPTIONS",
    url,
    headers: [
      ["Host", "api.example.com"],
      ["Origin", origin],
      ["Access-Control-Request-Method", "PUT"],
      ["Access-Control-Request-Headers", names],
    ],
  };
}

/** Median nanoseconds of one call. `sink` keeps the calls from being optimised away. */
let sink = 0;
function measure(call: () => unknown, times: number = perRound): number {
  for (let i = 0; i < times; i++) if (call() !== undefined) sink++;
  const results: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) if (call() !== undefined) sink++;
    results.push(Number(process.hrtime.bigint() - start) / times);
  }
  return results.sort((a, b) => a - b)[rounds >> 1]!;
}

function deciding(decide: Decide, request: RequestHead): () => unknown {
  return () => decide(request);
}

const one = compilePolicy(policyOf(2));
const hundred = compilePolicy(policyOf(100));
const many = policyOf(100_000);
const lots = compilePolicy(many);
const echo = compilePolicy(policyOf(2, { allowHeaders: "*" }));
const exact = actual("https://app.example.com");
const wild = actual("https://pr-7.preview.example.dev");
const foreign = actual("https://evil.example");
const plain = preflight("https://app.example.com", "content-type,x-auth-token");
const commas = preflight("https://app.example.com", ",".repeat(1_000_000));
const long = actual(`https://${"a.".repeat(500_000)}example.com`);

const base = measure(deciding(one, exact));
const rows: [name: string, nanoseconds: number][] = [
  ["exact origin, 2 patterns", base],
  ["exact origin, 100 patterns", measure(deciding(hundred, exact))],
  ["exact origin, 100,000 patterns", measure(deciding(lots, exact))],
  ["wildcard origin, 2 patterns", measure(deciding(one, wild))],
  ["wildcard origin, 100,000 patterns", measure(deciding(lots, wild))],
  ["refused origin, 2 patterns", measure(deciding(one, foreign))],
  ["refused origin, 100,000 patterns", measure(deciding(lots, foreign))],
  ["no Origin", measure(deciding(one, { method: "GET", url, headers: exact.headers.slice(0, 3) }))],
  ["preflight", measure(deciding(one, plain))],
  ["preflight, names echoed", measure(deciding(echo, plain))],
  ["preflight, a million commas", measure(deciding(one, commas), 10_000)],
  ["preflight echoed, a million commas", measure(deciding(echo, commas), 10_000)],
  ["an Origin of a million bytes", measure(deciding(one, long))],
  ["naive, 100,000 patterns", measure(() => permitsOrigin(many, "https://evil.example"), 3)],
];
for (const [name, nanoseconds] of rows)
  console.log(
    `${name.padEnd(38)} ${nanoseconds.toFixed(0).padStart(12)} ns ${(nanoseconds / base).toFixed(1).padStart(10)} x`,
  );
if (sink < 0) console.log(sink);
