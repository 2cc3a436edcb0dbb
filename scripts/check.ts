// `npm run check`: types, lint, format, and the rules of the house and of its texts.
import { checks, report, runCheck } from "./checks.ts";
import { runTests } from "./run-tests.ts";

let ok = true;
for (const check of checks) {
  const outcome = await runCheck(check);
  report(outcome);
  ok &&= outcome.ok;
}
const house = await runTests(["test/house.test.ts", "test/prose.test.ts"]);
process.exitCode = ok && house.failed === 0 ? 0 : 1;
