// What is started beside this process's own code, as a thread or a process: the checkout runs it as it
// is written, with `--conditions=source`, the published package what was compiled from it.

import path from "node:path";

/** The process's other flags are not for it: with `--input-type` or `--test` it would not even start. */
export const conditions: string[] = process.execArgv.filter((flag) =>
  flag.startsWith("--conditions="),
);

/** The file of that name in the folder of the module whose `import.meta.url` is given. */
export function sibling(name: string, moduleUrl: string): URL {
  return new URL(`./${name}${path.extname(new URL(moduleUrl).pathname)}`, moduleUrl);
}
