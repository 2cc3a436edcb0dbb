// `npm run build:playground`: the playground as a static site in build/playground, for any web host.

import { renameSync } from "node:fs";
import path from "node:path";
import { build } from "vite";
import { root } from "./checks.ts";

/** Builds it into build/playground and returns that folder. */
export async function buildPlayground(): Promise<string> {
  await build({ root: path.join(root, "packages/console"), mode: "playground", logLevel: "warn" });
  const folder = path.join(root, "build/playground");
  renameSync(path.join(folder, "playground.html"), path.join(folder, "index.html"));
  return folder;
}

if (import.meta.main) console.log(path.relative(process.cwd(), await buildPlayground()));
