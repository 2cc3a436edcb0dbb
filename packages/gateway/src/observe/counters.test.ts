import assert from "node:assert/strict";
import { test } from "node:test";
import { accessRecord } from "../../../../test/support/access-record.ts";
import { Counters } from "./counters.ts";

test("a location keeps its place, so another configuration adds to the same counts", () => {
  const counters = new Counters();
  const before = counters.place("api", "webapp");
  counters.count(accessRecord({ kind: "actual", allowed: true }), before);
  const other = counters.place("files", "webapp");
  const after = counters.place("api", "webapp");
  counters.count(accessRecord({ kind: "actual", allowed: true }), after);
  assert.notEqual(other, before);
  assert.deepEqual(counters.counts().decisions, [
    {
      location: "api",
      policy: "webapp",
      kind: "actual",
      outcome: "allowed",
      reason: "",
      count: 2,
    },
  ]);
});

test("each kind, outcome and reason has a count of its own", () => {
  const counters = new Counters();
  const place = counters.place("api", "webapp");
  const refused = { kind: "preflight", allowed: false } as const;
  counters.count(accessRecord(), place);
  counters.count(accessRecord({ kind: "preflight", allowed: true, status: 204 }), place);
  counters.count(accessRecord({ ...refused, refusal: "method-not-allowed", status: 204 }), place);
  counters.count(accessRecord({ ...refused, refusal: "origin-malformed", status: 403 }), place);
  const locked = { kind: "actual", allowed: true, error: "ambiguous_path", status: 400 } as const;
  counters.count(accessRecord(locked), place);
  counters.count(
    accessRecord({ kind: "actual", allowed: true, error: "not_found", status: 404 }),
    place,
  );
  const { requests, byClass, decisions, errors } = counters.counts();
  assert.equal(requests, 6);
  assert.deepEqual(byClass, [0, 0, 3, 0, 3, 0]);
  assert.deepEqual(errors, { ambiguous_path: 1, not_found: 1 });
  assert.deepEqual(
    decisions.map(({ kind, outcome, reason, count }) => [kind, outcome, reason, count]),
    [
      ["none", "untouched", "", 1],
      ["preflight", "allowed", "", 1],
      ["preflight", "refused", "origin-malformed", 1],
      ["preflight", "refused", "method-not-allowed", 1],
      ["actual", "allowed", "", 1],
      ["actual", "refused", "ambiguous_path", 1],
    ],
  );
});

test("the counts of several processes are added up, whatever order their places have", () => {
  const [one, other, both] = [new Counters(), new Counters(), new Counters()];
  const allowed = accessRecord({ kind: "actual", allowed: true });
  one.count(allowed, one.place("api", "webapp"));
  other.count(allowed, other.place("files", "webapp"));
  for (let i = 0; i < 2; i++) other.count(allowed, other.place("api", "webapp"));
  both.add(one.counts());
  both.add(other.counts());
  assert.deepEqual(
    both.counts().decisions.map(({ location, count }) => [location, count]),
    [
      ["api", 3],
      ["files", 1],
    ],
  );
  assert.equal(both.counts().requests, 4);
});
