// A npm package as a script for a page: what a person's bundler would make of it.

import { fileURLToPath } from "node:url";
import { rolldown } from "rolldown";

/** The module's exports become the properties of `window[name]`. */
export async function bundleForPage(module: URL, name: string): Promise<string> {
  const bundle = await rolldown({
    input: fileURLToPath(module),
    platform: "browser",
    logLevel: "silent",
  });
  const { output } = await bundle.generate({ format: "iife", name, codeSplitting: false });
  await bundle.close();
  return output[0].code;
}
