// Several processes that serve one configuration, told as one: counts added up.

import type { DecisionCount } from "../observe/counters.ts";
import type { Status } from "./status.ts";

/** `statuses` not empty; what is no count is taken from the first. */
export function mergeStatuses(statuses: readonly Status[]): Status {
  const first = statuses[0] as Status;
  const byClass: Record<string, number> = {};
  const decisions = new Map<string, DecisionCount>();
  for (const { requests, decisions: counted } of statuses) {
    for (const [name, count] of Object.entries(requests.byClass))
      byClass[name] = (byClass[name] ?? 0) + count;
    for (const decision of counted) {
      const { location, policy, kind, outcome, reason, count } = decision;
      const key = JSON.stringify([location, policy, kind, outcome, reason]);
      const known = decisions.get(key);
      if (known === undefined) decisions.set(key, { ...decision });
      else known.count += count;
    }
  }
  return {
    ...first,
    ready: statuses.every(({ ready }) => ready),
    requests: { total: statuses.reduce((sum, { requests }) => sum + requests.total, 0), byClass },
    decisions: [...decisions.values()].sort((a, b) => b.count - a.count),
    upstreams: first.upstreams.map(({ name, addresses }, i) => ({
      name,
      addresses: addresses.map(({ address, healthy }, j) => {
        const same = statuses.map(({ upstreams }) => upstreams[i]?.addresses[j]);
        return {
          address,
          healthy: healthy && same.every((one) => one?.healthy ?? true),
          active: same.reduce((sum, one) => sum + (one?.active ?? 0), 0),
        };
      }),
    })),
  };
}
