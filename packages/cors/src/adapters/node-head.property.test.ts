// The look-ups of an adapter come to the same decisions as the list of a RequestHead.

import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePolicy, type Decision } from "@corsway/cors";
import fc from "fast-check";
import { arbitraryOriginValue, arbitraryRules } from "../../../../test/support/arbitrary-policy.ts";
import { compilePolicyFor } from "../policy/decide/compile.ts";
import { fetchReader } from "./fetch-head.ts";
import { nodeReader } from "./node-head.ts";

const arbitraryHeaders = fc.record(
  {
    origin: arbitraryOriginValue.filter((value) =>
      /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(value),
    ),
    "access-control-request-method": fc.constantFrom("GET", "PUT", "patch", "X"),
    "access-control-request-headers": fc.constantFrom(
      "x-a",
      "content-type,x-b",
      "authorization",
      ",,",
      "a b",
    ),
    "sec-fetch-site": fc.constantFrom("same-origin", "same-site", "cross-site", "none"),
    "sec-fetch-mode": fc.constantFrom("navigate", "cors", "no-cors"),
    "sec-fetch-dest": fc.constantFrom("document", "image"),
  },
  { requiredKeys: [] },
);

function unchanged(decision: Decision): Decision {
  return decision;
}

test("a request is decided alike as a RequestHead, a Node request and a Request", () => {
  fc.assert(
    fc.property(
      arbitraryRules,
      fc.constantFrom("GET", "HEAD", "POST", "PUT", "OPTIONS"),
      arbitraryHeaders,
      (rules, method, fields) => {
        const url = "https://api.foo.com/things";
        const headers = { host: "api.foo.com", ...fields } as Record<string, string>;
        const wanted = compilePolicy(rules)({ method, url, headers: Object.entries(headers) });
        const node = { method, headers, socket: { encrypted: true } };
        assert.deepEqual(compilePolicyFor(rules, nodeReader, unchanged)(node), wanted);
        const request = { method, url, headers: new Headers(headers) };
        assert.deepEqual(compilePolicyFor(rules, fetchReader, unchanged)(request), wanted);
        // Kept answers are the answers.
        const decide = compilePolicyFor(rules, nodeReader, unchanged);
        assert.deepEqual(decide(node), decide(node));
      },
    ),
    { numRuns: 1500 },
  );
});
