// One immutable state of the gateway: a configuration, completely checked and compiled before any of it is
// served. A request keeps the generation it began with; a reload is one assignment.

import { compilePolicyInSteps, type Steps } from "@corsway/cors/policy";
import type { Config, ServerConfig, UpstreamConfig } from "../config/config.ts";
import { streamPolicy } from "../load/unpack.ts";
import type { Certificates } from "../engine/certificate.ts";
import { compileAnsweredHosts } from "../route/answered-host.ts";
import { corsLayers, type CompiledPolicy, type PolicySource } from "../route/cors-layer.ts";
import { compileLocation, type Location } from "../walk/location.ts";
import { compilePathGuard } from "../route/path-guard.ts";
import { Router } from "../route/router.ts";
import type { Site } from "../walk/site.ts";
import { trustedProxies } from "../head/trusted-proxies.ts";
import { Upstream } from "../upstream/upstream.ts";

/** What a generation is compiled from: plain data, the same wherever it is compiled. */
export interface Blueprint {
  /** Counts from 1. */
  readonly number: number;
  /** configHash of the configuration. */
  readonly hash: string;
  readonly config: Config;
  readonly certificates: Certificates;
}

export interface Generation extends Blueprint {
  readonly upstreams: ReadonlyMap<string, Upstream>;
  /** The site of a server as seen on one of its ports. */
  site(server: ServerConfig, port: number): Site;
}

export type SiteSetting = Pick<Site, "debug" | "place" | "access" | "misdirected">;

/** Locations or upstreams between two steps: each may have a regular expression to compile. */
const perStep = 16;

/** Compiles; an upstream that has not changed is reused, with its connections and its health. */
export function* compileGeneration(
  blueprint: Blueprint,
  setting: SiteSetting,
  previous?: Generation,
): Steps<Generation> {
  const { config } = blueprint;
  const upstreams = new Map<string, Upstream>();
  for (const [name, upstream] of config.upstreams) {
    const before = previous?.upstreams.get(name);
    const same = before !== undefined && isSame(before.config, upstream);
    upstreams.set(name, same ? before : new Upstream(upstream));
    if (upstreams.size % perStep === 0) yield;
  }
  const layerOf = corsLayers(yield* compilePolicies(config));
  const proxies = trustedProxies(config.limits.trustedProxies);
  const compiled = new Map<string, Pick<Site, "router" | "fallback" | "answersTo" | "pathGuard">>();
  for (const server of config.servers) {
    const router = new Router<Location>();
    for (const [index, route] of server.routes.entries()) {
      router.add(compileLocation(route, layerOf, upstreams));
      if (index % perStep === perStep - 1) yield;
    }
    const pathGuard = yield* compilePathGuard(server, router);
    const answersTo = compileAnsweredHosts(server.hosts);
    compiled.set(server.name, {
      router,
      fallback: layerOf(server.fallback),
      ...(answersTo && { answersTo }),
      ...(pathGuard && { pathGuard }),
    });
  }
  return {
    ...blueprint,
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

/** Closes what the next generation has not reused. */
export function retire(generation: Generation, next?: Generation): void {
  for (const [name, upstream] of generation.upstreams)
    if (next?.upstreams.get(name) !== upstream) upstream.close();
}

function isSame(a: UpstreamConfig, b: UpstreamConfig): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function* compilePolicies({ servers }: Config): Steps<Map<PolicySource, CompiledPolicy>> {
  const compiled = new Map<PolicySource, CompiledPolicy>();
  for (const { fallback, routes } of servers)
    for (const cors of [fallback, ...routes.map((route) => route.cors)]) {
      if (cors.kind !== "policy" && cors.kind !== "rules") continue;
      const source = cors.kind === "policy" ? cors.policy : cors.rules;
      if (compiled.has(source)) continue;
      const policies =
        cors.kind === "policy" ? [cors.policy] : cors.rules.map((rule) => rule.policy);
      const streams = policies.map(streamPolicy);
      const originsOf = new Map(streams.map(({ policy, origins }) => [policy, origins] as const));
      const decide = yield* compilePolicyInSteps(
        streams.map(({ policy }) => policy),
        (policy) => originsOf.get(policy)!,
      );
      compiled.set(source, { decide, listsOrigins: streams.map(({ origins }) => origins !== "*") });
    }
  return compiled;
}
