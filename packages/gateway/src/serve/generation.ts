// One immutable state of the gateway: a configuration, checked and compiled whole before anything
// of it serves. A request keeps the generation it began with; a reload is one assignment.

import { createHash } from "node:crypto";
import type { Config, ServerConfig, UpstreamConfig } from "../config/config.ts";
import { corsLayers } from "./cors-layer.ts";
import { compileLocation } from "./location.ts";
import { Router } from "./router.ts";
import type { Site } from "./site.ts";
import { trustedProxies } from "./trusted-proxies.ts";
import { Upstream } from "./upstream.ts";

export interface Generation {
  /** Counts from 1. */
  readonly number: number;
  /** Of what is served: twelve hexadecimal digits. */
  readonly hash: string;
  readonly config: Config;
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** The site of a server as seen on one of its ports. */
  site(server: ServerConfig, port: number): Site;
}

export type SiteSetting = Pick<Site, "debug" | "access">;

/** Compiles; an upstream that has not changed is taken over with its connections and its health. */
export function compileGeneration(
  config: Config,
  setting: SiteSetting,
  previous?: Generation,
): Generation {
  const upstreams = new Map<string, Upstream>();
  for (const [name, upstream] of config.upstreams) {
    const before = previous?.upstreams.get(name);
    const same = before !== undefined && isSame(before.config, upstream);
    upstreams.set(name, same ? before : new Upstream(upstream));
  }
  const layerOf = corsLayers();
  const proxies = trustedProxies(config.limits.trustedProxies);
  const compiled = new Map(
    config.servers.map((server) => [
      server.name,
      {
        router: new Router(
          server.routes.map((route) => compileLocation(route, layerOf, upstreams)),
        ),
        fallback: layerOf(server.fallback),
      },
    ]),
  );
  return {
    number: (previous?.number ?? 0) + 1,
    hash: createHash("sha256").update(canonicalText(config)).digest("hex").slice(0, 12),
    config,
    upstreams,
    site(server, port) {
      const parts = compiled.get(server.name);
      if (parts === undefined) throw new Error(`no server ${server.name} in this generation`);
      return {
        name: server.name,
        ...parts,
        vantage: {
          scheme: server.tls === undefined ? "http" : "https",
          port,
          limits: config.limits,
          trusts: proxies.trusts,
        },
        proxies,
        requestTimeout: config.limits.requestTimeout,
        ...setting,
      };
    },
  };
}

/** Closes what the next generation has not taken over. */
export function retire(generation: Generation, next?: Generation): void {
  for (const [name, upstream] of generation.upstreams)
    if (next?.upstreams.get(name) !== upstream) upstream.close();
}

function isSame(a: UpstreamConfig, b: UpstreamConfig): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function canonicalText(config: Config): string {
  return JSON.stringify(config, (key, value: unknown) => {
    // Where it was written is not what it says.
    if (key === "from" || key === "fields" || key === "files") return undefined;
    return value instanceof Map ? [...value] : value;
  });
}
