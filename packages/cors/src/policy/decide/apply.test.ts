import assert from "node:assert/strict";
import { test } from "node:test";
import type { HeaderList } from "../../standard/message.ts";
import { applyDecision } from "./apply.ts";

const decision = {
  headers: [
    ["Access-Control-Allow-Origin", "https://app.example.com"],
    ["Access-Control-Allow-Credentials", "true"],
  ],
  vary: ["Origin"],
} as const;

function vary(upstream: HeaderList, names: readonly string[] = ["Origin"]): HeaderList {
  return applyDecision({ headers: [], vary: names }, upstream).headers;
}

test("the upstream's CORS headers are removed in any case, and counted", () => {
  const { headers, removed } = applyDecision(decision, [
    ["Content-Type", "text/plain"],
    ["access-control-allow-origin", "*"],
    ["ACCESS-CONTROL-EXPOSE-HEADERS", "x"],
    ["Access-Control-Whatever", "1"],
    ["X-Access-Control-Allow-Origin", "stays"],
    ["Access-Control", "stays"],
  ]);
  assert.equal(removed, 3);
  assert.deepEqual(headers, [
    ["Content-Type", "text/plain"],
    ["X-Access-Control-Allow-Origin", "stays"],
    ["Access-Control", "stays"],
    ["Vary", "Origin"],
    ...decision.headers,
  ]);
});

test("the response to a refused request loses the upstream's CORS permission", () => {
  const refused = { headers: [], vary: ["Origin"] };
  assert.deepEqual(applyDecision(refused, [["Access-Control-Allow-Origin", "*"]]), {
    headers: [["Vary", "Origin"]],
    removed: 1,
  });
});

test("Timing-Allow-Origin is replaced if the decision sends one and kept if it does not", () => {
  const upstream: HeaderList = [["timing-allow-origin", "*"]];
  assert.deepEqual(applyDecision({ headers: [], vary: [] }, upstream).headers, upstream);
  assert.deepEqual(
    applyDecision({ headers: [["Timing-Allow-Origin", "https://a.example"]], vary: [] }, upstream),
    {
      headers: [["Timing-Allow-Origin", "https://a.example"]],
      removed: 1,
    },
  );
});

test("Vary keeps the upstream's names in order and spelling, without duplicates", () => {
  assert.deepEqual(vary([["vary", "Accept-Encoding"]]), [["vary", "Accept-Encoding, Origin"]]);
  assert.deepEqual(vary([["Vary", "accept,ACCEPT ,  User-Agent"]]), [
    ["Vary", "accept, User-Agent, Origin"],
  ]);
  assert.deepEqual(
    vary([
      ["Vary", "Accept"],
      ["X", "1"],
      ["VARY", "accept, Cookie"],
    ]),
    [
      ["Vary", "Accept, Cookie, Origin"],
      ["X", "1"],
    ],
  );
  assert.deepEqual(vary([["Vary", ""]]), [["Vary", "Origin"]]);
});

test("a Vary that already lists every name is left unchanged, byte for byte", () => {
  const upstream: HeaderList = [["vary", "accept-encoding,ORIGIN"]];
  assert.deepEqual(vary(upstream), upstream);
  // and where the policy depends on nothing, so is any other
  const odd: HeaderList = [
    ["Vary", ",, a"],
    ["vary", "*, b"],
  ];
  assert.deepEqual(vary(odd, []), odd);
});

test("`Vary: *` is kept, and is never generated", () => {
  assert.deepEqual(vary([["Vary", "*"]]), [["Vary", "*"]]);
  assert.deepEqual(
    vary([
      ["Vary", "Accept"],
      ["Vary", "*"],
    ]),
    [["Vary", "*"]],
  );
});
