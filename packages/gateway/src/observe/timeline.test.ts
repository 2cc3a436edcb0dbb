import assert from "node:assert/strict";
import { test } from "node:test";
import { accessRecord } from "../../../../test/support/access-record.ts";
import { Timeline } from "./timeline.ts";

const minute = 60_000;

const refused = (origin: string) =>
  accessRecord({ kind: "actual", allowed: false, refusal: "origin-not-allowed", origin });

test("requests are counted per minute and dropped after an hour", () => {
  const timeline = new Timeline();
  const start = 1_000_000 * minute;
  timeline.count(accessRecord({ kind: "actual", allowed: true }), start);
  timeline.count(refused("https://a.example"), start + 1);
  timeline.count(accessRecord({ status: 502 }), start + minute);
  assert.deepEqual(timeline.hour(start + minute).minutes, [
    { at: 1_000_000, allowed: 1, refused: 1, other: 0, errors: 0 },
    { at: 1_000_001, allowed: 0, refused: 0, other: 1, errors: 1 },
  ]);
  const later = timeline.hour(start + 60 * minute);
  assert.deepEqual(
    later.minutes.map(({ at }) => at),
    [1_000_001],
  );
  assert.deepEqual(later.refusals, []);
});

test("refusals are grouped by reason, origin and place, the most frequent first", () => {
  const timeline = new Timeline();
  timeline.count(refused("https://a.example"), 0);
  for (let turn = 0; turn < 3; turn++) timeline.count(refused("https://b.example"), 0);
  assert.deepEqual(
    timeline.hour(0).refusals.map(({ origin, count }) => [origin, count]),
    [
      ["https://b.example", 3],
      ["https://a.example", 1],
    ],
  );
});

test("unique origins use bounded memory, and those not kept are counted", () => {
  const timeline = new Timeline();
  for (let turn = 0; turn < 5000; turn++) timeline.count(refused(`https://o${turn}.example`), 0);
  const { refusals, ungrouped, minutes } = timeline.hour(0);
  assert.equal(refusals.length, 500);
  assert.equal(ungrouped, 4500);
  assert.equal(minutes[0]!.refused, 5000);
});

test("the timelines of several processes are added up", () => {
  const [one, other, both] = [new Timeline(), new Timeline(), new Timeline()];
  const now = Date.parse("2026-11-28T10:00:00.000Z");
  one.count(refused("https://a.example"), now);
  other.count(refused("https://a.example"), now);
  both.add(one.hour(now));
  both.add(other.hour(now));
  assert.equal(both.hour(now).refusals[0]!.count, 2);
  assert.equal(both.hour(now).minutes[0]!.refused, 2);
});
