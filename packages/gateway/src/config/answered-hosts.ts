// The host lock: under which names a server may be asked. A page whose own name was re-pointed at this
// address (DNS rebinding) is same-origin to its browser, so no CORS rule stops it; only its name does.

import { printHost } from "./forms/host.ts";
import { isLoopback } from "./loopback.ts";
import type { AnsweredHosts, HostMatch, RouteConfig } from "./config.ts";
import type { WrittenServer } from "./sections/servers.ts";

/**
 * What was written, or the default. Rebinding aims at what only this machine or this network reaches,
 * so a loopback listener answers to loopback names; behind a trusted proxy the names are the proxy's,
 * and elsewhere nobody can guess them.
 */
export function answeredHosts(
  { hosts, server }: Pick<WrittenServer, "hosts" | "server">,
  routes: readonly RouteConfig[],
  hasTrustedProxies: boolean,
): AnsweredHosts {
  if (hosts !== undefined && hosts.length > 0) {
    const names = hosts.filter((host) => host !== "*");
    return names.length < hosts.length ? { kind: "any" } : { kind: "listed", hosts: names };
  }
  if (hasTrustedProxies || !server.addresses.every(({ host }) => isLoopback(host)))
    return { kind: "any" };
  const own = new Map<string, HostMatch>();
  for (const { location } of routes)
    for (const host of location.hosts) own.set(JSON.stringify(host), host);
  return { kind: "loopback", hosts: [...own.values()] };
}

/** As text; `*` alone: every name. */
export function printAnsweredHosts(answered: AnsweredHosts): readonly string[] {
  if (answered.kind === "any") return ["*"];
  const own = answered.hosts.map(printHost);
  return answered.kind === "listed" ? own : ["localhost", "*.localhost", "IP addresses", ...own];
}

/**
 * May a page under any name reach a location that a policy protects? Then "same origin" proves
 * nothing there: a re-pointed name is of one origin with itself.
 */
export function isOpenUnderPolicy(
  { kind }: AnsweredHosts,
  routes: readonly RouteConfig[],
): boolean {
  return (
    kind === "any" &&
    routes.some(
      ({ location, cors }) =>
        (cors.kind === "policy" || cors.kind === "closed") &&
        (location.hosts.length === 0 || location.hosts.some((host) => host.kind === "regex")),
    )
  );
}
