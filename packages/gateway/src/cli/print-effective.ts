// `check --print effective` as text: a block per server × location, and a line per field with its value and
// where that came from.

import type {
  EffectiveCors,
  EffectiveField,
  EffectiveServer,
  WrittenAt,
} from "../config/effective.ts";

const widest = 48;

export function printEffective(servers: readonly EffectiveServer[]): string {
  const lines: string[] = [];
  for (const { name, addresses, tls, hosts, ambiguousPaths, locations, fallback } of servers) {
    const guarded = ambiguousPaths === "refused";
    lines.push(
      `server ${name}  ${addresses.join(", ")}${tls ? "  (https)" : ""}`,
      `  answers to ${hosts[0] === "*" ? "every name" : hosts.join(", ")}`,
      `  ambiguous paths are ${guarded ? "refused: its locations differ in policy" : "harmless: one policy applies to all"}`,
    );
    for (const { name, hosts, path, methods, upstream, ambiguousPaths, cors } of locations) {
      lines.push(
        "",
        `  location ${name}`,
        `    host      ${hosts.length === 0 ? "any" : hosts.join(", ")}`,
        `    path      ${path === "*" ? "any" : path}`,
        `    methods   ${methods?.join(", ") ?? "all"}`,
        `    upstream  ${upstream ?? "none"}`,
        ...(guarded && ambiguousPaths === "allow" ? ["    ambiguous paths pass"] : []),
        ...printCors(cors),
      );
    }
    lines.push("", "  requests that no location matches", ...printCors(fallback), "");
  }
  return lines.join("\n");
}

function printCors({ kind, policy = "", from, fields, rules }: EffectiveCors): readonly string[] {
  const first = (said: string): string => `    cors      ${said}  (${printFrom(from)})`;
  switch (kind) {
    case "absent":
      return ["    cors      not set: left to the upstream, unchanged"];
    case "closed":
      return [first("false: no page of another origin may read")];
    case "upstream":
      return [first('"upstream": its own headers are passed on')];
    case "policy":
      return [first(policy), ...printFields(fields ?? {})];
    case "rules":
      return [
        first(`${policy}: the first that allows the origin applies`),
        ...(rules ?? []).flatMap(printRule),
      ];
  }
}

function printRule(
  { policy, fields }: NonNullable<EffectiveCors["rules"]>[number],
  index: number,
): readonly string[] {
  return [`    rule ${index + 1}    ${policy}`, ...printFields(fields)];
}

function printFields(fields: Readonly<Record<string, EffectiveField>>): readonly string[] {
  const rows = Object.entries(fields).map(
    ([name, field]) => [name, printValue(field), field.from] as const,
  );
  const names = Math.max(0, ...rows.map(([name]) => name.length));
  const values = Math.min(widest, Math.max(0, ...rows.map(([, value]) => value.length)));
  return rows.map(
    ([name, value, from]) =>
      `      ${name.padEnd(names)}  ${value.padEnd(values)}  ${printFrom(from)}`,
  );
}

function printValue({ value }: EffectiveField): string {
  if (value === null || (Array.isArray(value) && value.length === 0)) return "none";
  if (!Array.isArray(value)) return String(value);
  const text = value.join(", ");
  if (text.length <= widest) return text;
  const first = String(value[0]).slice(0, widest - 14);
  return `${first} and ${value.length - 1} more`;
}

function printFrom(from: WrittenAt | undefined): string {
  if (from === undefined) return "default";
  const place = from.at ? `  ${from.at.file}:${from.at.line}:${from.at.column}` : "";
  return `${from.level}${place}`;
}
