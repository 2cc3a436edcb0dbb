// The JavaScript of the published gateway: few files in place of some 250 modules for each start, because
// finding and linking them took longer than running them (docs/performance.md). It contains our own code and
// the packages that every start needs; the other packages stay dependencies.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { rolldown, type OutputChunk, type Plugin } from "rolldown";
import { root } from "./checks.ts";

/** Dependencies of the gateway that become part of it. */
export const bundled: readonly string[] = ["commander", "smol-toml", "toml-eslint-parser"];

/** The folder of everything that is not an entry: two below the package, as each module is in src. */
const parts = "parts";
const modules = path.join(root, "node_modules");
const sources = path.join(root, "packages", "gateway", "src");

/** By the file that is written: what it is made from. */
const entries: Readonly<Record<string, string>> = {
  index: path.join(sources, "index.ts"),
  "cli/main": path.join(sources, "cli", "main.ts"),
  "cli/terminal": path.join(sources, "cli", "terminal.ts"),
  // load/sibling.ts looks for these two in the folder of the module that starts them.
  [`${parts}/crew-process`]: path.join(sources, "crew", "crew-process.ts"),
  [`${parts}/load-thread`]: path.join(sources, "load", "load-thread.ts"),
  [`${parts}/tldts`]: path.join(modules, "tldts", "dist", "index.esm.min.js"),
  [`${parts}/toml-eslint-parser`]: path.join(modules, "toml-eslint-parser", "lib", "index.mjs"),
};

/** Writes the bundle into `dist`, and the licences of the packages in it to `dist/LICENSES.txt`. */
export async function bundleGateway(dist: string): Promise<void> {
  const chunks = [
    ...(await write(dist, entries)),
    // By itself: this entry runs in pages too, so it must not share a file with code for Node.
    ...(await write(dist, { "paste/index": path.join(sources, "paste", "index.ts") })),
  ];
  writeFileSync(path.join(dist, "LICENSES.txt"), licences(chunks));
}

async function write(dist: string, input: Record<string, string>): Promise<OutputChunk[]> {
  const bundle = await rolldown({
    input,
    platform: "node",
    external: (id, importer) =>
      /^[a-z@]/.test(id) &&
      !id.startsWith("@corsway/") &&
      ![...bundled, "eslint-visitor-keys"].includes(id) &&
      !isReplaced(id, importer),
    resolve: { conditionNames: ["source", "import", "node", "default"] },
    plugins: [replacements],
    // A warning here is an error at run time: a name that is not exported, a module that is not found.
    onLog(level, { code, message }) {
      if (level === "warn") throw new Error(`${code}: ${message}`);
    },
  });
  try {
    const { output } = await bundle.write({
      dir: dist,
      format: "esm",
      entryFileNames: "[name].js",
      chunkFileNames: `${parts}/[name]-[hash].js`,
      comments: false,
    });
    return output.filter((file) => file.type === "chunk");
  } finally {
    await bundle.close();
  }
}

/** In place of modules that cost every start something that few of them need. */
const replacements: Plugin = {
  name: "replacements",
  resolveId: (id, importer) => (isReplaced(id, importer) ? `\0${id}` : undefined),
  load: (id) => (id.startsWith("\0") ? replaced[id.slice(1)] : undefined),
  // A part of its own, so that it is still loaded with the first fault.
  transform: (code) =>
    code.replaceAll(
      'require("toml-eslint-parser")',
      `require("../${parts}/toml-eslint-parser.js")`,
    ),
};

function isReplaced(id: string, importer = ""): boolean {
  const byCommander = importer.includes(`${path.sep}commander${path.sep}`);
  return id in replaced && (byCommander || id !== "node:child_process");
}

const replaced: Readonly<Record<string, string>> = {
  // The list of public suffixes is needed for a policy with credentials and a wildcard, and for explain. The
  // library cannot load it later by itself: it also runs where `require` does not exist.
  tldts: `import { createRequire } from "node:module";
const require = createRequire(import.meta.url);
let list;
const load = () => (list ??= require("../${parts}/tldts.js"));
${calls("load()", ["parse", "getDomain"])}`,
  // Importing a module of Node reads all of its properties, and some of them load others: worker threads,
  // the terminal, a parser of arguments.
  "node:process": "export default globalThis.process;",
  "node:util": calls('process.getBuiltinModule("node:util")', [
    "isDeepStrictEqual",
    "stripVTControlCharacters",
    "styleText",
  ]),
  "node:tty": calls('process.getBuiltinModule("node:tty")', ["isatty"]),
  // Only for subcommands that are programs of their own; the gateway has none.
  "node:child_process": "export default {};",
};

/** Functions of a module that is loaded when one of them is called. Another name does not build. */
function calls(module: string, names: readonly string[]): string {
  return names
    .map((name) => `export const ${name} = (...args) => ${module}.${name}(...args);\n`)
    .join("");
}

/** The licence of each package with code in the chunks. */
function licences(chunks: readonly OutputChunk[]): string {
  const folders = new Set(
    chunks
      .flatMap(({ moduleIds }) => moduleIds)
      .filter((id) => id.startsWith(modules))
      .map((id) => path.relative(modules, id).split(path.sep)[0]!),
  );
  // Its build for bundlers contains tldts-core.
  if (folders.has("tldts")) folders.add("tldts-core");
  const texts = [...folders].toSorted().map((name) => {
    const folder = path.join(modules, name);
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence file`);
    const manifest = readFileSync(path.join(folder, "package.json"), "utf8");
    const { version } = JSON.parse(manifest) as { version: string };
    return `${name} ${version}\n\n${readFileSync(path.join(folder, file), "utf8").trim()}\n`;
  });
  return texts.join(`\n${"-".repeat(80)}\n\n`);
}
