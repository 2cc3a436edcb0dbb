// A value of a policy as one line. TOML's spelling, so that it can be found in the file.

export function writtenValue(value: unknown): string {
  if (value === null || value === undefined) return "none";
  if (Array.isArray(value)) return value.map(String).join(", ");
  return String(value);
}
