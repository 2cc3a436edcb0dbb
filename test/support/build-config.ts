// A gateway's configuration made in place, for tests of what serves it (reading it from TOML is
// another room's). Every part has a default that a test need not name.

import { definePolicy, type Policy, type PolicyInput } from "@corsway/cors";
import type {
  AnsweredHosts,
  Config,
  Effective,
  Limits,
  LocationConfig,
  PathMatch,
  RouteConfig,
  UpstreamConfig,
} from "../../packages/gateway/src/config/config.ts";

/** Several policies are rules by origin, named `rule0`, `rule1` …. */
type Cors = false | "upstream" | "absent" | PolicyInput | readonly PolicyInput[];

export interface BuiltLocation extends Partial<Omit<LocationConfig, "path" | "hosts">> {
  readonly path?: string | PathMatch;
  readonly host?: string;
  readonly cors?: Cors;
  /** RE2 that limits the policy. */
  readonly corsPath?: string;
}

export interface Built {
  readonly locations: readonly BuiltLocation[];
  readonly upstreams?: Readonly<
    Record<string, Partial<UpstreamConfig> & { ports: readonly number[] }>
  >;
  readonly fallback?: Cors;
  readonly limits?: Partial<Limits>;
  readonly tls?: { cert: string; key: string };
  /** Default: every name. */
  readonly hosts?: AnsweredHosts;
  readonly admin?: boolean;
}

export function buildConfig(built: Built): Config {
  return {
    files: [],
    servers: [
      {
        name: "test",
        addresses: [{ host: "127.0.0.1", port: 0 }],
        ...(built.tls && { tls: built.tls }),
        hosts: built.hosts ?? { kind: "any" },
        routes: built.locations.map(buildRoute),
        fallback: effective(built.fallback ?? "absent", "fallback"),
      },
    ],
    upstreams: new Map(
      Object.entries(built.upstreams ?? {}).map(([name, { ports, ...rest }]) => [
        name,
        {
          name,
          addresses: ports.map((port) => ({ host: "127.0.0.1", port, weight: 1 })),
          algo: { kind: "round_robin" },
          connectionTimeout: 1000,
          readTimeout: 5000,
          idleTimeout: 5000,
          maxConnections: 100,
          maxWebSockets: 100,
          queueTimeout: 500,
          ...rest,
        },
      ]),
    ),
    ...(built.admin && { admin: { address: { host: "127.0.0.1", port: 0 } } }),
    limits: {
      headerSize: 16384,
      headerCount: 100,
      urlSize: 8192,
      headerTimeout: 10_000,
      requestTimeout: 30_000,
      keepaliveTimeout: 5_000,
      writeStallTimeout: 30_000,
      maxConnections: 10_000,
      trustedProxies: [],
      ...built.limits,
    },
  };
}

export function buildRoute(location: BuiltLocation, index = 0): RouteConfig {
  const { path, host, cors, corsPath, ...rest } = location;
  const name = location.name ?? `location${index}`;
  return {
    cors: effective(cors ?? "absent", name, corsPath),
    location: {
      bodyLimit: 10 * 1024 * 1024,
      setHeaders: [],
      addHeaders: [],
      websocketWithoutOrigin: false,
      ...rest,
      name,
      hosts:
        host === undefined
          ? []
          : [
              host.startsWith("*.")
                ? { kind: "subdomains", suffix: host.slice(1) }
                : { kind: "exact", host },
            ],
      path:
        path === undefined
          ? { kind: "any" }
          : typeof path === "string"
            ? { kind: "prefix", path }
            : path,
    },
  };
}

const policies = new Map<string, Policy>();

/** One policy for one meaning, as two names of it in a file are. */
function policyOf(input: PolicyInput): Policy {
  const key = JSON.stringify(input);
  const policy = policies.get(key) ?? definePolicy(input);
  policies.set(key, policy);
  return policy;
}

function effective(cors: Cors, name: string, path?: string): Effective {
  const from = { level: "location", path: name } as const;
  if (cors === "absent") return { kind: "absent" };
  if (cors === false) return { kind: "closed", from };
  if (cors === "upstream") return { kind: "upstream", from };
  if (Array.isArray(cors)) {
    const rules = (cors as readonly PolicyInput[]).map((input, index) => ({
      name: `rule${index}`,
      policy: policyOf(input),
      fields: new Map<string, never>(),
    }));
    return { kind: "rules", name: rules.map((rule) => rule.name).join(", "), rules, from };
  }
  return {
    kind: "policy",
    name,
    policy: policyOf(cors as PolicyInput),
    from,
    fields: new Map(),
    ...(path !== undefined && { path }),
  };
}
