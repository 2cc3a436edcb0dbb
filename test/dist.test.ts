// What users get: the packed tarballs, installed into an empty folder, every entry imported there.
// Nothing of the checkout helps: no condition `source`, no workspace link.

import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build as bundle } from "esbuild";
import { publint } from "publint";
import { build } from "../scripts/build.ts";
import { root } from "../scripts/checks.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder();
let project = "";

interface Manifest {
  readonly name: string;
  readonly exports: Record<string, unknown>;
}
const manifests: Manifest[] = [];
let builds: string[] = [];
let tarballs: string[] = [];

before(async () => {
  project = path.join(folder, "project");
  mkdirSync(project);
  writeFileSync(path.join(project, "package.json"), '{ "private": true, "type": "module" }\n');
  builds = await build(path.join(folder, "build"));
  tarballs = builds.map((built) => {
    manifests.push(JSON.parse(readFileSync(path.join(built, "package.json"), "utf8")) as Manifest);
    const [packed] = JSON.parse(npm(["pack", "--json", "--pack-destination", folder], built)) as [
      { filename: string },
    ];
    return path.join(folder, packed.filename);
  });
  // The dependencies are those of the checkout, taken from npm's cache where they are in it.
  npm(
    ["install", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error", ...tarballs],
    project,
  );
});

function npm(args: string[], cwd: string): string {
  const entry = process.env["npm_execpath"];
  const env = { ...process.env };
  // npm passes its workspace settings on through the environment; this folder is none.
  for (const key of Object.keys(env))
    if (/^npm_config_(?:workspace|prefix|local)/i.test(key)) delete env[key];
  return entry === undefined
    ? execFileSync("npm", args, { cwd, env, encoding: "utf8" })
    : execFileSync(process.execPath, [entry, ...args], { cwd, env, encoding: "utf8" });
}

/** The machine's own Node, not the one npm brought: the library promises Node 20. */
function machineNode(): string | undefined {
  const bin = path.join(root, "node_modules");
  return (process.env["PATH"] ?? "")
    .split(path.delimiter)
    .filter((entry) => !entry.includes("node_modules") && !entry.startsWith(bin))
    .map((entry) => path.join(entry, process.platform === "win32" ? "node.exe" : "node"))
    .find((candidate) => existsSync(candidate));
}

/** `@corsway/cors`, `@corsway/cors/standard`… */
function entriesOf({ name, exports }: Manifest): string[] {
  const entries = Object.entries(exports)
    .filter(([, target]) => typeof target !== "string")
    .map(([entry]) => (entry === "." ? name : `${name}/${entry.slice(2)}`));
  assert.ok(entries.length > 0);
  return entries;
}

function importEvery(node: string, manifest: Manifest): void {
  for (const entry of entriesOf(manifest)) {
    const script = `const m = await import(${JSON.stringify(entry)}); if (Object.keys(m).length === 0) throw new Error("exports nothing");`;
    const run = spawnSync(node, ["--input-type=module", "-e", script], {
      cwd: project,
      encoding: "utf8",
      env: { ...process.env, NODE_OPTIONS: "" },
    });
    assert.equal(run.status, 0, `${entry}: ${run.stderr}`);
  }
}

test("every entry of every tarball can be imported", () => {
  for (const manifest of manifests) importEvery(process.execPath, manifest);
});

test("the library's entries can be imported under the machine's own Node", (t) => {
  const node = machineNode();
  if (node === undefined) return t.skip("there is no Node outside node_modules");
  importEvery(
    node,
    manifests.find(({ name }) => name === "@corsway/cors")!,
  );
  return undefined;
});

for (const resolution of [
  ["--module", "nodenext"],
  ["--module", "preserve", "--moduleResolution", "bundler"],
] as const)
  test(`every entry's types compile in a strict project with ${resolution.join(" ")}`, () => {
    const entries = manifests.flatMap(entriesOf);
    const lines = entries.map((entry, i) => `export * as entry${i} from "${entry}";`);
    writeFileSync(
      path.join(project, "use.ts"),
      `${lines.join("\n")}
import { compilePolicy, definePolicy, type Decision } from "@corsway/cors";
const decide = compilePolicy(definePolicy({ allowOrigins: "https://app.example.com", maxAge: "24h" }));
export const decision: Decision = decide({ method: "GET", url: "https://a.example/", headers: [] });
// @ts-expect-error what a person writes is no policy until it was read
compilePolicy({ allowOrigins: "https://app.example.com" });
// @ts-expect-error a boolean is no string
definePolicy({ allowOrigins: "*", allowCredentials: "true" });
`,
    );
    // Fastify is the user's to install: a plugin's types need its own.
    const peer = path.join(project, "node_modules/fastify");
    if (!existsSync(peer)) symlinkSync(path.join(root, "node_modules/fastify"), peer, "junction");
    // skipLibCheck is off: the declarations themselves are what is checked.
    const types = ["--types", "node", "--typeRoots", path.join(root, "node_modules/@types")];
    const strict = ["--noEmit", "--strict", "--exactOptionalPropertyTypes"];
    const args = [...strict, "--target", "es2023", ...resolution, ...types, "use.ts"];
    const shell = process.platform === "win32";
    const run = spawnSync("tsc", args, { cwd: project, encoding: "utf8", shell });
    assert.equal(run.status, 0, run.stdout);
  });

test("no tarball contains the `source` condition, a test or TypeScript source", () => {
  for (const manifest of manifests) {
    assert.ok(!JSON.stringify(manifest).includes('"source"'), manifest.name);
    const installed = path.join(project, "node_modules", manifest.name);
    const files = execFileSync("tar", ["-cf", "-", "."], { cwd: installed, maxBuffer: 1 << 28 });
    assert.ok(!/\.test\.js/.test(files.toString("latin1")), `${manifest.name} ships tests`);
    assert.ok(!existsSync(path.join(installed, "src")), `${manifest.name} ships src`);
  }
});

test("publint reports nothing for the tarballs", async () => {
  for (const built of builds) {
    const { messages } = await publint({ pkgDir: built, pack: false, strict: true });
    assert.deepEqual(
      messages.map(({ code, path: at }) => `${code} ${at.join(".")}`),
      [],
    );
  }
});

test("the types of every entry resolve in every mode that can load it", async () => {
  for (const tarball of tarballs) {
    const read = createPackageFromTarballData(new Uint8Array(readFileSync(tarball)));
    const checked = await checkPackage(read);
    assert.ok(checked.types !== false, "there are types");
    const problems = checked.problems.filter(
      // The packages are ES modules with `exports`: who knows neither (CommonJS before Node 20.19, and
      // TypeScript's resolution of Node 10) cannot load them either.
      (problem) =>
        !("resolutionKind" in problem && /^node10|^node16-cjs/.test(problem.resolutionKind)),
    );
    assert.deepEqual(problems, []);
  }
});

/** Minified and gzipped KiB of one entry that packages/cors/README.md states: ours, and with the suffix list. */
const stated = { own: 28, whole: 80 };

async function sizeOf(
  entry: string,
  external: string[],
): Promise<{ kib: number; files: string[] }> {
  const { metafile, outputFiles } = await bundle({
    stdin: { contents: `export { cors } from "@corsway/cors/${entry}";`, resolveDir: project },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    external,
    metafile: true,
    write: false,
    logLevel: "silent",
  });
  const files = Object.keys(metafile.inputs).map((file) => file.replace(/^.*cors\/dist\//, ""));
  return { kib: gzipSync(outputFiles[0]!.contents).length / 1024, files };
}

for (const entry of ["node", "express", "fastify", "koa", "hono", "h3", "fetch", "lambda"])
  test(`@corsway/cors/${entry} has the stated size and includes no other adapter`, async (t) => {
    const own = await sizeOf(entry, ["tldts"]);
    const whole = await sizeOf(entry, []);
    t.diagnostic(`${own.kib.toFixed(1)} KiB, ${whole.kib.toFixed(1)} with the suffix list`);
    assert.ok(own.kib <= stated.own, `${own.kib} KiB of our own`);
    assert.ok(whole.kib <= stated.whole, `${whole.kib} KiB in all`);
    const alien = own.files.filter(
      (file) =>
        /^(?:browser|explain|testing|migrate)\//.test(file) ||
        (/^adapters\/(?:node|express|fastify|koa|hono|h3|fetch|lambda)\.js$/.test(file) &&
          file !== `adapters/${entry}.js` &&
          !(entry === "express" && file === "adapters/node.js")),
    );
    assert.deepEqual(alien, []);
    const readme = readFileSync(path.join(root, "packages/cors/README.md"), "utf8");
    assert.ok(readme.includes(`${stated.own} KiB`) && readme.includes(`${stated.whole} KiB`));
  });

test("the installed gateway loads a large configuration in a separate thread", () => {
  const locations = Array.from(
    { length: 400 },
    (_, i) =>
      `[locations.l${i}]\npath = "/${i}"\nupstream = "api"\ncors = { allow_origins = ["https://a.example"] }\n`,
  );
  writeFileSync(
    path.join(project, "corsway.toml"),
    `[servers.public]\naddr = "127.0.0.1:0"\n[upstreams.api]\naddrs = ["127.0.0.1:1"]\n${locations.join("")}`,
  );
  const script = `import { startGateway } from "corsway";
let threads = 0;
process.on("worker", () => threads++);
const gateway = await startGateway(${JSON.stringify(path.join(project, "corsway.toml"))});
const { ok } = await gateway.reload();
console.log(ok, (await gateway.status()).servers[0].locations.length, threads);
await gateway.close();`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  assert.equal(run.stdout, "true 400 2\n", run.stderr);
});

test("the installed command serves with several processes", async () => {
  const file = path.join(project, "small.toml");
  writeFileSync(
    file,
    '[servers.public]\naddr = "127.0.0.1:0"\n[upstreams.api]\naddrs = ["127.0.0.1:1"]\n[locations.all]\npath = "/"\nupstream = "api"\ncors = { allow_origins = ["https://a.example"] }\n',
  );
  const bin = path.join(project, "node_modules/corsway/bin/corsway.mjs");
  const child = spawn(process.execPath, [bin, "serve", file, "--workers", "2"], {
    stdio: ["ignore", "ignore", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  let told = "";
  let asked = false;
  for await (const chunk of child.stderr) {
    told += String(chunk);
    if (asked || !/by 2 processes/.test(told)) continue;
    asked = child.kill("SIGTERM");
  }
  assert.match(told, /SIGTERM: finishing/);
});

test("the installed command prints its version", () => {
  const run = spawnSync(
    process.execPath,
    [path.join(project, "node_modules/corsway/bin/corsway.mjs"), "--version"],
    { cwd: project, encoding: "utf8" },
  );
  assert.equal(run.status, 0, run.stderr);
  assert.match(run.stdout, /^\d+\.\d+\.\d+\n$/);
});

test("the installed gateway serves the console", () => {
  const file = path.join(project, "console.toml");
  writeFileSync(
    file,
    '[servers.public]\naddr = "127.0.0.1:0"\n[upstreams.api]\naddrs = ["127.0.0.1:1"]\n[locations.all]\npath = "/"\nupstream = "api"\n[admin]\naddr = "127.0.0.1:0"\n',
  );
  const script = `import { startGateway } from "corsway";
const gateway = await startGateway(${JSON.stringify(file)});
const html = await (await fetch(gateway.admin.url)).text();
const script = /src="[.]([^"]+[.]js)"/.exec(html)[1];
const { status, headers } = await fetch(gateway.admin.url + script);
console.log(status, headers.get("content-type"));
await gateway.close();`;
  const run = spawnSync(process.execPath, ["--input-type=module", "-e", script], {
    cwd: project,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: "" },
  });
  assert.equal(run.stdout, "200 text/javascript; charset=utf-8\n", run.stderr);
});

test("the installed command starts from few files, without the list of public suffixes", async () => {
  const list = path.join(folder, "modules.txt");
  const hook = path.join(root, "test/support/list-modules.mjs");
  const bin = path.join(project, "node_modules/corsway/bin/corsway.mjs");
  const child = spawn(
    process.execPath,
    ["--import", hook, bin, "serve", path.join(project, "small.toml")],
    {
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, LIST_MODULES: list, NODE_OPTIONS: "" },
    },
  );
  let said = "";
  for await (const chunk of child.stderr) {
    said += String(chunk);
    if (/generation 1/.test(said)) child.kill("SIGTERM");
  }
  const files = readFileSync(list, "utf8")
    .trim()
    .split("\n")
    .filter((module) => module.startsWith("file:") && !module.endsWith(".mjs"));
  assert.ok(files.length > 0 && files.length <= 24, `${files.join("\n")}\n${said}`);
  assert.deepEqual(
    files.filter((file) => /tldts|commander\/|smol-toml\//.test(file)),
    [],
  );
});

test("the licences of the bundled packages are in the tarball", () => {
  const installed = path.join(project, "node_modules/corsway");
  const licences = readFileSync(path.join(installed, "dist/LICENSES.txt"), "utf8");
  for (const name of [
    "commander",
    "eslint-visitor-keys",
    "smol-toml",
    "tldts",
    "tldts-core",
    "toml-eslint-parser",
  ])
    assert.match(licences, new RegExp(`^${name} \\d+\\.\\d+\\.\\d+$`, "m"));
});

test("the installed command shows the place of a fault", () => {
  const file = path.join(project, "faulty.toml");
  writeFileSync(file, '[servers.public]\naddr = "127.0.0.1:0"\nhots = "*"\n');
  const run = spawnSync(
    process.execPath,
    [path.join(project, "node_modules/corsway/bin/corsway.mjs"), "check", file],
    { cwd: project, encoding: "utf8" },
  );
  assert.equal(run.status, 1, run.stderr);
  assert.match(run.stdout, /faulty\.toml:3:1/);
});
