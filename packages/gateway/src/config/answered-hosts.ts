// The host lock: which host names a server answers to. A page whose host name was re-pointed at this
// address (DNS rebinding) is same-origin to its browser, so no CORS rule stops it; only its name does.

import { printHost } from "./forms/host.ts";
import { isLoopback } from "./loopback.ts";
import type { AnsweredHosts, HostMatch, RouteConfig } from "./config.ts";
import type { WrittenServer } from "./sections/servers.ts";

/**
 * What was written, or the default. Rebinding targets what only this machine or this network can reach,
 * so a loopback listener answers to loopback names. Behind a trusted proxy the names are the proxy's, and
 * in all other cases they cannot be guessed.
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

/** As text; a single `*` means every name. */
export function printAnsweredHosts(answered: AnsweredHosts): readonly string[] {
  if (answered.kind === "any") return ["*"];
  const own = answered.hosts.map(printHost);
  return answered.kind === "listed" ? own : ["localhost", "*.localhost", "IP addresses", ...own];
}

/**
 * Can a page with any host name reach a location that a policy protects? Then "same origin" proves
 * nothing there, because a re-pointed name is same-origin with itself.
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
