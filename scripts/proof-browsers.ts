// npm run proof:browsers -- [--cases N] [--seed S] [--engines chromium,firefox,webkit]
// Holds the model against real engines. Exits 1 where one of them does otherwise than its data say;
// each such case is made small and kept in vectors/proof/, which every later run plays first. Before, the
// write lock is tried in each engine (test/proof/write-lock.ts).

import { parseArgs } from "node:util";
import type { ProofBrowser } from "../test/proof/browser.ts";
import { startProofChromium } from "../test/proof/chromium.ts";
import { startProofFirefox } from "../test/proof/firefox.ts";
import { generateCase } from "../test/proof/generate.ts";
import { proveCases, type Held } from "../test/proof/prove.ts";
import {
  differing,
  renderDifference,
  renderKinds,
  renderTable,
  type EngineReport,
} from "../test/proof/report.ts";
import { keptCases, keepCase } from "../test/proof/kept.ts";
import { startProofServer } from "../test/proof/server.ts";
import { proveWriteLock } from "../test/proof/lock-scene.ts";
import { shrinkCases } from "../test/proof/shrink.ts";
import type { Stage } from "../test/proof/stage.ts";
import { startProofWebkit } from "../test/proof/webkit.ts";

const browsers: Record<string, (stage: Stage) => Promise<ProofBrowser>> = {
  chromium: startProofChromium,
  firefox: startProofFirefox,
  webkit: startProofWebkit,
};

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    engines: { type: "string", default: Object.keys(browsers).join(",") },
    /** Differing cases that are made small and shown, a engine. */
    show: { type: "string", default: "10" },
    /** Leaves vectors/proof/ as it is. */
    "no-keep": { type: "boolean", default: false },
  },
});
const [count, seed, show] = [values.cases, values.seed, values.show].map(wholeNumber) as [
  number,
  number,
  number,
];
const names = values.engines.split(",");
for (const name of names)
  if (browsers[name] === undefined) {
    console.error(`unknown engine \`${name}\`; there are ${Object.keys(browsers).join(", ")}`);
    process.exit(2);
  }

console.log(`proof:browsers  seed ${seed}, ${count} cases an engine`);
const cases = [
  ...(await keptCases()).map(({ one }) => one),
  ...Array.from({ length: count }, (_, index) => generateCase(seed, index)),
];
const reports: EngineReport[] = [];
/** Differences of the write lock, over all engines. */
let lockDifferences = 0;
for (const name of names) reports.push(await proveEngine(name));
console.log(`\n${renderTable(reports)}`);
const isDifferent = reports.some((report) => differing(report).length > 0);
process.exitCode = isDifferent || lockDifferences > 0 ? 1 : 0;

async function proveEngine(name: string): Promise<EngineReport> {
  const server = await startProofServer();
  const browser = await browsers[name]!(server.stage);
  try {
    await proveLock(browser, server.stage);
    const start = performance.now();
    const held: Held[] = [];
    const stride = 1000;
    for (let from = 0; from < cases.length; from += stride) {
      held.push(...(await proveCases(browser, server, cases.slice(from, from + stride))));
      console.log(`${name}  ${held.length} of ${cases.length}`);
    }
    const seconds = (performance.now() - start) / 1000;
    const report = { name, version: browser.version, held, seconds };
    const differences = differing(report);
    if (differences.length > 0) console.log(`\n${renderKinds(report)}`);
    const small = await shrinkCases(spread(differences, show), (some) =>
      proveCases(browser, server, some),
    );
    for (const each of small) {
      console.log(`\n${renderDifference(name, each)}`);
      if (!values["no-keep"]) await keepCase(name, each);
    }
    return report;
  } finally {
    await browser.close();
    await server.close();
  }
}

/** What the API carried out, against `admits`. */
async function proveLock(browser: ProofBrowser, stage: Stage): Promise<void> {
  const { requests, refused, differences } = await proveWriteLock(browser, stage);
  lockDifferences += differences.length;
  const outcome = differences.length === 0 ? "0 differences" : differences.join("\n  ");
  console.log(
    `${browser.name}  write lock: ${requests} requests, ${refused} of them refused: ${outcome}`,
  );
}

/** Of each aspect and kind the first ones, for one cause often has many cases. */
function spread(differences: readonly Held[], limit: number): Held[] {
  const groups = new Map<string, Held[]>();
  for (const each of differences) {
    const key = `${each.difference!.aspect} ${each.one.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const taken: Held[] = [];
  for (let round = 0; taken.length < Math.min(limit, differences.length); round++)
    for (const group of groups.values()) {
      const each = group[round];
      if (each !== undefined && taken.length < limit) taken.push(each);
    }
  return taken;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`\`${text}\` is no whole number`);
    process.exit(2);
  }
  return Number(text);
}
