// npm run proof:wpt -- PATH [--only TEXT] [--verbose]
// PATH: a checkout of web-platform-tests (nothing of it is ours). Runs its CORS tests over the model
// and says of each file how many subtests passed, and why the others did not.

import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { reasonOf, unreachable } from "../test/proof/wpt/misses.ts";
import { runTestFile, type FileResult } from "../test/proof/wpt/test-file.ts";
import { startNetwork } from "../test/proof/wpt/waiting-network.ts";
import { startWptserve } from "../test/proof/wpt/wptserve.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { only: { type: "string", default: "" }, verbose: { type: "boolean", default: false } },
});
const [given] = positionals;
const checkout = path.resolve(process.env.INIT_CWD ?? ".", given ?? "");
if (given === undefined || !existsSync(path.join(checkout, "resources/testharness.js"))) {
  console.error("name the folder of a web-platform-tests checkout: npm run proof:wpt -- PATH");
  process.exit(2);
}

/** Folder, and which files of it. */
const folders: readonly (readonly [string, RegExp])[] = [
  ["fetch/api/cors", /./],
  ["fetch/api/redirect", /./],
  ["fetch/api/credentials", /./],
  ["cors", /./],
  ["xhr", /^access-control/],
];

const server = await startWptserve(checkout);
const network = await startNetwork();
let unexplained = 0;
try {
  for (const [folder, pattern] of folders) {
    const names = (await readdir(path.join(checkout, folder)))
      .filter((name) => pattern.test(name) && /\.(any\.js|window\.js|html?)$/.test(name))
      .map((name) => `${folder}/${name}`)
      .filter((name) => name.includes(values.only));
    if (names.length === 0) continue;
    console.log(`\n${folder}`);
    let [passed, total, left] = [0, 0, 0];
    for (const name of names.sort()) {
      const out = unreachable(name);
      if (out !== undefined) {
        left++;
        console.log(`      –      ${path.basename(name)}: ${out}`);
        continue;
      }
      const result = await runTestFile(network, server.origin, name);
      passed += result.subtests.filter((each) => each.passed).length;
      total += result.subtests.length;
      report(result);
    }
    console.log(`  ${passed} of ${total} subtests passed (${left} files not reachable)`);
  }
} finally {
  await network.close();
  await server.close();
}
if (unexplained > 0) console.log(`\n${unexplained} misses without a reason`);
process.exitCode = unexplained > 0 ? 1 : 0;

function report({ path: name, subtests, stopped }: FileResult): void {
  const passed = subtests.filter((each) => each.passed).length;
  const count = `${passed}/${subtests.length}`;
  console.log(`  ${count.padStart(8)}   ${path.basename(name)}`);
  for (const each of subtests.filter((each) => !each.passed)) {
    const reason = reasonOf(name, each.name);
    if (reason === undefined) unexplained++;
    if (reason === undefined || values.verbose)
      console.log(
        `             ${JSON.stringify(each.name)}: ${reason ?? `NO REASON ${each.message}`}`,
      );
  }
  const known = new Set(
    subtests.filter((each) => !each.passed).map((each) => reasonOf(name, each.name)),
  );
  if (!values.verbose)
    for (const reason of known) if (reason !== undefined) console.log(`             ${reason}`);
  if (stopped !== undefined) {
    const reason = reasonOf(name, "");
    if (reason === undefined) unexplained++;
    console.log(`             stopped: ${reason ?? `NO REASON ${stopped}`}`);
  }
}
