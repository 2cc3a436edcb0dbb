// A person's own input, quoted in a message: as TOML, short, printable.

import { quote } from "@corsway/cors/diagnostics";

/** `"true"`, `[1, 2]`, `{ a = 1 }`: in back-ticks. */
export function show(value: unknown): string {
  return quote(toml(value));
}

/** A string as TOML writes it. */
export function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll("\u007F", "\\u007F");
}

/** A key as TOML writes it. */
export function tomlKey(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : tomlString(name);
}

function toml(value: unknown): string {
  if (typeof value === "string") return tomlString(value);
  if (Array.isArray(value)) return `[${value.slice(0, 8).map(toml).join(", ")}]`;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value).slice(0, 8);
    return `{ ${pairs.map(([key, item]) => `${tomlKey(key)} = ${toml(item)}`).join(", ")} }`;
  }
  return String(value);
}

/** The kind of a value, in TOML's words. */
export function kindOf(value: unknown): string {
  if (typeof value === "string") return "a string";
  if (typeof value === "boolean") return "a boolean";
  if (typeof value === "number" || typeof value === "bigint") return "a number";
  if (Array.isArray(value)) return "an array";
  if (value instanceof Date) return "a date";
  return "a table";
}
