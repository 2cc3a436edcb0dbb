// "What opens, what closes", held against the meaning of policies: whatever differs is reported, and
// whatever is reported differs.

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { admits, permits, readPolicy, type Policy, type RequestHead } from "@corsway/cors";
import {
  arbitraryPolicy,
  arbitraryPolicyRequest,
  arbitraryRules,
  asList,
} from "../../../../test/support/arbitrary-policy.ts";
import { policyChanges, type PolicyChange } from "./policy-changes.ts";

const policy = (input: object): Policy => {
  const { policy: read, diagnostics } = readPolicy(input);
  assert.ok(read, JSON.stringify(diagnostics));
  return read;
};
const short = (changes: readonly PolicyChange[]): readonly string[] =>
  changes.map(({ field, what, before, after, origins, withCredentials }) =>
    [
      what,
      field,
      what === "opens" && before === null
        ? String(after)
        : after === null
          ? String(before)
          : `${before}→${after}`,
      ...(origins ? [`for ${origins.join(" ")}`] : []),
      ...(withCredentials ? ["with credentials"] : []),
    ].join(" "),
  );
const app = { allowOrigins: ["https://app.example.com"] };

void suite("what opens and closes", () => {
  const rows: readonly (readonly [
    string,
    readonly object[],
    readonly object[],
    readonly string[],
  ])[] = [
    ["nothing, where nothing changes", [app], [app], []],
    [
      "nothing, for an origin that a pattern covers already",
      [{ allowOrigins: ["https://*.example.com"] }],
      [{ allowOrigins: ["https://*.example.com", "https://app.example.com"] }],
      [],
    ],
    [
      "a pattern instead of one of its origins",
      [app],
      [{ allowOrigins: ["https://*.example.com"] }],
      ["opens allow_origins https://*.example.com"],
    ],
    ["every other origin", [app], [{ allowOrigins: "*" }], ["opens allow_origins *"]],
    [
      "an origin with credentials",
      [{ ...app, allowCredentials: true }],
      [{ allowOrigins: [...app.allowOrigins, "https://b.example"], allowCredentials: true }],
      ["opens allow_origins https://b.example with credentials"],
    ],
    [
      "methods that a star covered already do not open",
      [{ ...app, allowMethods: "*" }],
      [{ ...app, allowMethods: ["PUT"] }],
      ["closes allow_methods *"],
    ],
    [
      "GET, HEAD and POST are never closed",
      [{ ...app, allowMethods: ["GET", "PUT"] }],
      [{ ...app, allowMethods: ["PUT"] }],
      [],
    ],
    [
      "a rule that another one hides changes nothing",
      [{ allowOrigins: "*" }, app],
      [{ allowOrigins: "*" }, { ...app, allowMethods: ["PUT"], allowCredentials: true }],
      [],
    ],
    [
      "the order of rules, for the origins that both allow",
      [app, { allowOrigins: "*", allowMethods: ["PUT"] }],
      [{ allowOrigins: "*", allowMethods: ["PUT"] }, app],
      ["opens allow_methods PUT for https://app.example.com"],
    ],
    [
      "a method in one rule of two",
      [app, { allowOrigins: "*" }],
      [{ ...app, allowMethods: ["PUT"] }, { allowOrigins: "*" }],
      ["opens allow_methods PUT for https://app.example.com"],
    ],
    [
      "a family of headers, and a name within it",
      [{ ...app, allowHeaders: ["X-Amz-Date"] }],
      [{ ...app, allowHeaders: ["X-Amz-*"] }],
      ["opens allow_headers X-Amz-*"],
    ],
    [
      "what pages that are not allowed may do",
      [{ ...app, onMismatch: "omit" }],
      [{ ...app, onMismatch: "reject" }],
      ["closes on_mismatch omit→reject"],
    ],
    ["no policy at all", [app], [], ["closes allow_origins https://app.example.com"]],
  ];
  for (const [name, before, after, expected] of rows)
    test(name, () =>
      assert.deepEqual(short(policyChanges(before.map(policy), after.map(policy))), expected),
    );
});

const numRuns = 2000;
const none: readonly Policy[] = [];
const sides = fc.tuple(
  fc.oneof(
    { weight: 8, arbitrary: arbitraryRules.map(asList) },
    { weight: 1, arbitrary: fc.constant(none) },
  ),
  fc.oneof(
    { weight: 8, arbitrary: arbitraryRules.map(asList) },
    { weight: 1, arbitrary: fc.constant(none) },
  ),
);
/** Two that differ in one field, as most edits do. */
const edited = fc
  .tuple(arbitraryRules.map(asList), arbitraryPolicy, fc.nat())
  .map(([rules, fresh, at]): readonly [readonly Policy[], readonly Policy[]] => [
    rules,
    rules.with(at % rules.length, fresh),
  ]);
const pairs = fc.oneof(sides, edited);

const may = (rules: readonly Policy[], request: Parameters<typeof permits>[1]): boolean =>
  rules.length > 0 && permits(rules, request);
const executes = (rules: readonly Policy[], head: RequestHead): boolean =>
  rules.length > 0 ? admits(rules, head) : true;

test("a change that is reported is one: its example is permitted on one side only", () => {
  fc.assert(
    fc.property(pairs, ([before, after]) => {
      for (const { field, what, examples = [], ...change } of policyChanges(before, after)) {
        if (what === "changes") continue;
        assert.ok(examples.length > 0);
        for (const example of examples) {
          if (field === "expose_headers" || field === "timing_allow_origin") continue;
          const test =
            field === "on_mismatch"
              ? (rules: readonly Policy[]) =>
                  executes(rules, {
                    method: example.method,
                    url: "https://api.example/",
                    headers: [["Origin", example.origin]],
                  })
              : (rules: readonly Policy[]) => may(rules, example);
          assert.deepEqual(
            [test(before), test(after)],
            [what === "closes", what === "opens"],
            JSON.stringify({ field, what, change, example }),
          );
        }
      }
    }),
    { numRuns },
  );
});

test("whatever a page may do on one side only is reported", () => {
  fc.assert(
    fc.property(pairs, arbitraryPolicyRequest, ([before, after], request) => {
      const [was, is] = [may(before, request), may(after, request)];
      if (was === is) return;
      const what = is ? "opens" : "closes";
      const reads = [before, after].every((rules) =>
        may(rules, { ...request, method: "GET", headerNames: [], credentials: false }),
      );
      assert.ok(
        policyChanges(before, after).some(
          (change) => change.what === what && (change.field === "allow_origins") === !reads,
        ),
        JSON.stringify(request),
      );
    }),
    { numRuns },
  );
});

test("whatever is carried out on one side only is reported", () => {
  const method = fc.constantFrom("GET", "POST", "PUT");
  fc.assert(
    fc.property(pairs, arbitraryPolicyRequest, method, ([before, after], { origin }, asked) => {
      const head = {
        method: asked,
        url: "https://api.example/",
        headers: [["Origin", origin]],
      } as const;
      const [was, is] = [executes(before, head), executes(after, head)];
      if (was === is) return;
      const what = is ? "opens" : "closes";
      assert.ok(policyChanges(before, after).some((change) => change.what === what));
    }),
    { numRuns },
  );
});
