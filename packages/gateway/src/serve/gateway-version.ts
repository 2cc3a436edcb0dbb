// The version of the published package, for the status page.

import { readFileSync } from "node:fs";

let known: string | undefined;

export function gatewayVersion(): string {
  if (known === undefined) {
    const manifest = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
    known = (JSON.parse(manifest) as { version: string }).version;
  }
  return known;
}
