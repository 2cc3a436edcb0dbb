// The chart of the last hour (uPlot). Colours come from the sheet's tokens.

import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Hour, Minute } from "../api/shapes.ts";

type Series = "allowed" | "refused" | "other" | "errors";

const series: readonly (readonly [Series, string])[] = [
  ["allowed", "--good"],
  ["refused", "--bad"],
  ["other", "--quiet"],
  ["errors", "--warn"],
];

export function drawHour(
  place: HTMLElement,
  first: Hour,
): { update(hour: Hour): void; end(): void } {
  const colour = (token: string): string => getComputedStyle(place).getPropertyValue(token).trim();
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  let hour = first;
  let plot: UPlot;

  const draw = (): void => {
    const axis = {
      stroke: colour("--quiet"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { stroke: colour("--line"), width: 1 },
      font: "12px system-ui",
    };
    plot = new UPlot(
      {
        width: Math.max(place.clientWidth, 200),
        height: 220,
        series: [
          {},
          ...series.map(([label, token]) => ({
            label,
            stroke: colour(token),
            width: 2,
            ...(label === "other" && { dash: [4, 4] }),
            ...(label === "errors" && { dash: [2, 2] }),
            points: { show: false },
          })),
        ],
        axes: [
          axis,
          { ...axis, size: 44, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5] },
        ],
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(high, 4)] } },
        cursor: { y: false },
      },
      dataOf(hour),
      place,
    );
  };
  const redraw = (): void => {
    plot.destroy();
    draw();
  };
  draw();
  const sized = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(place.clientWidth, 200), height: 220 }),
  );
  sized.observe(place);
  scheme.addEventListener("change", redraw);
  return {
    update(next) {
      hour = next;
      plot.setData(dataOf(hour));
    },
    end() {
      sized.disconnect();
      scheme.removeEventListener("change", redraw);
      plot.destroy();
    },
  };
}

/** All sixty minutes: a minute without a request is zero, not a gap. */
function dataOf({ minutes }: Hour): UPlot.AlignedData {
  const now = Math.floor(Date.now() / 60_000);
  const times = Array.from({ length: 60 }, (_, index) => now - 59 + index);
  const known = new Map<number, Minute>(minutes.map((minute) => [minute.at, minute]));
  return [
    times.map((at) => at * 60),
    ...series.map(([name]) => times.map((at) => known.get(at)?.[name] ?? 0)),
  ];
}
