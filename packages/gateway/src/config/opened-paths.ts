// `ambiguous_paths = "allow"`: which policies can be evaded because of it.

import type { LocationConfig, ServerConfig } from "./config.ts";
import { hasSeveralVoices, voicesOf } from "./voices.ts";

/** Each location that allows ambiguous paths, with the locations of its servers that have another policy. */
export function findOpened(
  servers: readonly ServerConfig[],
): ReadonlyMap<LocationConfig, ReadonlySet<LocationConfig>> {
  const opened = new Map<LocationConfig, Set<LocationConfig>>();
  for (const server of servers) {
    if (!hasSeveralVoices(server)) continue;
    for (const { location, cors } of server.routes) {
      if (location.ambiguousPaths !== "allow") continue;
      const own = voicesOf(cors);
      const others = opened.get(location) ?? new Set();
      opened.set(location, others);
      for (const other of server.routes)
        if (voicesOf(other.cors).some((voice) => !own.includes(voice))) others.add(other.location);
    }
  }
  return opened;
}
