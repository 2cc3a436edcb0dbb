// The result of all levels: for each server × location its route, and for each field of its policy the
// value, where it was written and on which level. Plain data, for `--print effective` and any other
// use.

import { writePolicy, type Policy } from "@corsway/cors";
import { policyFields } from "@corsway/cors/policy";
import type { Place } from "@corsway/cors/diagnostics";
import { printAnsweredHosts } from "./answered-hosts.ts";
import { printAddress } from "./forms/address.ts";
import type { Config, Effective, LocationConfig, Source } from "./config.ts";
import { printHost } from "./forms/host.ts";
import { printPathMatch } from "./forms/path.ts";
import { hasSeveralVoices } from "./voices.ts";

export interface EffectiveServer {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly tls: boolean;
  /** The host names that it answers to; `*`: every name. */
  readonly hosts: readonly string[];
  /** `refused`: its locations have different policies, and no path may be used to evade one. */
  readonly ambiguousPaths: "refused" | "harmless";
  readonly locations: readonly EffectiveLocation[];
  /** What applies if no location matches. */
  readonly fallback: EffectiveCors;
}

export interface EffectiveLocation {
  readonly name: string;
  /** Empty: any. */
  readonly hosts: readonly string[];
  /** `*`: any. */
  readonly path: string;
  /** Absent: all. */
  readonly methods?: readonly string[];
  readonly upstream?: string;
  /** `allow`: the server's refusal does not apply here. */
  readonly ambiguousPaths?: "allow";
  readonly cors: EffectiveCors;
}

export interface EffectiveCors {
  readonly kind: Effective["kind"];
  /** Its name; for rules by origin, their names: `app, public`. */
  readonly policy?: string;
  /** The `cors` key that decided. */
  readonly from?: WrittenAt;
  readonly fields?: Readonly<Record<string, EffectiveField>>;
  /** By origin: the first that allows it applies. */
  readonly rules?: readonly {
    readonly policy: string;
    readonly fields: Readonly<Record<string, EffectiveField>>;
  }[];
}

export interface EffectiveField {
  /** The value as in TOML; null: none, and no header is sent for it. */
  readonly value: unknown;
  /** Absent: a default. */
  readonly from?: WrittenAt;
}

export interface WrittenAt {
  readonly level: Source["level"];
  readonly path: string;
  readonly at?: { readonly file: string; readonly line: number; readonly column: number };
}

export function describeEffective({ servers }: Config): readonly EffectiveServer[] {
  return servers.map((server) => ({
    name: server.name,
    addresses: server.addresses.map(printAddress),
    tls: server.tls !== undefined,
    hosts: printAnsweredHosts(server.hosts),
    ambiguousPaths: hasSeveralVoices(server) ? "refused" : "harmless",
    locations: server.routes.map(({ location, cors }) => describeLocation(location, cors)),
    fallback: describeCors(server.fallback),
  }));
}

function describeLocation(location: LocationConfig, cors: Effective): EffectiveLocation {
  const { name, hosts, path, methods, upstream, ambiguousPaths } = location;
  return {
    name,
    hosts: hosts.map(printHost),
    path: printPathMatch(path),
    ...(methods && { methods }),
    ...(upstream !== undefined && { upstream }),
    ...(ambiguousPaths && { ambiguousPaths }),
    cors: describeCors(cors),
  };
}

function describeCors(cors: Effective): EffectiveCors {
  switch (cors.kind) {
    case "absent":
      return { kind: "absent" };
    case "closed":
    case "upstream":
      return { kind: cors.kind, from: written(cors.from) };
    case "policy":
      return {
        kind: "policy",
        policy: cors.name,
        from: written(cors.from),
        fields: describeFields(cors.policy, cors.fields, cors.path),
      };
    case "rules":
      return {
        kind: "rules",
        policy: cors.name,
        from: written(cors.from),
        rules: cors.rules.map(({ name, policy, fields }) => ({
          policy: name,
          fields: describeFields(policy, fields),
        })),
      };
  }
}

function describeFields(
  policy: Policy,
  sources: ReadonlyMap<string, Source>,
  path?: string,
): Readonly<Record<string, EffectiveField>> {
  const fields: Record<string, EffectiveField> = {};
  const add = (name: string, value: unknown): void => {
    const source = sources.get(name);
    fields[name] = { value, ...(source && { from: written(source) }) };
  };
  const values = writePolicy(policy) as unknown as Readonly<Record<string, unknown>>;
  for (const { camel, snake } of policyFields) {
    const isDefault = values[camel] === undefined && !sources.has(snake);
    // A dangerous option that is off is not worth a line.
    if (isDefault && snake.startsWith("dangerously_")) continue;
    add(snake, values[camel] ?? plain(policy[camel]));
  }
  if (path !== undefined) add("path", path);
  return fields;
}

function plain(value: unknown): unknown {
  if (value === undefined) return null;
  if (typeof value !== "object" || value === null || !("names" in value)) return value;
  const { any, names } = value as { readonly any: boolean; readonly names: readonly string[] };
  return any ? ["*", ...names] : names;
}

function written({ level, path, at }: Source): WrittenAt {
  return { level, path, ...(at && { at: short(at) }) };
}

function short({ file, line, column }: Place): NonNullable<WrittenAt["at"]> {
  return { file, line, column };
}
