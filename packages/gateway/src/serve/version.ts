// The version of the published package. package.json is two folders up, both from src/serve and from
// dist/serve.

import { readFileSync } from "node:fs";

let known: string | undefined;

export function version(): string {
  if (known === undefined) {
    const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    known = (JSON.parse(manifest) as { version: string }).version;
  }
  return known;
}
