// The middleware against the four packages that most people use, and against what is written by hand for one policy, on the
// same requests in one interleaved run. Each candidate has a process of its own. A stub response that only keeps its headers
// shows the library alone; a real ServerResponse (without a socket) shows what a server sees of it.
// Run: npm run bench:library [-- --quick] [--only=TEXT] [--write: the tables of bench/README.md]

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import type { Kind } from "./library/candidates.ts";
import { exchangesOf, hitOf, hostile, shapeName, shapes } from "./library/exchanges.ts";
import type { Exchange, Shape } from "./library/exchanges.ts";
import type { Ask } from "./library/sampler.ts";
import { median } from "./measure.ts";

const quick = process.argv.includes("--quick");
const only = process.argv.find((argument) => argument.startsWith("--only="))?.slice(7);
const rounds = quick ? 5 : 11;
/** ms: long enough for a timer, short enough for a round of all candidates to see the same machine. */
const time = quick ? 8 : 20;

interface Comparison {
  readonly name: string;
  readonly peer: string;
  readonly ours: string;
  readonly floor: string;
}
const comparisons: readonly Comparison[] = [
  ["ideal", "node", "ideal"],
  ["ideal, at the head", "node", "late ideal"],
  ["cors", "node", "cors"],
  ["@fastify/cors", "fastify", "@fastify/cors"],
  ["@koa/cors", "koa", "@koa/cors"],
  ["hono/cors", "hono", "hono/cors"],
].map(([name, way, peer]) => ({
  name: name!,
  peer: `${way}: ${peer}`,
  ours: `${way}: ours`,
  floor: `${way}: floor`,
}));

interface Row {
  readonly name: string;
  readonly peer: number;
  readonly ours: number;
  readonly floor: number;
}
interface Measured {
  readonly kind: Kind;
  readonly shape: Shape;
  readonly exchange: string;
  readonly rows: readonly Row[];
}

/** Processes by kind and candidate, started when they are first needed. */
const samplers = new Map<string, ChildProcess>();

async function ask(question: Ask): Promise<number> {
  const key = `${question.kind} ${question.candidate}`;
  let sampler = samplers.get(key);
  if (sampler === undefined) {
    sampler = fork(new URL("library/sampler.ts", import.meta.url), {
      execArgv: ["--conditions=source"],
    });
    samplers.set(key, sampler);
  }
  const left = new AbortController();
  sampler.send(question);
  const [cost] = (await Promise.race([
    once(sampler, "message", { signal: left.signal }),
    once(sampler, "exit", { signal: left.signal }).then(() => {
      throw new Error(`the process of ${key} ended`);
    }),
  ])) as [number];
  left.abort();
  return cost;
}

/** The median of all rounds for each candidate; in each round every one has its turn. */
async function measure(
  names: readonly string[],
  kind: Kind,
  shape: Shape,
  exchange: Exchange,
): Promise<ReadonlyMap<string, number>> {
  const taken = new Map(names.map((name) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++)
    for (const [candidate, costs] of taken) {
      const cost = await ask({ candidate, kind, shape, exchange, time });
      if (round >= 0) costs.push(cost);
    }
  return new Map([...taken].map(([name, costs]) => [name, median(costs)]));
}

function print({ name, peer, ours, floor }: Row): void {
  const figures = [peer, ours, floor].map((cost) => cost.toFixed(0).padStart(8)).join("");
  console.log(`  ${name.padEnd(20)}${figures}   ×${(peer / ours).toFixed(2)}`);
}

async function compareAll(): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const kind of ["stub", "real"] as const) {
    // hono makes its own response.
    const compared = comparisons.filter(({ name }) => kind === "real" || name !== "hono/cors");
    const names = new Set(compared.flatMap(({ peer, ours, floor }) => [peer, ours, floor]));
    for (const shape of shapes)
      for (const [name, exchange] of Object.entries(exchangesOf(hitOf(shape)))) {
        const title = `${kind} response, ${shapeName(shape)}, ${name}`;
        if (only !== undefined && !title.includes(only)) continue;
        const costs = await measure([...names], kind, shape, exchange);
        const rows = compared.map((one) => ({
          name: one.name,
          peer: costs.get(one.peer)!,
          ours: costs.get(one.ours)!,
          floor: costs.get(one.floor)!,
        }));
        console.log(`${title}\n${"".padEnd(22)}    peer    ours   floor`);
        for (const row of rows) print(row);
        measured.push({ kind, shape, exchange: name, rows });
      }
  }
  return measured;
}

interface Hostile {
  readonly name: string;
  readonly listed: number;
  readonly echoed: number;
}

async function measureHostile(): Promise<Hostile[]> {
  const shape: Shape = { count: 10, wildcards: false };
  const measured: Hostile[] = [];
  if (only !== undefined && !"hostile".includes(only)) return measured;
  console.log("hostile Access-Control-Request-Headers, stub response");
  for (const [name, asked] of Object.entries(hostile)) {
    const exchange = exchangesOf(hitOf(shape), asked)["preflight"]!;
    const costs = await measure(["node: ours", "node: echo"], "stub", shape, exchange);
    const [listed, echoed] = [costs.get("node: ours")!, costs.get("node: echo")!];
    const shown = [listed, echoed].map((cost) => cost.toFixed(0).padStart(7));
    console.log(`  ${name.padEnd(28)} a list ${shown[0]}   echoed ${shown[1]}`);
    measured.push({ name, listed, echoed });
  }
  return measured;
}

/** How many times ours a peer takes: a row a peer and size, a column a request. */
function ratioTable(
  title: string,
  measured: readonly Measured[],
  rowNames: readonly string[],
  ratioOf: (row: Row) => number,
): string {
  const columns = [...new Set(measured.map(({ exchange }) => exchange))];
  const lines = [
    `| ${title} | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
  ];
  for (const shape of shapes)
    for (const name of rowNames) {
      const cells = columns.map((column) => {
        const found = measured.find((one) => one.shape === shape && one.exchange === column)!;
        return ratioOf(found.rows.find((row) => row.name === name)!).toFixed(2);
      });
      lines.push(`| ${shapeName(shape)}: ${name} | ${cells.join(" | ")} |`);
    }
  return lines.join("\n");
}

/** What the ratios hide: ns, at one exact origin. */
function costTable(measured: readonly Measured[]): string {
  const ofOne = measured.filter(({ kind, shape }) => kind === "real" && shape === shapes[0]);
  const columns = ofOne.map(({ exchange }) => exchange);
  const cellsOf = (name: string, of: "peer" | "ours" | "floor"): string =>
    ofOne.map(({ rows }) => rows.find((row) => row.name === name)![of].toFixed(0)).join(" | ");
  return [
    `| ns, real response, 1 exact | ${columns.join(" | ")} |`,
    `|---|${columns.map(() => "---|").join("")}`,
    `| no CORS at all | ${cellsOf("ideal", "floor")} |`,
    `| ideal | ${cellsOf("ideal", "peer")} |`,
    `| ideal, at the head | ${cellsOf("ideal, at the head", "peer")} |`,
    `| **\`@corsway/cors\`** | ${cellsOf("cors", "ours")} |`,
    `| \`cors\` | ${cellsOf("cors", "peer")} |`,
  ].join("\n");
}

function hostileTable(measured: readonly Hostile[]): string {
  const lines = [
    '| µs for a preflight with | allowed headers listed | `"*"`, echoed |',
    "|---|---|---|",
  ];
  const micros = (cost: number): string => (cost / 1000).toFixed(2);
  for (const { name, listed, echoed } of measured)
    lines.push(`| ${name} | ${micros(listed)} | ${micros(echoed)} |`);
  return lines.join("\n");
}

function write(tables: string): void {
  const file = new URL("README.md", import.meta.url);
  const text = readFileSync(file, "utf8");
  const begin = "<!-- begin: npm run bench:library -- --write -->";
  const from = text.indexOf(begin) + begin.length;
  const to = text.indexOf("<!-- end -->", from);
  if (from < begin.length || to < 0) throw new Error(`bench/README.md has no ${begin}`);
  writeFileSync(file, `${text.slice(0, from)}\n${tables}\n${text.slice(to)}`);
}

console.log(
  `ns a request, medians of ${rounds} interleaved rounds; ${process.version}\n×: the peer's time over ours (over 1 we are faster); floor: the same way without CORS\n`,
);
try {
  const measured = await compareAll();
  const hostileOnes = await measureHostile();
  if (process.argv.includes("--write")) {
    if (only !== undefined) throw new Error("--write needs all rows: leave --only out");
    write(
      [
        ratioTable(
          "real response",
          measured.filter(({ kind }) => kind === "real"),
          comparisons.map(({ name }) => name),
          ({ peer, ours }) => peer / ours,
        ),
        costTable(measured),
        // What the library itself adds: the way without CORS is subtracted from both.
        ratioTable(
          "stub response",
          measured.filter(({ kind }) => kind === "stub"),
          ["cors", "@fastify/cors", "@koa/cors"],
          ({ peer, ours, floor }) => (peer - floor) / (ours - floor),
        ),
        hostileTable(hostileOnes),
      ].join("\n\n"),
    );
  }
} finally {
  for (const sampler of samplers.values()) sampler.kill();
}
