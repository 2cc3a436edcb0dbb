// The console's files, as they were built: in the published package beside the compiled code, in a
// checkout where the console's build puts them.

import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

export interface ConsoleFile {
  readonly type: string;
  readonly body: Buffer;
  /** Named by its content: may be kept for good. */
  readonly immutable: boolean;
}

/** No inline script or style, nothing from elsewhere: what is observed can never become code. */
export const consolePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

const folders = ["../../console/", "../../../console/dist/"].map((folder) =>
  fileURLToPath(new URL(folder, import.meta.url)),
);

const read = new Map<string, ConsoleFile>();

/** Undefined: there is no such file, or no console was built. */
export function consoleFile(pathname: string): ConsoleFile | undefined {
  const name = pathname === "/" ? "index.html" : pathname.slice(1);
  if (!/^(?:index\.html|assets\/[\w.-]+)$/.test(name)) return undefined;
  const known = read.get(name);
  if (known !== undefined) return known;
  const folder = folders.find((one) => existsSync(path.join(one, "index.html")));
  if (folder === undefined || !existsSync(path.join(folder, name))) return undefined;
  const file: ConsoleFile = {
    type: types[path.extname(name)] ?? "application/octet-stream",
    body: readFileSync(path.join(folder, name)),
    immutable: name !== "index.html",
  };
  if (file.immutable) read.set(name, file);
  return file;
}
