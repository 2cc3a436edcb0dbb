// What the console asks of a gateway, beyond its status. The admin API is one user of it.

import type { Diagnostic } from "@corsway/cors/diagnostics";
import type { DecisionBatch } from "../observe/backlog.ts";
import type { Hour } from "../observe/timeline.ts";
import type { EffectiveServer } from "../config/effective.ts";

/** A file of the configuration, by the name that diagnostics use. */
export interface ConfigFile {
  readonly name: string;
  readonly text: string;
}

/** The files as they are on disk now. */
export interface ConfigText {
  /** Changes with every byte of every file. */
  readonly etag: string;
  readonly files: readonly ConfigFile[];
}

/** What files would mean, without serving them. */
export interface Checked {
  readonly ok: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Absent where there are errors. */
  readonly effective?: readonly EffectiveServer[];
}

/** `conflict`: somebody else has changed the files. `refused`: they have faults, and nothing was written. */
export type Saved =
  | {
      readonly outcome: "saved";
      readonly config: ConfigText;
      readonly diagnostics: readonly Diagnostic[];
    }
  | { readonly outcome: "conflict"; readonly config: ConfigText }
  | {
      readonly outcome: "refused";
      readonly diagnostics: readonly Diagnostic[];
      readonly problem?: string;
    };

export interface HistoryEntry {
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  readonly hash: string;
  readonly by: "start" | "file" | "console" | "rollback";
}

/** One gateway, as its console controls it. */
export interface Control {
  /** What is served, and the diagnostics of it. */
  served(): {
    readonly effective: readonly EffectiveServer[];
    readonly diagnostics: readonly Diagnostic[];
  };
  hour(): Promise<Hour>;
  /** The newest finished requests of each process, after these numbers by the process's name. */
  decisions(after: ReadonlyMap<string, number>): Promise<readonly DecisionBatch[]>;
  config(): ConfigText;
  /** Files that are not named stay as they are. */
  check(files: readonly ConfigFile[]): Checked;
  /** Writes and serves the files, all or none. */
  save(files: readonly ConfigFile[], etag: string): Promise<Saved>;
  history(): readonly HistoryEntry[];
  revision(number: number): (HistoryEntry & { readonly files: readonly ConfigFile[] }) | undefined;
  /** Undefined: there is no such revision. */
  rollback(number: number, etag: string): Promise<Saved | undefined>;
}
