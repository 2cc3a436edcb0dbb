// npm run proof:wire [-- --runs N --seed S]: the fuzz of the codec, longer than in every `npm test`.
// Requests and responses as ours, an independent judge and llhttp read them; then mutated bytes through
// a running gateway, in both directions, judged by the same judge.

import { parseArgs } from "node:util";
import { runTests } from "./run-tests.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: "random" },
  },
});
process.env["CORSWAY_FUZZ"] = values.runs;
process.env["CORSWAY_SEED"] = values.seed;
console.log(`proof:wire  ${values.runs} messages each way, seed ${values.seed}`);
const { passed, failed } = await runTests([
  "packages/gateway/src/http1/differential.test.ts",
  "packages/gateway/src/engine/mutated-bytes.test.ts",
]);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
