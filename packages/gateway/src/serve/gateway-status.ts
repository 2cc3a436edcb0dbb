// The gateway's state as the admin listener shows it.

import type { Status } from "../admin/status.ts";
import type { Effective, HostMatch, PathMatch } from "../config/config.ts";
import type { Loaded } from "../config/load.ts";
import type { Tally } from "../crew/crew.ts";
import type { Listening } from "../crew/door.ts";
import { version } from "./version.ts";
import type { Blueprint } from "../crew/generation.ts";

export interface StatusParts {
  readonly started: string;
  readonly since: string;
  readonly processes: readonly number[];
  readonly ready: boolean;
  readonly reloadProblem: string | undefined;
  readonly reloads: Status["reloads"];
  readonly blueprint: Blueprint;
  readonly addresses: readonly Listening[];
  readonly loaded: Loaded;
  readonly tally: Tally;
}

export function gatewayStatus(parts: StatusParts): Status {
  const { reloadProblem, loaded, tally } = parts;
  const { config, number, hash } = parts.blueprint;
  const { requests, byClass, decisions, droppedLines, refusedConnections, errors } = tally.counts;
  return {
    version: version(),
    ready: parts.ready,
    started: parts.started,
    processes: parts.processes,
    generation: { number, hash, since: parts.since },
    files: config.files,
    ...(reloadProblem !== undefined && { reloadProblem }),
    reloads: parts.reloads,
    servers: config.servers.map(({ name, routes }) => ({
      name,
      urls: parts.addresses.filter(({ server }) => server === name).map(({ url }) => url),
      locationCount: routes.length,
      locations: routes.slice(0, mostShown).map(({ location, cors }) => ({
        name: location.name,
        host: location.hosts.map(printHost).join(", "),
        path: printPath(location.path),
        methods: location.methods?.join(", ") ?? "",
        upstream: location.upstream ?? "",
        cors: printCors(cors),
      })),
    })),
    upstreams: tally.upstreams,
    requests: {
      total: requests,
      byClass: Object.fromEntries(
        byClass.map((count, digit) => [digit === 0 ? "0" : `${digit}xx`, count]),
      ),
    },
    errors,
    connections: { open: tally.connections, refused: refusedConnections },
    decisions,
    accessLog: { dropped: droppedLines },
    warnings: loaded.diagnostics
      .filter(({ severity }) => severity === "warning")
      .map(({ code, message, at }) => ({
        code,
        message,
        at: at === undefined ? "" : `${at.file}:${at.line}:${at.column}`,
      })),
  };
}

/** A status is read every few seconds, and 100,000 locations are 20 MB of it. */
const mostShown = 1000;

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
    case "rules":
      return cors.name;
    case "policy":
      return cors.path === undefined ? cors.name : `${cors.name} on ${cors.path}`;
  }
}
