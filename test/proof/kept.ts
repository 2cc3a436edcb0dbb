// vectors/proof/: cases in which an engine once parted from the model. They are played before any
// generated ones, in every engine.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Case } from "./case.ts";
import type { Held } from "./prove.ts";

const folder = path.join(import.meta.dirname, "../../vectors/proof");

export interface KeptCase {
  /** Which engine parted, and in what. */
  readonly found: string;
  readonly one: Case;
}

export async function keptCases(): Promise<KeptCase[]> {
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(
      async (name) => JSON.parse(await readFile(path.join(folder, name), "utf8")) as KeptCase,
    ),
  );
}

export async function keepCase(engine: string, { one, difference }: Held): Promise<void> {
  const name = createHash("sha256").update(JSON.stringify(one)).digest("hex").slice(0, 10);
  const kept: KeptCase = { found: `${engine} ${difference?.aspect}`, one };
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, `${engine}-${name}.json`),
    `${JSON.stringify(kept, undefined, 2)}\n`,
  );
}
