// Where the readers of a policy record faults. The severity comes from the register, and the place from
// the caller, who knows the file.

import { policyCodes } from "../../diagnostics/codes.ts";
import type { PolicyCode } from "../../diagnostics/codes.ts";
import { printPath } from "../../diagnostics/diagnostic.ts";
import type { Diagnostic, Place, ValuePath } from "../../diagnostics/diagnostic.ts";
import { quote as quoteText } from "../../diagnostics/quote.ts";

/**
 * Finds a place in the file from a path in the value: the complete value as written (with quotes), its
 * key, or a span of UTF-16 code units inside the string. undefined if the place is not known.
 */
export type Where = (path: ValuePath, part?: Part) => Place | undefined;

/** A part of a value: its key, or a span of UTF-16 code units inside its string. */
export interface Part {
  readonly key?: true;
  readonly span?: readonly [start: number, end: number];
}

export interface Fault {
  readonly code: PolicyCode;
  readonly path: ValuePath;
  readonly part?: Part | undefined;
  readonly message: string;
  readonly why: string;
  /** What to write instead. */
  readonly say?: string | undefined;
  /** The one safe text to put at this fault's place. */
  readonly replace?: string | undefined;
  readonly also?: readonly {
    readonly path: ValuePath;
    readonly part?: Part;
    readonly say: string;
  }[];
}

export interface Faults {
  readonly diagnostics: Diagnostic[];
  add(fault: Fault): void;
}

export function collectFaults(where: Where | undefined): Faults {
  const diagnostics: Diagnostic[] = [];
  const find: Where = (path, part) => {
    try {
      return where?.(path, part);
    } catch {
      return undefined; // a place is a courtesy; the fault is reported without it
    }
  };
  return {
    diagnostics,
    add({ code, path, part, message, why, say, replace, also }) {
      const at = find(path, part);
      const edit = at !== undefined && replace !== undefined ? { at, text: replace } : undefined;
      diagnostics.push({
        code,
        severity: policyCodes[code].severity,
        path: printPath(path),
        ...(at !== undefined && { at }),
        message,
        why,
        ...(say !== undefined && { fix: edit === undefined ? { say } : { say, edit } }),
        ...(also !== undefined && {
          also: also.map((other) => {
            const at = find(other.path, other.part);
            return {
              path: printPath(other.path),
              ...(at !== undefined && { at }),
              say: other.say,
            };
          }),
        }),
      });
    },
  };
}

/** A value as a message quotes it: short, on one line, never by running its own code. */
export function quote(value: unknown): string {
  switch (typeof value) {
    case "string":
      return quoteText(value);
    case "number":
    case "boolean":
    case "bigint":
    case "undefined":
      return `\`${String(value)}\``;
    case "function":
      return "a function";
    case "symbol":
      return "a symbol";
    default:
      return value === null ? "`null`" : isArray(value) ? "an array" : "a table";
  }
}

/** Like `quote`, but keeps the quotation marks of a string, for when the type is the problem. */
export function quoteValue(value: unknown): string {
  return typeof value === "string" ? `\`"${quote(value).slice(1, -1)}"\`` : quote(value);
}

/** Array.isArray throws on a revoked proxy. */
export function isArray(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    return false;
  }
}
