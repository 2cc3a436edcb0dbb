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
            <Head served={served} />
            <Warnings diagnostics={served.diagnostics} />
            <div class="columns">
              <section class="card" aria-labelledby="hour">
                <h2 id="hour">The last hour</h2>
                <Await of={hour} what="the last hour">
                  {(value) => <HourView hour={value} />}
                </Await>
              </section>
              <section class="card" aria-labelledby="refusals">
                <h2 id="refusals">Refused in the last hour</h2>
                <Await of={hour} what="the refusals">
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

function Head({ served }: { readonly served: Served }) {
  const { ready, processes, generation, version, requests, connections, reloadProblem } = served;
  const state = ready ? "serving" : processes.length === 0 ? "down" : "draining";
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
        <Figure name="state" value={state} tone={ready ? "good" : "bad"} />
        <Figure name="requests" value={requests.total.toLocaleString("en")} />
        <Figure name="5xx" value={requests.byClass["5xx"] ?? 0} />
        <Figure name="open connections" value={connections.open} />
        <Figure name={`generation, since ${clock(generation.since)}`} value={generation.number} />
        <Figure name={processes.length === 1 ? "process" : "processes"} value={processes.length} />
        <Figure name="version" value={version} />
      </dl>
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
