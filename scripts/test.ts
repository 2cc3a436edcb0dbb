// `npm test`: the whole gate. Ends with one plain line, `N passed, N failed`.
// `npm test -- PATH…` runs only those test files, or those of a folder, without the checks.

import { seedText } from "../test/support/seed.ts";
import { checks, report, runCheck } from "./checks.ts";
import { findTests, runTests } from "./run-tests.ts";

const named = process.argv.slice(2);
const totals = { passed: 0, failed: 0, skipped: 0 };

if (named.length === 0) {
  for (const check of checks) {
    const outcome = await runCheck(check);
    report(outcome);
    if (outcome.ok) totals.passed += 1;
    else totals.failed += 1;
  }
}

console.log(`seed  ${seedText} (CORSWAY_SEED=N or CORSWAY_SEED=random takes another)`);
const ran = await runTests(await findTests(named));
totals.passed += ran.passed;
totals.failed += ran.failed;
totals.skipped += ran.skipped;
if (ran.passed + ran.failed === 0) {
  console.log("no test ran");
  totals.failed += 1;
}

if (named.length === 0)
  console.log(
    "\nLonger proofs: npm run proof:browsers (three engines), npm run proof:wpt -- PATH (web-platform-tests), npm run proof:config and npm run proof:wire (fuzz), npm run proof:soak (load, faults, reloads, kills)",
  );
console.log(
  `\n${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ""}`,
);
process.exitCode = totals.failed === 0 ? 0 : 1;
