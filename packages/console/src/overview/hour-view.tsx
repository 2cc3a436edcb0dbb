// Requests by outcome over the last hour: a chart, and the same as a table. The chart's library is
// loaded when there is something to draw.

import { useEffect, useRef } from "preact/hooks";
import { useSignal } from "@preact/signals";
import type { Hour } from "../api/shapes.ts";

export function HourView({ hour }: { readonly hour: Hour }) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<{ update(hour: Hour): void; end(): void } | undefined>(undefined);
  const failed = useSignal(false);
  const latest = useRef(hour);
  latest.current = hour;
  const isEmpty = hour.minutes.length === 0;

  useEffect(() => {
    if (isEmpty) return undefined;
    let over = false;
    import("./hour-chart.ts").then(
      ({ drawHour }) => {
        if (!over && place.current !== null)
          chart.current = drawHour(place.current, latest.current);
      },
      () => (failed.value = true),
    );
    return () => {
      over = true;
      chart.current?.end();
      chart.current = undefined;
    };
  }, [isEmpty]);
  useEffect(() => chart.current?.update(hour), [hour]);

  if (isEmpty)
    return (
      <p class="empty">
        <strong>No requests in the last hour</strong> They appear here as they come.
      </p>
    );
  return (
    <>
      <div class="chart" ref={place} aria-hidden="true" />
      {failed.value && (
        <p class="quiet">The chart could not be loaded. The table has the figures.</p>
      )}
      <details>
        <summary>As a table</summary>
        <div class="scroll tall" tabIndex={0} role="region" aria-label="Requests by the minute">
          <table>
            <thead>
              <tr>
                <th scope="col">minute</th>
                <th scope="col" class="number">
                  allowed
                </th>
                <th scope="col" class="number">
                  refused
                </th>
                <th scope="col" class="number">
                  other
                </th>
                <th scope="col" class="number">
                  errors
                </th>
              </tr>
            </thead>
            <tbody>
              {[...hour.minutes].reverse().map(({ at, allowed, refused, other, errors }) => (
                <tr key={at}>
                  <th scope="row">
                    {new Date(at * 60_000).toLocaleTimeString([], {
                      hour: "2-digit",
                      minute: "2-digit",
                    })}
                  </th>
                  <td class="number">{allowed}</td>
                  <td class="number">{refused}</td>
                  <td class="number">{other}</td>
                  <td class="number">{errors}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
