// What can be said of the code without running it, one row a check. `npm run check` runs these,
// `npm test` runs them first.

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

export const root: string = fileURLToPath(new URL("..", import.meta.url));

export interface Check {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
}

export const checks: readonly Check[] = [
  { name: "types", command: ["tsc", "-p", "."] },
  { name: "types of the library, declarations isolated", command: ["tsc", "-p", "packages/cors"] },
  { name: "lint", command: ["oxlint", "--deny-warnings"] },
  { name: "format", command: ["oxfmt", "--check", "."] },
];

export interface Outcome {
  readonly check: Check;
  readonly ok: boolean;
  readonly output: string;
}

export async function runCheck(check: Check): Promise<Outcome> {
  const [program, ...args] = check.command;
  const { code, output } = await capture(program, args);
  return { check, ok: code === 0, output };
}

/** Runs a program of node_modules/.bin (npm puts it on PATH) and keeps what it prints. */
function capture(program: string, args: string[]): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    const chunks: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => resolve({ code: 1, output: String(error) }));
    child.on("close", (code) =>
      resolve({ code: code ?? 1, output: Buffer.concat(chunks).toString() }),
    );
  });
}

/** Prints one line a check, and what the failing ones said. */
export function report(outcome: Outcome): void {
  console.log(`${outcome.ok ? "ok  " : "FAIL"}  ${outcome.check.name}`);
  if (!outcome.ok) console.log(outcome.output.trimEnd().replace(/^/gm, "      "));
}
