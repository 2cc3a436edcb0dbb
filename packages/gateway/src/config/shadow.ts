// Locations that no request ever reaches: within one server the same host and path, and every
// method already taken by locations before it.

import type { LocationConfig } from "./config.ts";
import { printHost } from "./host.ts";
import { printPathMatch } from "./path.ts";

/** Each shadowed location with the one that takes its first request. */
export function findShadowed(
  locations: readonly LocationConfig[],
): readonly (readonly [shadowed: LocationConfig, by: LocationConfig])[] {
  const groups = new Map<string, LocationConfig[]>();
  const shadowed: (readonly [LocationConfig, LocationConfig])[] = [];
  for (const location of locations) {
    const { weight = "", path: match } = location;
    const path = `${weight} ${match.kind} ${printPathMatch(match)}`;
    const hosts = location.hosts.length === 0 ? ["*"] : location.hosts.map(printHost);
    const takers = hosts.map((host) => {
      const key = `${host} ${path}`;
      const group = groups.get(key) ?? [];
      groups.set(key, group);
      const taker = takes(group, location);
      group.push(location);
      return taker;
    });
    const by = takers[0];
    if (by !== undefined && takers.every((taker) => taker !== undefined)) {
      shadowed.push([location, by]);
    }
  }
  return shadowed;
}

/** The location of the group that leaves nothing to this one. */
function takes(
  group: readonly LocationConfig[],
  location: LocationConfig,
): LocationConfig | undefined {
  const all = group.find(({ methods }) => methods === undefined);
  if (all !== undefined || location.methods === undefined) return all;
  const takerOf = (method: string): LocationConfig | undefined =>
    group.find(
      ({ methods }) =>
        methods?.includes(method) || (method === "HEAD" && methods?.includes("GET") === true),
    );
  const takers = location.methods.map(takerOf);
  return takers.every((taker) => taker !== undefined) ? takers[0] : undefined;
}
