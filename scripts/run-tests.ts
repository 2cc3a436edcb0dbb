// Runs test files with node:test and prints one line a file, and every failure whole.

import { glob } from "node:fs/promises";
import { run } from "node:test";
import { inspect, styleText } from "node:util";
import path from "node:path";
import { root } from "./checks.ts";

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
}

/** All of them, or those that are named: a file, or every file of a folder. Throws if a name has none. */
export async function findTests(named: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for await (const file of glob(
    ["packages/*/src/**/*.test.ts", "test/**/*.test.ts", "examples/**/*.test.{ts,mjs}"],
    { cwd: root, exclude: (name) => name === "node_modules" },
  ))
    files.push(file);
  // Those with a browser first: they take longest, so the quick ones fill the gaps.
  const browser = /test\/(documents|browser|proof|demo)/;
  files.sort((a, b) => Number(browser.test(b)) - Number(browser.test(a)) || (a < b ? -1 : 1));
  if (named.length === 0) return files;
  const chosen = named.flatMap((name) => {
    const place = path.relative(root, path.resolve(name));
    const found = files.filter((file) => file === place || file.startsWith(`${place}${path.sep}`));
    if (found.length === 0) throw new Error(`no test file is at ${name}`);
    return found;
  });
  return [...new Set(chosen)];
}

export function runTests(files: readonly string[]): Promise<Totals> {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0 };
  return new Promise((resolve, reject) => {
    const stream = run({
      files: files.map((file) => path.resolve(root, file)),
      cwd: root,
      concurrency: 2,
      timeout: 600_000,
      // a URL, since a `#` or a `%` in the path of the checkout would be read as one's
      execArgv: ["--conditions=source", "--import", new URL("preload.ts", import.meta.url).href],
    });
    stream.on("test:fail", (event) => {
      // A suite fails because a test in it did; that test says why.
      const error = event.details.error as Error & { failureType?: string; cause?: unknown };
      if (error.failureType === "subtestsFailed") return;
      if (event.details.type !== "suite") totals.failed += 1;
      const where = event.file === undefined ? "" : ` (${path.relative(root, event.file)})`;
      console.log(`${styleText("red", "FAIL")}  ${event.name}${where}`);
      console.log(inspect(error.cause ?? error, { depth: 6 }).replace(/^/gm, "      "));
    });
    stream.on("test:pass", (event) => {
      if (event.details.type === "suite") return;
      if (event.skip !== undefined && event.skip !== false) {
        totals.skipped += 1;
        const reason = typeof event.skip === "string" ? event.skip : "without a reason";
        console.log(`skip  ${event.name}: ${reason}`);
      } else totals.passed += 1;
    });
    stream.on("test:summary", (event) => {
      if (event.file === undefined) return;
      const { passed, skipped, tests } = event.counts;
      const failed = tests - passed - skipped;
      const seconds = (event.duration_ms / 1000).toFixed(1);
      const mark = event.success ? "ok  " : styleText("red", "FAIL");
      const file = path.relative(root, event.file);
      console.log(
        `${mark}  ${file}  ${passed}/${tests}${failed > 0 ? ` (${failed} failed)` : ""}  ${seconds} s`,
      );
    });
    stream.on("test:stderr", (event) => process.stderr.write(event.message));
    stream.on("test:diagnostic", (event) => {
      if (/^seed\b/.test(event.message)) console.log(`      ${event.message}`);
    });
    stream.on("error", reject);
    stream.on("end", () => resolve(totals));
    stream.resume();
  });
}
