// The upstreams as several processes see them: each has health checks and connections of its own.

import type { UpstreamStatus } from "../admin/status.ts";

/** Requests under way are added up; an address is healthy where every process finds it so. */
export function sumUpstreams(
  seen: readonly (readonly UpstreamStatus[])[],
): readonly UpstreamStatus[] {
  const [first = [], ...others] = seen;
  return first.map(({ name, checked, addresses }) => ({
    name,
    checked,
    addresses: addresses.map(({ address, healthy, active }) => {
      const same = others
        .flatMap((upstreams) => upstreams.filter((upstream) => upstream.name === name))
        .flatMap((upstream) => upstream.addresses.filter((one) => one.address === address));
      return {
        address,
        healthy: healthy && same.every((one) => one.healthy),
        active: same.reduce((sum, one) => sum + one.active, active),
      };
    }),
  }));
}
