import assert from "node:assert/strict";
import { test } from "node:test";
import { runSync } from "@corsway/cors/browser";
import type { Header } from "@corsway/cors/standard";

const page = "https://app.example.com";
const other = "https://api.example.com/users";

/** Whether a page may read the timings, by what each hop says in Timing-Allow-Origin. */
function timed(url: string, ...hops: (string | undefined)[]): boolean {
  let hop = 0;
  const { outcome, timingAllowed } = runSync({ origin: page, url }, () => {
    const said = hops[hop++];
    const headers: Header[] = [["Access-Control-Allow-Origin", "*"]];
    if (said !== undefined) headers.push(["timing-allow-origin", said]);
    if (hop < hops.length) headers.push(["Location", "/next"]);
    return { status: hop < hops.length ? 302 : 200, headers };
  });
  assert.equal(outcome, "readable", "it never blocks");
  return timingAllowed;
}

for (const [said, allowed] of [
  ["*", true],
  [page, true],
  [`https://a.example,\t${page} `, true],
  ["https://a.example, *", true],
  [undefined, false],
  ["", false],
  ["https://a.example", false],
  [`${page}/`, false],
  ["HTTPS://app.example.com", false],
] as const)
  test(`Timing-Allow-Origin ${JSON.stringify(said)}: a page of ${page} ${allowed ? "may" : "may not"} read the timings`, () => {
    assert.equal(timed(other, said), allowed);
  });

test("a page may read the timings of its own origin without being named", () => {
  assert.equal(timed(`${page}/users`, undefined), true);
});

test("one hop that keeps its timings to itself keeps those of all that follow", () => {
  assert.equal(timed(other, undefined, "*"), false);
  assert.equal(timed(other, "*", undefined), false);
  assert.equal(timed(other, "*", "*"), true);
});
