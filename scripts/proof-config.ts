// npm run proof:config [-- --runs N --seed S]: the fuzz of the configuration's reader, longer than
// in every `npm test`: bytes, lines and structure, each run with a fault to be told, never thrown.

import { parseArgs } from "node:util";
import { runTests } from "./run-tests.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "20000" },
    seed: { type: "string", default: "random" },
  },
});
process.env["CORSWAY_FUZZ"] = values.runs;
process.env["CORSWAY_SEED"] = values.seed;
console.log(`proof:config  ${values.runs} runs a property, seed ${values.seed}`);
const { passed, failed } = await runTests(["packages/gateway/src/config/fuzz.test.ts"]);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
