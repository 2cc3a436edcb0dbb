// The table at the end: what each engine was asked and where it parted from the model.

import type { Aspect } from "./compare.ts";
import type { Held } from "./prove.ts";

export interface EngineReport {
  /** fetch, as or cookies. */
  readonly kind: string;
  readonly name: string;
  readonly version: string;
  readonly held: readonly Held<{ readonly kind: string }>[];
  readonly seconds: number;
}

const aspects: readonly Aspect[] = [
  "verdict",
  "wire",
  "credentials",
  "headers",
  "reason",
  "console",
];

export function differing<One>(report: { readonly held: readonly Held<One>[] }): Held<One>[] {
  return report.held.filter(({ difference }) => difference !== undefined);
}

export function renderTable(reports: readonly EngineReport[]): string {
  const rows = reports.map((report) => {
    const differences = differing(report);
    return [
      `${report.name} ${report.version}`,
      `${report.held.length}`,
      `${report.held.length - differences.length}`,
      ...aspects.map(
        (aspect) => `${differences.filter((each) => each.difference?.aspect === aspect).length}`,
      ),
      `${report.held.filter(({ unsteady }) => unsteady === true).length}`,
      report.seconds.toFixed(0),
    ];
  });
  return renderColumns([["engine", "cases", "agree", ...aspects, "unsteady", "seconds"], ...rows]);
}

/** How often each kind of case was played, and how often it differed. */
export function renderKinds(report: EngineReport): string {
  const kinds = new Map<string, [played: number, differed: number]>();
  for (const { one, difference } of report.held) {
    const [played, differed] = kinds.get(one.kind) ?? [0, 0];
    kinds.set(one.kind, [played + 1, differed + (difference === undefined ? 0 : 1)]);
  }
  const rows = [...kinds]
    .sort()
    .map(([kind, [played, differed]]) => [kind, `${played}`, `${differed}`]);
  return renderColumns([[report.name, "cases", "differ"], ...rows]);
}

/** A difference for a person: the case, and of what both sides say the lines that are not alike. */
export function renderDifference(name: string, { one, difference }: Held<unknown>): string {
  if (difference === undefined) return "";
  const [seen, said] = [difference.engine, difference.model].map((text) =>
    text.replace(/(https?:\/\/[^/ ]+)\/x\/[^/]+\/\d+\//g, "$1/").split("\n"),
  ) as [string[], string[]];
  let alike = 0;
  while (alike < seen.length && seen[alike] === said[alike]) alike++;
  const before = Math.max(0, alike - 4);
  const lines = [
    JSON.stringify(one),
    `${difference.aspect}`,
    ...seen.slice(before, alike).map((line) => `    both      ${line}`),
    ...seen.slice(alike, alike + 3).map((line) => `    ${name.padEnd(9)} ${line}`),
    ...said.slice(alike, alike + 3).map((line) => `    model     ${line}`),
  ];
  return lines.join("\n");
}

function renderColumns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  "),
    )
    .join("\n");
}
