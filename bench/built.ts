// The packages as they are published, in a folder of their own: what is measured is what is installed,
// not TypeScript stripped at start-up.

import { mkdirSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import path from "node:path";
import { build } from "../scripts/build.ts";
import { root } from "../scripts/checks.ts";

/** Builds below `folder`; the path of the command. */
export async function builtCommand(folder: string): Promise<string> {
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "@corsway"), { recursive: true });
  for (const name of readdirSync(path.join(root, "node_modules")))
    if (name !== "corsway" && name !== "@corsway" && !name.startsWith("."))
      symlinkSync(path.join(root, "node_modules", name), path.join(modules, name));
  const [cors, gateway] = await build(path.join(folder, "built"));
  renameSync(cors!, path.join(modules, "@corsway", "cors"));
  renameSync(gateway!, path.join(modules, "corsway"));
  return path.join(modules, "corsway", "bin", "corsway.mjs");
}
