// Locations that no request ever reaches: in one server, the same host and path with methods that earlier
// locations already accept; or a path that is tried only after the prefixes, if the prefix `/` matches
// everything.

import type { LocationConfig } from "./config.ts";
import { printHost } from "./forms/host.ts";
import { printPathMatch } from "./forms/path.ts";

/** Each shadowed location with the location that receives its first request. */
export function findShadowed(
  locations: readonly LocationConfig[],
): readonly (readonly [shadowed: LocationConfig, by: LocationConfig])[] {
  const groups = new Map<string, LocationConfig[]>();
  const shadowed: (readonly [LocationConfig, LocationConfig])[] = [];
  for (const location of locations) {
    const { weight = "", path: match } = location;
    const path = `${weight} ${match.kind} ${printPathMatch(match)}`;
    const takers = hostsOf(location).map((host) => {
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

/**
 * Each location with a regular expression or without a path that is behind the prefix `/` of the same
 * host. Prefixes are matched first, and a request never leaves its group.
 */
export function findBehindRoot(
  locations: readonly LocationConfig[],
): readonly (readonly [shadowed: LocationConfig, by: LocationConfig])[] {
  const plain = locations.filter(({ weight }) => weight === undefined);
  const roots = new Map<string, LocationConfig>();
  for (const location of plain) {
    const { kind } = location.path;
    if ((kind === "prefix" || kind === "raw-prefix") && printPathMatch(location.path) === "/")
      for (const host of hostsOf(location)) if (!roots.has(host)) roots.set(host, location);
  }
  return plain.flatMap((location) => {
    const { kind } = location.path;
    if (kind !== "regex" && kind !== "any") return [];
    const takers = hostsOf(location).map((host) => roots.get(host));
    const [by] = takers;
    return by !== undefined && takers.every((taker) => taker !== undefined)
      ? [[location, by] as const]
      : [];
  });
}

function hostsOf({ hosts }: LocationConfig): readonly string[] {
  return hosts.length === 0 ? ["*"] : hosts.map(printHost);
}

/** The location of the group that leaves nothing for this one. */
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
