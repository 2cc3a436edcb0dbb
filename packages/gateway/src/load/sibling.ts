// A thread or process started from the same code as this one: a checkout runs the sources, with
// `--conditions=source`; the published package runs what was compiled from them.

import path from "node:path";

/** It must not get the process's other flags: with `--input-type` or `--test` it would not even start. */
export const conditions: string[] = process.execArgv.filter((flag) =>
  flag.startsWith("--conditions="),
);

/** The file with that name in the folder of the module whose `import.meta.url` is given. */
export function sibling(name: string, moduleUrl: string): URL {
  return new URL(`./${name}${path.extname(new URL(moduleUrl).pathname)}`, moduleUrl);
}
