// What is served, how it goes, and what was refused: the first view.

import { call } from "../api/client.ts";
import type { Hour, Overview as Served } from "../api/shapes.ts";
import { Await, useLoaded } from "../shell/loaded.tsx";
import { HourView } from "./hour-view.tsx";
import { Refusals } from "./refusals.tsx";
import { Servers } from "./servers.tsx";
import { Upstreams } from "./upstreams.tsx";
import { Warnings } from "./warnings.tsx";

export function Overview() {
  const overview = useLoaded(() => call<Served>("GET", "/api/overview"), 5000);
  const hour = useLoaded(() => call<Hour>("GET", "/api/hour"), 5000);
  return (
    <>
      <h1>Overview</h1>
      <Await of={overview} what="the overview">
        {(served) => (
          <>
            <Head
              served={served}
              hour={hour.value.value}
              isLost={overview.fault.value !== undefined}
            />
            <Warnings diagnostics={served.diagnostics} />
            <div class="columns">
              <section class="card" aria-labelledby="hour">
                <h2 id="hour">The last hour</h2>
                <Await of={hour} what="the last hour" isSaid={overview.fault.value !== undefined}>
                  {(value) => <HourView hour={value} />}
                </Await>
              </section>
              <section class="card" aria-labelledby="refusals">
                <h2 id="refusals">Refused in the last hour</h2>
                <Await of={hour} what="the refusals" isSaid>
                  {(value) => <Refusals hour={value} servers={served.effective} status={served} />}
                </Await>
              </section>
            </div>
            <Servers effective={served.effective} status={served} />
            <Upstreams upstreams={served.upstreams} />
          </>
        )}
      </Await>
    </>
  );
}

function Head({
  served,
  hour,
  isLost,
}: {
  readonly served: Served;
  readonly hour: Hour | undefined;
  /** These are the last figures that arrived. */
  readonly isLost: boolean;
}) {
  const { ready, processes, generation, version, requests, connections, reloadProblem } = served;
  const state = isLost
    ? "no answer"
    : ready
      ? "serving"
      : processes.length === 0
        ? "down"
        : "draining";
  const refused = hour?.minutes.reduce((sum, minute) => sum + minute.refused, 0) ?? 0;
  const addresses = served.upstreams.flatMap((upstream) => upstream.addresses);
  const healthy = addresses.filter((address) => address.healthy).length;
  return (
    <>
      {reloadProblem !== undefined && (
        <p class="card alert bad">
          The changed configuration was not applied: {reloadProblem}.{" "}
          <a href="#/policies">Open the policies</a>
        </p>
      )}
      {served.accessLog.dropped > 0 && (
        <p class="card alert warn">
          {served.accessLog.dropped} lines of the access log could not be written.
        </p>
      )}
      <dl class="figures">
        <Figure name="state" value={state} tone={ready && !isLost ? "good" : "bad"} />
        <Figure name="requests" value={requests.total.toLocaleString("en")} />
        <Figure name="refused in the last hour" value={refused.toLocaleString("en")} />
        <Figure
          name="responses 5xx"
          value={(requests.byClass["5xx"] ?? 0).toLocaleString("en")}
          tone={(requests.byClass["5xx"] ?? 0) > 0 ? "bad" : ""}
        />
        <Figure
          name={healthy === addresses.length ? "upstream addresses" : "upstream addresses healthy"}
          value={healthy === addresses.length ? healthy : `${healthy} of ${addresses.length}`}
          tone={healthy === addresses.length ? "" : "bad"}
        />
        <Figure name="open connections" value={connections.open} />
      </dl>
      <p class="served">
        Generation {generation.number}, served since {clock(generation.since)} by{" "}
        {processes.length === 1 ? "one process" : `${processes.length} processes`}. Corsway{" "}
        {version}.
      </p>
    </>
  );
}

function Figure({
  name,
  value,
  tone = "",
}: {
  readonly name: string;
  readonly value: string | number;
  readonly tone?: string;
}) {
  return (
    <div class="figure">
      <dt>{name}</dt>
      <dd class={tone}>{value}</dd>
    </div>
  );
}

function clock(iso: string): string {
  return new Date(iso).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
