// The vectors of a configuration's diagnostics: one file a code, with the cases that raise it and for
// each a near miss.

import { readdirSync, readFileSync } from "node:fs";

export interface ConfigCase {
  readonly files: Readonly<Record<string, string>>;
  readonly base64?: Readonly<Record<string, string>>;
  /** Comment up to so many bytes. */
  readonly pad?: number;
  readonly path?: string;
  readonly env?: string;
}

export interface ConfigVector {
  readonly code: string;
  readonly cases: readonly {
    readonly says: string;
    readonly hit: ConfigCase;
    readonly miss: ConfigCase;
  }[];
}

const folder = new URL("../../vectors/diagnostics/", import.meta.url);

/** By the code that the file's place says, which the code inside has to repeat. */
export function configVectors(): ReadonlyMap<string, ConfigVector> {
  const vectors = new Map<string, ConfigVector>();
  for (const family of ["toml", "config", "pingap"])
    for (const file of readdirSync(new URL(`${family}/`, folder))) {
      const text = readFileSync(new URL(`${family}/${file}`, folder), "utf8");
      vectors.set(`${family}/${file.replace(/\.json$/, "")}`, JSON.parse(text) as ConfigVector);
    }
  return vectors;
}
