// The value of the configuration, combined from several documents, which still knows where each part was
// written. The value remains plain (null-prototype) data. Next to it are the grafts: "what is at this path
// comes from that document, from that path".

import type { Place, ValuePath } from "@corsway/cors/diagnostics";
import { indexPlaces, type FindPlace, type Found, type Part } from "./places.ts";

export type Table = { [key: string]: unknown };

export type Lost = "nothing" | "lines" | "tables";

export class Document {
  /** The name that a person sees. */
  readonly file: string;
  /** The absolute path. */
  readonly path: string;
  readonly text: string;
  readonly value: Table;
  /** Lines or whole tables that were not TOML and were skipped: what seems to be missing may be there. */
  readonly lost: Lost;
  /** The text that `value` was read from: `text`, faulty lines blanked. */
  readonly #read: string;
  #find: FindPlace | undefined;

  constructor(from: {
    readonly file: string;
    readonly path: string;
    readonly text: string;
    readonly value: Table;
    readonly read?: string;
    readonly lost?: Lost | undefined;
  }) {
    this.file = from.file;
    this.path = from.path;
    this.text = from.text;
    this.value = from.value;
    this.#read = from.read ?? from.text;
    this.lost = from.lost ?? "nothing";
  }

  find(path: ValuePath, part?: Part): Found | undefined {
    this.#find ??= indexPlaces(this.#read, this.file);
    return this.#find(path, part);
  }

  place(path: ValuePath, part?: Part): Place | undefined {
    return this.find(path, part)?.place;
  }
}

interface Graft {
  readonly document: Document;
  readonly path: ValuePath;
}

export class Tree {
  readonly value: Table = table();
  /** The codes of what was found wrong in it so far. */
  readonly faults: Set<string> = new Set();
  readonly #grafts = new Map<string, Graft>();

  /** Says that what lies at `path` is what `document` has at `from`. The last word counts. */
  graft(path: ValuePath, document: Document, from: ValuePath): void {
    this.#grafts.set(JSON.stringify(path), { document, path: from });
  }

  /** The document that a path was written in, and its path there. */
  written(path: ValuePath): Graft | undefined {
    for (let length = path.length; length >= 0; length -= 1) {
      const graft = this.#grafts.get(JSON.stringify(path.slice(0, length)));
      if (graft !== undefined) {
        return { document: graft.document, path: [...graft.path, ...path.slice(length)] };
      }
    }
    return undefined;
  }

  /** Was everything of the table at this path read? */
  isWhole(path: ValuePath): boolean {
    return (this.written(path)?.document.lost ?? "nothing") === "nothing";
  }

  /** Of the whole configuration none: it may have many files. */
  find(path: ValuePath, part?: Part): Found | undefined {
    if (path.length === 0) return undefined;
    const written = this.written(path);
    return written?.document.find(written.path, part);
  }

  where(path: ValuePath, part?: Part): Place | undefined {
    return this.find(path, part)?.place;
  }
}

export function table(): Table {
  return Object.create(null) as Table;
}

/** A TOML table, not an array, a date or a scalar. */
export function isTable(value: unknown): value is Table {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.getPrototypeOf(value) === null
  );
}
