// `npm run build`: emits the publishable packages into build/<name>: declarations by tsc, JavaScript by tsc
// (the library, module by module, for the bundlers of its users) or by rolldown (the gateway, a program), and
// a package.json without what only the checkout needs (the condition `source`).

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { bundled, bundleGateway } from "./bundle.ts";
import { root } from "./checks.ts";

interface Manifest {
  name: string;
  version: string;
  files?: string[];
  exports: Record<string, string | Record<string, string>>;
  dependencies?: Record<string, string>;
  [key: string]: unknown;
}

/** The packages to publish, in the order in which they depend on each other. */
export const published: readonly string[] = ["cors", "gateway"];

/**
 * Emits every published package below `into` and returns their folders. Each is compiled into its
 * own `dist` first, because the gateway's declarations are checked against the library's.
 */
export async function build(into: string): Promise<string[]> {
  const sources = published.map((name) => path.join(root, "packages", name));
  try {
    for (const source of sources) compile(source);
    await bundleGateway(path.join(root, "packages", "gateway", "dist"));
    return sources.map((source) => assemble(source, path.join(into, path.basename(source))));
  } finally {
    for (const source of sources)
      rmSync(path.join(source, "dist"), { recursive: true, force: true });
  }
}

function compile(source: string): void {
  rmSync(path.join(source, "dist"), { recursive: true, force: true });
  const run = spawnSync("tsc", ["-p", path.join(source, "tsconfig.build.json")], {
    cwd: root,
    encoding: "utf8",
    shell: process.platform === "win32",
  });
  if (run.error !== undefined) throw run.error;
  if (run.status !== 0) throw new Error(`tsc failed for ${source}\n${run.stdout}${run.stderr}`);
}

function assemble(source: string, out: string): string {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  const manifest = JSON.parse(readFileSync(path.join(source, "package.json"), "utf8")) as Manifest;
  if (manifest.name === "corsway") addConsole(out);
  const shipped = ["dist", "bin", "console", "README.md", "corsway.schema.json"].filter(
    (file) => existsSync(path.join(source, file)) || existsSync(path.join(out, file)),
  );
  for (const file of shipped.filter((one) => existsSync(path.join(source, one))))
    cpSync(path.join(source, file), path.join(out, file), { recursive: true });
  cpSync(path.join(root, "LICENSE"), path.join(out, "LICENSE"));
  writeFileSync(
    path.join(out, "package.json"),
    `${JSON.stringify({ ...forPublishing(manifest), files: shipped }, null, 2)}\n`,
  );
  return out;
}

/** The page that the admin listener serves. */
function addConsole(out: string): void {
  const built = path.join(root, "packages", "console", "dist");
  const run = spawnSync(process.execPath, [path.join(root, "scripts", "build-console.mjs")], {
    encoding: "utf8",
  });
  if (run.status !== 0) throw new Error(run.stderr);
  cpSync(path.join(built, "index.html"), path.join(out, "console", "index.html"));
  cpSync(path.join(built, "assets"), path.join(out, "console", "assets"), { recursive: true });
}

function forPublishing(manifest: Manifest): Manifest {
  const exports: Manifest["exports"] = {};
  for (const [entry, target] of Object.entries(manifest.exports)) {
    if (typeof target === "string") exports[entry] = target;
    else {
      const { source: _source, ...kept } = target;
      exports[entry] = kept;
    }
  }
  if (manifest.name !== "corsway") return { ...manifest, exports };
  const dependencies = Object.fromEntries(
    Object.entries(manifest.dependencies ?? {}).filter(([name]) => !bundled.includes(name)),
  );
  return { ...manifest, exports, dependencies };
}

if (import.meta.main) {
  for (const folder of await build(path.join(root, "build")))
    console.log(path.relative(process.cwd(), folder));
}
