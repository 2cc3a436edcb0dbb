// The upstreams and how well they are.

import type { Status } from "../api/shapes.ts";

export function Upstreams({ upstreams }: Pick<Status, "upstreams">) {
  if (upstreams.length === 0) return null;
  return (
    <section class="card" aria-labelledby="upstreams">
      <h2 id="upstreams">Upstreams</h2>
      <div class="scroll" tabIndex={0} role="region" aria-label="Addresses of the upstreams">
        <table class="stack">
          <thead>
            <tr>
              <th scope="col">upstream</th>
              <th scope="col">address</th>
              <th scope="col">health</th>
              <th scope="col" class="number">
                in progress
              </th>
              <th scope="col" class="number">
                WebSockets
              </th>
            </tr>
          </thead>
          <tbody>
            {upstreams.flatMap(({ name, checked, addresses }) =>
              addresses.map(({ address, healthy, active, websockets }) => (
                <tr key={`${name} ${address}`}>
                  <th scope="row">{name}</th>
                  <td>
                    <code>{address}</code>
                  </td>
                  <td class={healthy ? (checked ? "good" : "quiet") : "bad"}>
                    {healthy ? (checked ? "healthy" : "not checked") : "unhealthy"}
                  </td>
                  <td class="number" data-label="in progress">
                    {active}
                  </td>
                  <td class="number" data-label="WebSockets">
                    {websockets}
                  </td>
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
