// npm run proof:browsers -- [--cases N] [--seed S] [--engines chromium,firefox,webkit] [--only fetch|as|cookies|console]
// Holds the model against real engines: exchanges of fetch, everything else that a page does (`--as`), and
// cookies, N generated cases of each, and what the console prints. Exits 1 where an engine does otherwise than its data say; each such case
// is made small and kept in vectors/proof/, which every later run plays first. Before, the write lock is tried
// in each engine (test/proof/write-lock.ts).

import { parseArgs } from "node:util";
import type { ProofBrowser, StartProof } from "../test/proof/browser.ts";
import { startProofChromium } from "../test/proof/chromium.ts";
import { isPrintable, proveConsole } from "../test/proof/console/prove.ts";
import {
  startChromiumReader,
  startWebkitReader,
  type StartReader,
} from "../test/proof/console/reader.ts";
import { generateCookieCase } from "../test/proof/cookies/generate.ts";
import { isPlayable as canSetCookies, proveCookies } from "../test/proof/cookies/prove.ts";
import { startProofFirefox } from "../test/proof/firefox.ts";
import { generateCase } from "../test/proof/generate.ts";
import { generateActCase } from "../test/proof/initiators/generate.ts";
import { isPlayable, proveActs } from "../test/proof/initiators/prove.ts";
import { simplerActs } from "../test/proof/initiators/shrink.ts";
import { keptCases, keepCase, keptFolders, type KeptKind } from "../test/proof/kept.ts";
import { proveWriteLock } from "../test/proof/lock-scene.ts";
import { proveCases, type Held } from "../test/proof/prove.ts";
import {
  differing,
  renderDifference,
  renderKinds,
  renderTable,
  type EngineReport,
} from "../test/proof/report.ts";
import { startProofServer, type ProofServer } from "../test/proof/server.ts";
import { shrinkCases, simplerCases } from "../test/proof/shrink.ts";
import type { Stage } from "../test/proof/stage.ts";
import { startProofWebkit } from "../test/proof/webkit.ts";

const readers: Record<string, StartReader> = {
  chromium: startChromiumReader,
  webkit: startWebkitReader,
};

const browsers: Record<string, StartProof> = {
  chromium: startProofChromium,
  firefox: startProofFirefox,
  webkit: startProofWebkit,
};

const { values } = parseArgs({
  options: {
    /** Generated cases of each kind, an engine. */
    cases: { type: "string", default: "3000" },
    seed: { type: "string", default: "1" },
    engines: { type: "string", default: Object.keys(browsers).join(",") },
    /** Kinds of cases, and nothing else. */
    only: { type: "string" },
    /** Differing cases that are made small and shown, an engine and kind. */
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
const names = chosen("engine", values.engines, Object.keys(browsers));
const kinds = chosen(
  "kind",
  values.only ?? Object.keys(keptFolders).join(","),
  Object.keys(keptFolders),
) as KeptKind[];

const proveKind: Readonly<
  Record<KeptKind, (name: string, start: StartProof, server: ProofServer) => Promise<EngineReport>>
> = {
  fetch: (name, start, server) =>
    withBrowser(start, server, async (browser) => {
      const cases = [...(await keptCases()), ...generated((index) => generateCase(seed, index))];
      return reportOf("fetch", name, browser.version, cases, simplerCases, (some) =>
        proveCases(browser, server, some),
      );
    }),
  as: (name, start, server) =>
    withBrowser(start, server, async (browser) => {
      const cases = [
        ...(await keptCases<ReturnType<typeof generateActCase>>("as")),
        ...generated((index) => generateActCase(seed, index)),
      ].filter((one) => isPlayable(one, browser));
      return reportOf("as", name, browser.version, cases, simplerActs, (some) =>
        proveActs(browser, server, some),
      );
    }),
  console: async (name, _start, server) => {
    const startReader = readers[name];
    if (startReader === undefined) return noReport("console", name);
    const reader = await startReader(server.stage);
    try {
      const cases = generated((index) => generateActCase(seed, index)).filter(isPrintable);
      return await reportOf(
        "console",
        name,
        "",
        cases,
        () => [],
        (some) => proveConsole(reader, server, some),
      );
    } finally {
      await reader.close();
    }
  },
  cookies: async (name, start, server) => {
    const cases = [
      ...(await keptCases<ReturnType<typeof generateCookieCase>>("cookies")),
      ...generated((index) => generateCookieCase(seed, index)),
    ].filter((one) => canSetCookies(one, name));
    // Each try would be a browser of its own: they stay as they are.
    return reportOf(
      "cookies",
      name,
      "",
      cases,
      () => [],
      (some) => proveCookies(start, server, some),
    );
  },
};

console.log(`proof:browsers  seed ${seed}, ${count} cases of each kind an engine`);
const reports: EngineReport[] = [];
/** Differences of the write lock, over all engines. */
let lockDifferences = 0;
for (const name of names) await proveEngine(name);
for (const kind of kinds) {
  const some = reports.filter((report) => report.kind === kind);
  console.log(`\n${kind}\n${renderTable(some)}`);
}
const isDifferent = reports.some((report) => differing(report).length > 0);
process.exitCode = isDifferent || lockDifferences > 0 ? 1 : 0;

async function proveEngine(name: string): Promise<void> {
  const start = browsers[name]!;
  const server = await startProofServer();
  try {
    if (values.only === undefined) await withBrowser(start, server, proveLock);
    for (const kind of kinds) reports.push(await proveKind[kind](name, start, server));
  } finally {
    await server.close();
  }
}

/** This engine's console cannot be read from outside. */
function noReport(kind: KeptKind, name: string): EngineReport {
  return { kind, name, version: "", held: [], seconds: 0 };
}

function generated<One>(generate: (index: number) => One): One[] {
  return Array.from({ length: count }, (_, index) => generate(index));
}

async function reportOf<One extends { readonly kind: string }>(
  kind: KeptKind,
  name: string,
  version: string,
  cases: readonly One[],
  simpler: (one: One) => One[],
  prove: (some: readonly One[]) => Promise<Held<One>[]>,
): Promise<EngineReport> {
  const begun = performance.now();
  const held: Held<One>[] = [];
  const stride = 1000;
  for (let from = 0; from < cases.length; from += stride) {
    held.push(...(await prove(cases.slice(from, from + stride))));
    console.log(`${name} ${kind}  ${held.length} of ${cases.length}`);
  }
  const report = { kind, name, version, held, seconds: (performance.now() - begun) / 1000 };
  const differences = differing(report);
  if (differences.length > 0) console.log(`\n${renderKinds(report)}`);
  for (const each of await shrinkCases(spread(differences, show), prove, simpler)) {
    console.log(`\n${renderDifference(name, each)}`);
    if (!values["no-keep"]) await keepCase(kind, name, each);
  }
  return report;
}

async function withBrowser<T>(
  start: StartProof,
  server: ProofServer,
  use: (browser: ProofBrowser, stage: Stage) => Promise<T>,
): Promise<T> {
  const browser = await start(server.stage);
  try {
    return await use(browser, server.stage);
  } finally {
    await browser.close();
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
function spread<One extends { readonly kind: string }>(
  differences: readonly Held<One>[],
  limit: number,
): Held<One>[] {
  const groups = new Map<string, Held<One>[]>();
  for (const each of differences) {
    const key = `${each.difference!.aspect} ${each.one.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  const first: Held<One>[] = [];
  for (let round = 0; first.length < Math.min(limit, differences.length); round++)
    for (const group of groups.values()) {
      const each = group[round];
      if (each !== undefined && first.length < limit) first.push(each);
    }
  return first;
}

function chosen(what: string, text: string, known: readonly string[]): string[] {
  const list = text.split(",");
  for (const name of list)
    if (!known.includes(name)) {
      console.error(`unknown ${what} \`${name}\`; there are ${known.join(", ")}`);
      process.exit(2);
    }
  return list;
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    console.error(`\`${text}\` is not a whole number`);
    process.exit(2);
  }
  return Number(text);
}
