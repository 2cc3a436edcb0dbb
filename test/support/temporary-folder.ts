// A folder for one test, or for one file of tests, that is gone at its end.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after } from "node:test";

/** Files by their names below the folder. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** What has an end: a test's context; without one, the file of tests. */
export interface Ending {
  after(done: () => void): void;
}

export function temporaryFolder(ending: Ending = { after }, files: Files = {}): string {
  const folder = mkdtempSync(join(tmpdir(), "corsway-test-"));
  ending.after(() => rmSync(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}
