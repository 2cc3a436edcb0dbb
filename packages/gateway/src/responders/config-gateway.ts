// The gateway that a configuration describes, as a Responder: its own routing and policies, and an upstream
// with an assumed response. Nothing listens and nothing is forwarded.

import {
  applyDecision,
  type HeaderList,
  type Policy,
  type RequestHead,
  type ResponseHead,
} from "@corsway/cors";
import { runSteps } from "@corsway/cors/policy";
import { firstHeader, hasHeader } from "@corsway/cors/standard";
import type {
  Config,
  Effective,
  EffectiveRule,
  LocationConfig,
  ServerConfig,
} from "../config/config.ts";
import { compileAnsweredHosts } from "../route/answered-host.ts";
import { corsLayers, unspoken, type CorsLayer } from "../route/cors-layer.ts";
import { noLines } from "../http1/lines.ts";
import { readRequestHead, type ReadHead } from "../head/request-head.ts";
import { loginOf } from "../route/login-redirect.ts";
import { mayUpgrade } from "../route/may-upgrade.ts";
import { compilePathGuard, sayAmbiguity } from "../route/path-guard.ts";
import { Router, speakerOf, type Routed } from "../route/router.ts";

/** The assumed response of an upstream. */
export interface AssumedUpstream {
  readonly status: number;
  readonly headers: HeaderList;
}

/** What decides on a request, and where that is written. */
export interface Ruling {
  /** Absent: no location matches the request. */
  readonly location?: LocationConfig;
  readonly effective: Effective;
  /** With several rules, the index of the one that allowed or refused. */
  readonly rule?: number;
  /** `on_mismatch` rejects the request with 403, and the upstream receives nothing. */
  readonly keptOut: boolean;
  /** The policy's `path` does not match, so the policy does not apply. */
  readonly outsidePath: boolean;
  /** The path could be read as one with another policy: 400. */
  readonly ambiguity?: string;
  /** The server does not answer to this host name: 421. */
  readonly misdirected?: string;
}

export interface ConfigGateway {
  /** The name of its server. */
  readonly server: string;
  respond(request: RequestHead): ResponseHead;
  ruling(request: RequestHead): Ruling;
  /** The same gateway with another policy in place of this one, wherever it is used. */
  withPolicy(replaced: Policy, policy: Policy): ConfigGateway;
  /** The same gateway with a rule that is asked before this policy, wherever it is used. */
  withRuleInFront(before: Policy, rule: EffectiveRule): ConfigGateway;
}

interface Place extends Routed {
  readonly effective: Effective;
  readonly cors: CorsLayer;
}

const ownAnswer: HeaderList = [
  ["Content-Type", "application/json"],
  ["Cache-Control", "no-store"],
];

export function configGateway(
  config: Config,
  server: ServerConfig,
  upstream: AssumedUpstream,
): ConfigGateway {
  return gatewayOf(config, server, upstream, new Map());
}

function gatewayOf(
  config: Config,
  server: ServerConfig,
  upstream: AssumedUpstream,
  replaced: ReadonlyMap<Effective, Effective>,
): ConfigGateway {
  const layerOf = corsLayers();
  const now = (effective: Effective): Effective => replaced.get(effective) ?? effective;
  const router = new Router<Place>(
    server.routes.map(({ location, cors }) => ({
      config: location,
      effective: cors,
      cors: layerOf(now(cors)),
    })),
  );
  const fallback = layerOf(now(server.fallback));
  const guard = runSteps(
    compilePathGuard(
      {
        routes: server.routes.map(({ location, cors }) => ({ location, cors: now(cors) })),
        fallback: now(server.fallback),
      },
      router,
    ),
  );
  const answersTo = compileAnsweredHosts(server.hosts);

  const find = (request: RequestHead) => {
    const read = readHead(request, config);
    const misdirected = answersTo?.(read.name) === false;
    const group = misdirected ? undefined : router.find(read.host, read.path);
    const place = group?.pick(read.preflightFor ?? request.method);
    const speaker = group && speakerOf(group, place);
    const layer = misdirected ? unspoken : (speaker?.cors ?? fallback);
    const decision = layer.decide(read.head, read.path);
    // As in the walk: a request that is answered by a decision never reaches an upstream that could misread it.
    const ambiguity =
      place === undefined || decision?.status !== undefined
        ? undefined
        : guard?.(read.host, read.path, request.method, place.config);
    return { read, misdirected, place, speaker, layer, decision, ambiguity };
  };

  return {
    server: server.name,
    respond(request) {
      const { read, misdirected, place, layer, decision, ambiguity } = find(request);
      const decided = (status: number, headers: HeaderList): ResponseHead => ({
        status,
        headers: decision === undefined ? headers : applyDecision(decision, headers).headers,
      });
      if (read.fault !== undefined) return decided(read.fault.status, ownAnswer);
      if (misdirected) return { status: 421, headers: ownAnswer };
      if (decision?.status !== undefined)
        return decided(decision.status, decision.kind === "preflight" ? [] : ownAnswer);
      if (place === undefined) return decided(404, ownAnswer);
      if (ambiguity !== undefined) return decided(400, ownAnswer);
      if (place.config.upstream === undefined) return decided(502, ownAnswer);
      if (hasHeader(request.headers, "sec-websocket-key")) {
        if (decision !== undefined && !mayUpgrade(decision, layer)) return decided(403, ownAnswer);
        return {
          status: upstream.status === 200 ? 101 : upstream.status,
          headers: upstream.headers,
        };
      }
      const { loginRedirect } = place.config;
      const location = firstHeader(upstream.headers, "location");
      if (
        loginRedirect !== undefined &&
        loginOf(request.url, request.headers.flat(), upstream.status, location) !== undefined
      )
        return decided(loginRedirect, ownAnswer);
      return decided(upstream.status, upstream.headers);
    },
    ruling(request) {
      const { read, misdirected, place, speaker, decision, ambiguity } = find(request);
      if (misdirected)
        return {
          effective: { kind: "absent" },
          keptOut: false,
          outsidePath: false,
          misdirected: read.name,
        };
      const effective = speaker?.effective ?? server.fallback;
      return {
        ...(place === undefined ? {} : { location: place.config }),
        effective,
        ...(decision?.rule === undefined ? {} : { rule: decision.rule }),
        keptOut: decision?.status === 403 && decision.kind !== "preflight",
        outsidePath: effective.kind === "policy" && decision === undefined,
        ...(ambiguity && { ambiguity: sayAmbiguity(ambiguity) }),
      };
    },
    withPolicy(before, policy) {
      const next = new Map(replaced);
      // A policy is shared by every location that names it, and is changed for all of them.
      for (const effective of [...server.routes.map(({ cors }) => cors), server.fallback]) {
        if (effective.kind === "policy" && effective.policy === before)
          next.set(effective, { ...effective, policy });
        if (effective.kind === "rules" && effective.rules.some((rule) => rule.policy === before)) {
          const rules = effective.rules.map((rule) =>
            rule.policy === before ? { ...rule, policy } : rule,
          );
          next.set(effective, { ...effective, rules });
        }
      }
      return gatewayOf(config, server, upstream, next);
    },
    withRuleInFront(before, rule) {
      const next = new Map(replaced);
      for (const effective of [...server.routes.map(({ cors }) => cors), server.fallback]) {
        if (effective.kind === "policy" && effective.policy === before) {
          const { name, policy, fields, from } = effective;
          const rules = [rule, { name, policy, fields }];
          next.set(effective, { kind: "rules", name: `${rule.name}, ${name}`, rules, from });
        }
        if (effective.kind === "rules" && effective.rules.some(({ policy }) => policy === before))
          next.set(effective, { ...effective, rules: [rule, ...effective.rules] });
      }
      return gatewayOf(config, server, upstream, next);
    },
  };
}

function readHead(request: RequestHead, config: Config): ReadHead {
  const url = new URL(request.url);
  const fields = ["Host", url.host];
  for (const [name, value] of request.headers) fields.push(name, value);
  return readRequestHead(
    {
      method: request.method,
      target: url.pathname + url.search,
      version: "1.1",
      fields,
      lines: noLines,
      peer: "127.0.0.1",
      awaitsContinue: false,
      upgrade: false,
    },
    {
      // The scheme of the page's URL is what a TLS-terminating proxy in front would report.
      scheme: url.protocol === "https:" ? "https" : "http",
      port: portOf(url),
      limits: config.limits,
      trusts: () => false,
    },
  );
}

function portOf({ port, protocol }: URL): number {
  if (port !== "") return Number(port);
  return protocol === "https:" ? 443 : 80;
}

export type ChosenServer =
  | { readonly kind: "server"; readonly server: ServerConfig }
  | { readonly kind: "none"; readonly say: string; readonly fix: string };

/** The server that a URL reaches: by the port, then by the address, then by its locations' hosts. */
export function chooseServer(config: Config, url: URL, name: string | undefined): ChosenServer {
  const { servers } = config;
  const names = servers.map((server) => `\`${server.name}\``).join(", ");
  if (name !== undefined) {
    const named = servers.find((server) => server.name === name);
    if (named !== undefined) return { kind: "server", server: named };
    return {
      kind: "none",
      say: `there is no server \`${name}\``,
      fix: `there are ${names || "none"}`,
    };
  }
  if (servers.length === 1) return { kind: "server", server: servers[0]! };
  const port = portOf(url);
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const tests: ((server: ServerConfig) => boolean)[] = [
    ({ addresses }) => addresses.some((address) => address.port === port && address.host === host),
    ({ addresses }) => addresses.some((address) => address.port === port),
    ({ routes }) =>
      routes.some(({ location }) =>
        location.hosts.some(
          (match) =>
            (match.kind === "exact" && match.host === host) ||
            (match.kind === "subdomains" &&
              host.length > match.suffix.length &&
              host.endsWith(match.suffix)),
        ),
      ),
  ];
  for (const test of tests) {
    const fitting = servers.filter(test);
    if (fitting.length === 1) return { kind: "server", server: fitting[0]! };
  }
  return {
    kind: "none",
    say: `\`${url.host || url.href}\` does not identify one of the servers`,
    fix: `name one: --server NAME; there are ${names || "none"}`,
  };
}
