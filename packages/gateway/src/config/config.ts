// The meaning of a configuration after it was read, merged and checked: the only form that serve/ and
// explain see. Durations are in milliseconds, sizes in bytes.

import type { Place, Policy } from "@corsway/cors";

export interface Config {
  /** Absolute paths of the files that were read. */
  readonly files: readonly string[];
  readonly servers: readonly ServerConfig[];
  readonly upstreams: ReadonlyMap<string, UpstreamConfig>;
  readonly admin?: AdminConfig;
  readonly limits: Limits;
}

export interface Address {
  /** For a listener, empty means every interface. */
  readonly host: string;
  readonly port: number;
}

export interface ServerConfig {
  readonly name: string;
  readonly addresses: readonly Address[];
  readonly tls?: { readonly cert: string; readonly key: string }; // absolute paths
  /** The host names that it answers to; any other gets 421. */
  readonly hosts: AnsweredHosts;
  /** Its locations in the order of the file (or of `locations = […]`), each with its effective CORS. */
  readonly routes: readonly RouteConfig[];
  /** What applies if no location matches: the server's own setting, or the global one. */
  readonly fallback: Effective;
}

/** A location as one server serves it. */
export interface RouteConfig {
  readonly location: LocationConfig;
  readonly cors: Effective;
}

/** The result of the levels for one server × location. */
export type Effective =
  | { readonly kind: "absent" } // CORS is left to the upstream, untouched
  | { readonly kind: "closed"; readonly from: Source } // `cors = false`
  | { readonly kind: "upstream"; readonly from: Source } // `cors = "upstream"`
  | {
      readonly kind: "policy";
      /** The name of the policy; for an inline table, the owner's: `locations.orders`. */
      readonly name: string;
      readonly policy: Policy;
      /** RE2 on the canonical path; if it does not match, there is no policy. */
      readonly path?: string;
      readonly from: Source;
      /** Where the value of each field was written, by its TOML name; absent for defaults. */
      readonly fields: ReadonlyMap<string, Source>;
    }
  | {
      readonly kind: "rules"; // `cors = ["app", "public"]`: by origin, the first that allows it
      /** The rules' names: `app, public`. */
      readonly name: string;
      /** Two or more. One array for every location with the same list. */
      readonly rules: readonly EffectiveRule[];
      readonly from: Source;
    };

/** One of several rules by origin. */
export type EffectiveRule = Pick<
  Extract<Effective, { readonly kind: "policy" }>,
  "name" | "policy" | "fields"
>;

export type Level = "location" | "server" | "global";
export interface Source {
  readonly level: Level;
  /** Dotted path of the value in the file: `policies.webapp.allow_origins`. */
  readonly path: string;
  /** Looked up in the text when it is needed. */
  readonly at?: Place | undefined;
}

export type HostMatch =
  | { readonly kind: "exact"; readonly host: string }
  | { readonly kind: "subdomains"; readonly suffix: string } // "*.example.com" => ".example.com"
  | { readonly kind: "regex"; readonly source: string }; // RE2, Pingap's `~`

/** Which host names a server answers to. Ports do not matter. */
export type AnsweredHosts =
  | { readonly kind: "any" }
  | { readonly kind: "listed"; readonly hosts: readonly HostMatch[] }
  /** `localhost`, names below it, IP addresses, and the hosts of its own locations. */
  | { readonly kind: "loopback"; readonly hosts: readonly HostMatch[] };

export type PathMatch =
  | { readonly kind: "any" }
  | { readonly kind: "exact"; readonly path: string } // "= /x"
  | { readonly kind: "prefix"; readonly path: string } // by segment
  | { readonly kind: "raw-prefix"; readonly path: string } // Pingap's: no segment boundary
  | { readonly kind: "regex"; readonly source: string }; // "~ ^/x"

export interface LocationConfig {
  readonly name: string;
  /** Empty: any host. */
  readonly hosts: readonly HostMatch[];
  readonly path: PathMatch;
  /** As written, in upper case; absent: all. GET includes HEAD. */
  readonly methods?: readonly string[];
  /** Pingap's explicit weight: overrides the routing order if present. */
  readonly weight?: number;
  readonly upstream?: string;
  readonly kind?: "http" | "rest" | "http-file";
  readonly rewrite?: { readonly pattern: string; readonly replacement: string };
  readonly bodyLimit: number; // client_max_body_size, or its kind's default
  readonly requestTimeout?: number; // its kind's default, or limits.requestTimeout
  readonly setHeaders: readonly (readonly [name: string, value: string])[];
  readonly addHeaders: readonly (readonly [name: string, value: string])[];
  readonly websocketWithoutOrigin: boolean;
  /** What a script's request gets if the upstream redirects it to another origin; absent: the redirect. */
  readonly loginRedirect?: 401;
  /** Absent: requests are refused if another reading of the path leads to another policy. */
  readonly ambiguousPaths?: "allow";
}

export type Algorithm =
  | { readonly kind: "round_robin" }
  | { readonly kind: "least_conn" }
  | { readonly kind: "hash"; readonly by: "ip" | "url" }
  | { readonly kind: "hash"; readonly by: "header" | "cookie" | "query"; readonly name: string };

export interface UpstreamConfig {
  readonly name: string;
  readonly addresses: readonly (Address & { readonly weight: number })[];
  readonly algo: Algorithm;
  readonly healthCheck?: HealthCheck;
  readonly tls?: { readonly sni?: string; readonly verify: boolean };
  readonly connectionTimeout: number;
  readonly readTimeout: number;
  readonly idleTimeout: number;
  readonly maxConnections: number;
  readonly maxWebSockets: number;
  readonly queueTimeout: number;
}

export interface HealthCheck {
  readonly scheme: "tcp" | "http" | "https";
  readonly host: string; // the Host header
  readonly path: string;
  readonly frequency: number;
  readonly success: number;
  readonly failure: number;
  readonly connectionTimeout: number;
  readonly readTimeout: number;
}

export interface AdminConfig {
  readonly address: Address;
  readonly tokenFile?: string;
}

export interface Limits {
  readonly headerSize: number;
  readonly headerCount: number;
  readonly urlSize: number;
  readonly headerTimeout: number;
  readonly requestTimeout: number;
  readonly keepaliveTimeout: number;
  readonly writeStallTimeout: number;
  /** Client connections on one address. */
  readonly maxConnections: number;
  /** CIDR blocks of proxies whose X-Forwarded-* are extended, not replaced. */
  readonly trustedProxies: readonly string[];
}
