// The short form of `npm run proof:soak`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { soak } from "./soak.ts";

test("during reloads, faults and a killed process, no accepted request is lost and no response is wrong", async () => {
  const clients = 6;
  const soaked = await soak({ seconds: 6, clients, killEvery: 3 });
  assert.deepEqual(soaked.lost, []);
  assert.deepEqual(soaked.wrong, []);
  assert.equal(soaked.kills, 1);
  assert.ok(soaked.killed <= clients * soaked.kills, `${soaked.killed} ended with one process`);
  assert.ok(soaked.reloads >= 2, `${soaked.reloads} reloads`);
  assert.ok(soaked.faults > 0 && soaked.requests > 10 * soaked.faults);
});
