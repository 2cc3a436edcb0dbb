// pack's pieces → what was loaded. Each piece takes about a millisecond and creates few long-lived objects,
// because of the garbage collector: parsed items are completed in place, and origins remain text until
// they are needed.

import type { Diagnostic, OriginPattern, Place, Policy } from "@corsway/cors";
import { brandPolicy, type UnbrandedPolicy } from "@corsway/cors/policy";
import type { Config, Effective, LocationConfig, RouteConfig, Source } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import type { Item, PackedOrigin, PackedSource, Piece, SourceParts } from "./pack.ts";
import { indexPlaces, type FindPlace } from "../config/tree/places.ts";

type Writable<T> = { -readonly [K in keyof T]: T[K] };
type EffectiveRules = Extract<Effective, { readonly kind: "rules" }>;
type Server = Writable<Omit<Config["servers"][number], "routes">> & { routes: RouteConfig[] };

export class Unpacking {
  readonly #sources = new Map<string, string>();
  readonly #places = new Places(this.#sources);
  readonly #diagnostics: Diagnostic[] = [];
  readonly #upstreams = new Map<string, NonNullable<ReturnType<Config["upstreams"]["get"]>>>();
  readonly #policies: Policy[] = [];
  readonly #fields: ReadonlyMap<string, Source>[] = [];
  readonly #rules: EffectiveRules["rules"][] = [];
  readonly #effectives: Effective[] = [];
  readonly #locations: LocationConfig[] = [];
  readonly #servers: Server[] = [];
  readonly #shared = new Map<string, object>();
  readonly #origins = new Map<number, string[]>();
  #unreadable: string | undefined;
  #config: Config | undefined;

  take(piece: Piece): void {
    if (typeof piece === "string") for (const item of JSON.parse(piece) as Item[]) this.#take(item);
    else if ("file" in piece) this.#sources.set(piece.file, piece.text);
    else {
      const texts = this.#origins.get(piece.policy);
      if (texts === undefined) this.#origins.set(piece.policy, [piece.origins]);
      else texts.push(piece.origins);
    }
  }

  /** After the last piece. */
  get loaded(): Loaded {
    return {
      ...(this.#config && { config: this.#config }),
      diagnostics: this.#diagnostics,
      sources: this.#sources,
      ...(this.#unreadable !== undefined && { unreadable: this.#unreadable }),
    };
  }

  /** Equal values of thousands of locations are stored once. */
  #share(location: Writable<LocationConfig>): LocationConfig {
    if (location.setHeaders.length === 0) location.setHeaders = none;
    if (location.addHeaders.length === 0) location.addHeaders = none;
    location.hosts = this.#sharing(location.hosts);
    if (location.methods !== undefined) location.methods = this.#sharing(location.methods);
    return location;
  }

  #sharing<T extends object>(value: T): T {
    const key = JSON.stringify(value);
    const known = this.#shared.get(key);
    if (known !== undefined) return known as T;
    this.#shared.set(key, value);
    return value;
  }

  #take(item: Item): void {
    switch (item[0]) {
      case "unreadable":
        this.#unreadable = item[1];
        return;
      case "diagnostic":
        this.#diagnostics.push(item[1]);
        return;
      case "upstream":
        this.#upstreams.set(item[1].name, item[1]);
        return;
      case "policy": {
        const { allowOrigins, ...rest } = item[1];
        const texts = this.#origins.get(this.#policies.length) ?? [];
        this.#policies.push(
          allowOrigins === "*"
            ? brandPolicy({ allowOrigins, ...freezeAll(rest) })
            : listing(texts, rest),
        );
        return;
      }
      case "fields":
        this.#fields.push(
          new Map(item[1].map(([field, source]) => [field, new Recalled(source, this.#places)])),
        );
        return;
      case "rules":
        this.#rules.push(
          item[1].map(({ name, policy, fields }) => ({
            name,
            policy: this.#policies[policy]!,
            fields: this.#fields[fields]!,
          })),
        );
        return;
      case "effective": {
        const packed = item[1];
        const effective = packed as unknown as Writable<
          Extract<Effective, { kind: "policy" }> & Pick<EffectiveRules, "rules">
        >;
        if (packed.kind !== "absent") effective.from = new Recalled(packed.from, this.#places);
        if (packed.kind === "policy") {
          effective.policy = this.#policies[packed.policy]!;
          effective.fields = this.#fields[packed.fields]!;
        }
        if (packed.kind === "rules") effective.rules = this.#rules[packed.rules]!;
        this.#effectives.push(effective);
        return;
      }
      case "location":
        this.#locations.push(this.#share(item[1]));
        return;
      case "server":
        this.#servers.push(
          Object.assign(item[1], { routes: [], fallback: this.#effectives[item[2]]! }),
        );
        return;
      case "route": {
        const [, packed] = item;
        const route = packed as unknown as Writable<RouteConfig>;
        route.location = this.#locations[packed.location]!;
        route.cors = this.#effectives[packed.cors]!;
        this.#servers.at(-1)!.routes.push(route);
        return;
      }
      case "config": {
        // In assemble's order of keys, so that both give the same JSON and the same hash.
        const { files, ...rest } = item[1];
        this.#config = { files, servers: this.#servers, upstreams: this.#upstreams, ...rest };
      }
    }
  }
}

const none: readonly never[] = Object.freeze([]);

/** The place of a value, found again in the text when it is needed. */
class Recalled implements Source {
  readonly #packed: PackedSource;
  readonly #places: Places;

  constructor(packed: PackedSource, places: Places) {
    this.#packed = packed;
    this.#places = places;
  }

  get level(): Source["level"] {
    return this.#parts[0];
  }

  get path(): string {
    return this.#parts[1];
  }

  get at(): Place | undefined {
    const [, , file, path] = this.#parts;
    return file === undefined ? undefined : this.#places.finder(file)(path!)?.place;
  }

  get #parts(): SourceParts {
    return JSON.parse(this.#packed) as SourceParts;
  }
}

/** The finders of the files, each created when it is first needed. */
class Places {
  readonly #sources: ReadonlyMap<string, string>;
  readonly #finders = new Map<string, FindPlace>();

  constructor(sources: ReadonlyMap<string, string>) {
    this.#sources = sources;
  }

  finder(file: string): FindPlace {
    let finder = this.#finders.get(file);
    if (finder === undefined) {
      finder = indexPlaces(this.#sources.get(file) ?? "", file);
      this.#finders.set(file, finder);
    }
    return finder;
  }
}

const streams = new WeakMap<Policy, PolicyStream>();

/** A policy whose origins can be read one after the other. */
export interface PolicyStream {
  /** The policy; its list of origins may be empty here. */
  readonly policy: Policy;
  readonly origins: "*" | Iterable<OriginPattern>;
}

/** Reads each origin once without creating the list of a policy that came in pieces. */
export function streamPolicy(policy: Policy): PolicyStream {
  return streams.get(policy) ?? { policy, origins: policy.allowOrigins };
}

function unpackOrigin(packed: PackedOrigin): OriginPattern {
  if (typeof packed !== "string") return packed;
  return { kind: "tuple", scheme: "https", host: { kind: "exact", host: packed }, port: "default" };
}

function listing(texts: readonly string[], rest: Omit<UnbrandedPolicy, "allowOrigins">): Policy {
  function* origins(): Generator<OriginPattern, void> {
    for (const text of texts)
      for (const packed of JSON.parse(text) as PackedOrigin[]) yield unpackOrigin(packed);
  }
  let listed: readonly OriginPattern[] | undefined;
  const policy = brandPolicy({
    get allowOrigins() {
      return (listed ??= freezeAll([...origins()]));
    },
    ...freezeAll(rest),
  });
  const stub = brandPolicy({ allowOrigins: [], ...rest });
  streams.set(policy, { policy: stub, origins: { [Symbol.iterator]: origins } });
  return policy;
}

/** Parsed from JSON, so no deeper than it was written. */
function freezeAll<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const inner of Object.values(value)) freezeAll(inner);
  return Object.freeze(value);
}
