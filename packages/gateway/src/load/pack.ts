// What was loaded, on its way to another thread or process: short pieces of JSON text, because the receiver
// serves requests between two of them. Anything shared (one policy of 100,000 origins, used by ten thousand
// locations) is sent once and referred to by its number.
//
// Text and not objects: objects that arrive all at once are copied by the garbage collector, twice, in
// pauses (measured: 15 to 25 ms for 100,000 origins).

import type { Diagnostic, OriginPattern, Policy } from "@corsway/cors";
import type { UnbrandedPolicy } from "@corsway/cors/policy";
import type { ValuePath } from "@corsway/cors/diagnostics";
import type {
  Config,
  Effective,
  EffectiveRule,
  Level,
  LocationConfig,
  ServerConfig,
  Source,
  UpstreamConfig,
} from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import { Written } from "../config/levels/policies.ts";

/** A JSON array of items, origins of a policy (a JSON array of PackedOrigin), or the text of a file as it is. */
export type Piece =
  | string
  | { readonly policy: number; readonly origins: string }
  | { readonly file: string; readonly text: string };

/** A number refers to an item of a kind, counted from 0. An item follows those that it refers to. */
export type Item =
  | readonly ["unreadable", string]
  | readonly ["diagnostic", Diagnostic]
  | readonly ["upstream", UpstreamConfig]
  | readonly [
      "policy",
      Omit<UnbrandedPolicy, "allowOrigins"> & { readonly allowOrigins: "*" | "listed" },
    ]
  | readonly ["fields", readonly (readonly [field: string, source: PackedSource])[]]
  | readonly ["rules", readonly PackedRule[]]
  | readonly ["effective", PackedEffective]
  | readonly ["location", LocationConfig]
  | readonly ["server", Omit<ServerConfig, "routes" | "fallback">, fallback: number]
  /** Belongs to the preceding server. */
  | readonly ["route", { readonly location: number; readonly cors: number }]
  | readonly ["config", Omit<Config, "servers" | "upstreams">];

/** JSON of SourceParts: kept as one string, because it is rarely needed. */
export type PackedSource = string;
export type SourceParts = readonly [
  level: Level,
  path: string,
  file?: string,
  pathInFile?: ValuePath,
];

export type PackedEffective =
  | { readonly kind: "absent" }
  | { readonly kind: "closed" | "upstream"; readonly from: PackedSource }
  | {
      readonly kind: "policy";
      readonly name: string;
      readonly policy: number;
      readonly path?: string;
      readonly from: PackedSource;
      readonly fields: number;
    }
  | {
      readonly kind: "rules";
      readonly name: string;
      readonly rules: number;
      readonly from: PackedSource;
    };

export interface PackedRule {
  readonly name: string;
  readonly policy: number;
  readonly fields: number;
}

/** UTF-16 code units that take about a millisecond to read. */
const pieceLength = 64 * 1024;
const originsPerPiece = 512;

export function* pack(loaded: Loaded): Generator<Piece, void> {
  let texts: string[] = [];
  let length = 0;
  for (const item of items(loaded)) {
    if (!isItem(item)) {
      yield item;
      continue;
    }
    const text = JSON.stringify(item);
    texts.push(text);
    length += text.length;
    if (length < pieceLength) continue;
    yield `[${texts.join(",")}]`;
    [texts, length] = [[], 0];
  }
  if (texts.length > 0) yield `[${texts.join(",")}]`;
  for (const [file, text] of loaded.sources) yield { file, text };
}

type Part = Item | Exclude<Piece, string>;

function isItem(part: Part): part is Item {
  return Array.isArray(part);
}

function* items({ config, diagnostics, unreadable }: Loaded): Generator<Part, void> {
  if (unreadable !== undefined) yield ["unreadable", unreadable];
  for (const diagnostic of diagnostics) yield ["diagnostic", diagnostic];
  if (config === undefined) return;
  const { servers, upstreams, ...rest } = config;
  for (const upstream of upstreams.values()) yield ["upstream", upstream];

  const policies = new Map<Policy, number>();
  const fieldses = new Map<ReadonlyMap<string, Source>, number>();
  const lists = new Map<readonly EffectiveRule[], number>();
  const effectives = new Map<Effective, number>();
  const locations = new Map<LocationConfig, number>();

  function* tellEffective(effective: Effective): Generator<Part, number> {
    const known = effectives.get(effective);
    if (known !== undefined) return known;
    switch (effective.kind) {
      case "absent":
        yield ["effective", effective];
        break;
      case "closed":
      case "upstream":
        yield ["effective", { kind: effective.kind, from: packSource(effective.from) }];
        break;
      case "policy": {
        const policy = yield* tellPolicy(effective.policy);
        const fields = yield* tellFields(effective.fields);
        yield ["effective", { ...effective, policy, from: packSource(effective.from), fields }];
        break;
      }
      case "rules": {
        const list = yield* tellRules(effective.rules);
        yield ["effective", { ...effective, rules: list, from: packSource(effective.from) }];
      }
    }
    return numbered(effectives, effective);
  }

  function* tellRules(rules: readonly EffectiveRule[]): Generator<Part, number> {
    const known = lists.get(rules);
    if (known !== undefined) return known;
    const packed: PackedRule[] = [];
    for (const { name, policy, fields } of rules)
      packed.push({
        name,
        policy: yield* tellPolicy(policy),
        fields: yield* tellFields(fields),
      });
    yield ["rules", packed];
    return numbered(lists, rules);
  }

  function* tellPolicy(policy: Policy): Generator<Part, number> {
    const known = policies.get(policy);
    if (known !== undefined) return known;
    const { allowOrigins } = policy;
    if (allowOrigins === "*") yield ["policy", { ...policy, allowOrigins }];
    else {
      for (let from = 0; from < allowOrigins.length; from += originsPerPiece) {
        const origins = JSON.stringify(
          allowOrigins.slice(from, from + originsPerPiece).map(packOrigin),
        );
        yield { policy: policies.size, origins };
      }
      yield ["policy", { ...policy, allowOrigins: "listed" }];
    }
    return numbered(policies, policy);
  }

  function* tellFields(fields: ReadonlyMap<string, Source>): Generator<Item, number> {
    const known = fieldses.get(fields);
    if (known !== undefined) return known;
    yield ["fields", [...fields].map(([field, source]) => [field, packSource(source)] as const)];
    return numbered(fieldses, fields);
  }

  for (const { routes, fallback, ...server } of servers) {
    yield ["server", server, yield* tellEffective(fallback)];
    for (const { location, cors } of routes) {
      const effective = yield* tellEffective(cors);
      if (!locations.has(location)) {
        yield ["location", location];
        numbered(locations, location);
      }
      yield ["route", { location: locations.get(location)!, cors: effective }];
    }
  }
  yield ["config", rest];
}

function numbered<T>(numbers: Map<T, number>, value: T): number {
  const number = numbers.size;
  numbers.set(value, number);
  return number;
}

/** The usual entry, `https` with an exact host and no port, as its host: a string is quicker to read. */
export type PackedOrigin = string | OriginPattern;

function packOrigin(pattern: OriginPattern): PackedOrigin {
  if (pattern.kind === "null" || pattern.scheme !== "https") return pattern;
  const { host, port } = pattern;
  return host.kind === "exact" && port === "default" ? host.host : pattern;
}

function packSource(source: Source): PackedSource {
  const written = source instanceof Written ? source.written : undefined;
  const { level, path } = source;
  const parts: SourceParts = written
    ? [level, path, written.document.file, written.path]
    : [level, path];
  return JSON.stringify(parts);
}
