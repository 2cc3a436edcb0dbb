// Configurations for tests: one that is good, and loading what a test writes.

import { join } from "node:path";
import {
  loadConfig,
  type Loaded,
  type LoadOptions,
} from "../../packages/gateway/src/config/load.ts";
import { temporaryFolder, type Ending, type Files } from "./temporary-folder.ts";

/** Loads one text as corsway.toml, or a folder of files. */
export function loadFiles(
  ending: Ending,
  files: string | Files,
  options: LoadOptions & { readonly path?: string } = {},
): Loaded {
  const folder = temporaryFolder(
    ending,
    typeof files === "string" ? { "corsway.toml": files } : files,
  );
  const path = options.path ?? (typeof files === "string" ? "corsway.toml" : ".");
  return loadConfig(join(folder, path), { base: folder, ...options });
}

/** `code line:column path`, for a test to compare. */
export function told({ diagnostics }: Loaded): readonly string[] {
  return diagnostics.map(({ code, at, path }) =>
    [code, at && `${at.file}:${at.line}:${at.column}`, path].filter(Boolean).join(" "),
  );
}

/** A configuration that is good, for a test to break. */
export const good = `[servers.public]
addr = "127.0.0.1:8080"

[upstreams.api]
addrs = ["127.0.0.1:5001"]

[locations.orders]
path = "/orders"
upstream = "api"
cors = "webapp"

[policies.webapp]
allow_origins = ["https://app.example.com"]
`;

/**
 * The least that serves: one server `public`, one upstream `api`, one location. `server` and `location`:
 * more lines of their tables; what follows the text goes on with the location.
 */
export function minimalConfig({
  listen = "127.0.0.1:8080",
  upstream = 5001,
  name = "all",
  path = "/",
  server = "",
  location = "",
}: {
  readonly listen?: string;
  /** Its port. */
  readonly upstream?: number;
  readonly name?: string;
  readonly path?: string;
  readonly server?: string;
  readonly location?: string;
} = {}): string {
  return `[servers.public]
addr = "${listen}"
${server}
[upstreams.api]
addrs = ["127.0.0.1:${upstream}"]
[locations.${name}]
path = "${path}"
upstream = "api"
${location}
`;
}
