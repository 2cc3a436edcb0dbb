// The gateway's state as the admin listener tells it.

import type { Status } from "../admin/status.ts";
import type { Effective, HostMatch, PathMatch } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import type { Counters } from "../observe/counters.ts";
import type { Generation } from "./generation.ts";
import { gatewayVersion } from "./gateway-version.ts";
import type { Listening } from "./door.ts";

export interface StatusParts {
  readonly started: string;
  readonly since: string;
  readonly ready: boolean;
  readonly reloadProblem: string | undefined;
  readonly generation: Generation;
  readonly addresses: readonly Listening[];
  readonly loaded: Loaded;
  readonly counters: Counters;
}

export function gatewayStatus(parts: StatusParts): Status {
  const { generation, counters, reloadProblem, loaded } = parts;
  const { config, number, hash, upstreams } = generation;
  return {
    version: gatewayVersion(),
    ready: parts.ready,
    started: parts.started,
    generation: { number, hash, since: parts.since },
    files: config.files,
    ...(reloadProblem !== undefined && { reloadProblem }),
    reloads: { taken: counters.reloads, refused: counters.failedReloads },
    servers: config.servers.map(({ name, routes }) => ({
      name,
      urls: parts.addresses.filter(({ server }) => server === name).map(({ url }) => url),
      locations: routes.map(({ location, cors }) => ({
        name: location.name,
        host: location.hosts.map(printHost).join(", "),
        path: printPath(location.path),
        methods: location.methods?.join(", ") ?? "",
        upstream: location.upstream ?? "",
        cors: printCors(cors),
      })),
    })),
    upstreams: [...upstreams.values()].map(({ config: { name, healthCheck }, backends }) => ({
      name,
      checked: healthCheck !== undefined,
      addresses: backends.map(({ key, healthy, active }) => ({ address: key, healthy, active })),
    })),
    requests: {
      total: counters.requests,
      byClass: Object.fromEntries(
        counters.byClass.map((count, digit) => [digit === 0 ? "0" : `${digit}xx`, count]),
      ),
    },
    decisions: counters.decisions(),
    accessLog: { dropped: counters.droppedLines },
    warnings: loaded.diagnostics
      .filter(({ severity }) => severity === "warning")
      .map(({ code, message, at }) => ({
        code,
        message,
        at: at === undefined ? "" : `${at.file}:${at.line}:${at.column}`,
      })),
  };
}

function printHost(match: HostMatch): string {
  if (match.kind === "exact") return match.host;
  return match.kind === "subdomains" ? `*${match.suffix}` : `~${match.source}`;
}

function printPath(match: PathMatch): string {
  switch (match.kind) {
    case "any":
      return "";
    case "exact":
      return `= ${match.path}`;
    case "regex":
      return `~ ${match.source}`;
    default:
      return match.path;
  }
}

function printCors(cors: Effective): string {
  switch (cors.kind) {
    case "absent":
      return "left to the upstream";
    case "upstream":
      return "the upstream's";
    case "closed":
      return "no access";
    case "policy":
      return cors.path === undefined ? cors.name : `${cors.name} on ${cors.path}`;
  }
}
