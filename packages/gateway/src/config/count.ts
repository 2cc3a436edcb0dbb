// The size of a configuration, in one line.

import type { Policy } from "@corsway/cors";
import type { Config } from "./config.ts";

/** `2 locations, 1 policy, 1 server`: locations that are served, policies that apply somewhere. */
export function countConfig(config: Config): string {
  const locations = new Set<unknown>();
  const policies = new Set<Policy>();
  for (const { routes, fallback } of config.servers) {
    for (const { location } of routes) locations.add(location);
    for (const effective of [fallback, ...routes.map(({ cors }) => cors)]) {
      if (effective.kind === "policy") policies.add(effective.policy);
      if (effective.kind === "rules")
        for (const { policy } of effective.rules) policies.add(policy);
    }
  }
  return [
    count(locations.size, "location", "locations"),
    count(policies.size, "policy", "policies"),
    count(config.servers.length, "server", "servers"),
  ].join(", ");
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
