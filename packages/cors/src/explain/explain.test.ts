import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, explainSync } from "@corsway/cors/explain";
import type { RequestHead, ResponseHead } from "@corsway/cors/standard";

const url = "https://api.example.com/users";
const origin = "https://app.example.com";

for (const [method, expected] of [
  ["GET", ["GET"]],
  ["POST", ["POST"]],
  ["PUT", ["OPTIONS", "PUT"]],
] as const)
  test(`a ${method} explained for every engine is sent once, and so is its preflight`, async () => {
    const asked: string[] = [];
    const answer = ({ method: asks }: RequestHead): ResponseHead => {
      asked.push(asks);
      return {
        status: 200,
        headers: [
          ["Access-Control-Allow-Origin", origin],
          ["Access-Control-Allow-Methods", "PUT"],
        ],
      };
    };
    const page = { origin, url, method };
    const { engines, verdict } = explainSync(page, answer);
    assert.equal(Object.keys(engines).length, 4);
    assert.equal(verdict.outcome, "readable");
    assert.deepEqual(asked.splice(0), expected);
    await explain(page, async (head: RequestHead) => answer(head));
    assert.deepEqual(asked, expected);
  });
