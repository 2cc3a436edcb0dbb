// The history of a configuration: every text that was served, with its time, kept across restarts in an
// SQLite file (node:sqlite). Bounded: the oldest go first. Where the file is not available, the history
// lasts as long as the process.

import type { DatabaseSync } from "node:sqlite";

export interface HistoryFile {
  readonly name: string;
  readonly text: string;
}

/** How a revision came to be served. */
export type Cause = "start" | "file" | "console" | "rollback";

export interface Revision {
  /** Counts up, across restarts. */
  readonly number: number;
  /** ISO 8601. */
  readonly at: string;
  /** configHash of the configuration. */
  readonly hash: string;
  readonly by: Cause;
}

const mostRevisions = 200;

export class History {
  readonly #database: DatabaseSync;

  /** `file`: where it is kept; absent: in memory. Throws if the file is not available. */
  constructor(file: string = ":memory:") {
    // Not imported: only a gateway with a console needs it.
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    this.#database = new DatabaseSync(file);
    this.#database.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE IF NOT EXISTS revision (
        number INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, hash TEXT NOT NULL,
        cause TEXT NOT NULL, files TEXT NOT NULL)`);
  }

  /** Adds what is served now, unless it is what was served before. Returns its number. */
  add(hash: string, by: Cause, files: readonly HistoryFile[]): number {
    const text = JSON.stringify(files);
    const last = this.#database
      .prepare("SELECT number, files FROM revision ORDER BY number DESC LIMIT 1")
      .get() as { number: number; files: string } | undefined;
    if (last?.files === text) return last.number;
    const { lastInsertRowid } = this.#database
      .prepare("INSERT INTO revision (at, hash, cause, files) VALUES (?, ?, ?, ?)")
      .run(new Date().toISOString(), hash, by, text);
    const number = Number(lastInsertRowid);
    this.#database.prepare("DELETE FROM revision WHERE number <= ?").run(number - mostRevisions);
    return number;
  }

  /** Newest first. */
  list(): readonly Revision[] {
    return this.#database
      .prepare("SELECT number, at, hash, cause AS by FROM revision ORDER BY number DESC")
      .all() as unknown as readonly Revision[];
  }

  find(number: number): (Revision & { readonly files: readonly HistoryFile[] }) | undefined {
    const row = this.#database
      .prepare("SELECT number, at, hash, cause AS by, files FROM revision WHERE number = ?")
      .get(number) as (Revision & { files: string }) | undefined;
    if (row === undefined) return undefined;
    return { ...row, files: JSON.parse(row.files) as readonly HistoryFile[] };
  }

  close(): void {
    this.#database.close();
  }
}
