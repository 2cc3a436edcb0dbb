// The upstreams as several processes see them: each has health checks and connections of its own.

import type { UpstreamStatus } from "../admin/status.ts";

/** Requests under way are added up; an address is healthy where every process finds it so. */
export function sumUpstreams(
  seen: readonly (readonly UpstreamStatus[])[],
): readonly UpstreamStatus[] {
  const [first = [], ...others] = seen;
  return first.map(({ name, checked, websocketsRefused, addresses }) => {
    const namesakes = others.flatMap((upstreams) => upstreams.filter((one) => one.name === name));
    return {
      name,
      checked,
      websocketsRefused: namesakes.reduce(
        (sum, one) => sum + one.websocketsRefused,
        websocketsRefused,
      ),
      addresses: addresses.map(({ address, healthy, active, websockets }) => {
        const same = namesakes.flatMap((upstream) =>
          upstream.addresses.filter((one) => one.address === address),
        );
        return {
          address,
          healthy: healthy && same.every((one) => one.healthy),
          active: same.reduce((sum, one) => sum + one.active, active),
          websockets: same.reduce((sum, one) => sum + one.websockets, websockets),
        };
      }),
    };
  });
}
