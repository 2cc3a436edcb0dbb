// vectors/proof/: cases in which an engine once parted from the model: of fetch, and in folders of their own
// acts and cookies. They are played before any generated ones, in every engine.

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Case } from "./case.ts";
import type { Held } from "./prove.ts";

const root = path.join(import.meta.dirname, "../../vectors/proof");

/** Each kind of case and the folder that keeps it. */
export const keptFolders = { fetch: "", as: "as", cookies: "cookies", console: "console" } as const;
export type KeptKind = keyof typeof keptFolders;

interface KeptCase<One> {
  /** Which engine parted, and in what. */
  readonly found: string;
  readonly one: One;
}

export async function keptCases<One = Case>(kind: KeptKind = "fetch"): Promise<One[]> {
  const folder = path.join(root, keptFolders[kind]);
  const names = await readdir(folder).catch(() => []);
  const files = names.filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    files.map(async (name) => {
      const text = await readFile(path.join(folder, name), "utf8");
      return (JSON.parse(text) as KeptCase<One>).one;
    }),
  );
}

export async function keepCase<One>(
  kind: KeptKind,
  engine: string,
  { one, difference }: Held<One>,
): Promise<void> {
  const folder = path.join(root, keptFolders[kind]);
  const name = createHash("sha256").update(JSON.stringify(one)).digest("hex").slice(0, 10);
  const kept: KeptCase<One> = { found: `${engine} ${difference?.aspect}`, one };
  await mkdir(folder, { recursive: true });
  await writeFile(
    path.join(folder, `${engine}-${name}.json`),
    `${JSON.stringify(kept, undefined, 2)}\n`,
  );
}
