// The chart of the last hour (uPlot): a bar a minute, stacked by outcome. Colours come from the sheet's
// tokens.

import UPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import type { Hour, Minute } from "../api/shapes.ts";

type Outcome = "refused" | "other" | "allowed";

/** From the top of a bar to its bottom; each is drawn over the one before it. */
const stack: readonly (readonly [Outcome, string])[] = [
  ["refused", "--bad"],
  ["other", "--edge"],
  ["allowed", "--good"],
];

const height = 220;

export function drawHour(
  place: HTMLElement,
  first: Hour,
): { update(hour: Hour): void; end(): void } {
  const colour = (token: string): string => getComputedStyle(place).getPropertyValue(token).trim();
  const scheme = matchMedia("(prefers-color-scheme: dark)");
  const bars = UPlot.paths.bars!({ size: [0.8, 12] });
  let minutes = minutesOf(first);
  let plot: UPlot;

  const draw = (): void => {
    const axis = {
      stroke: colour("--quiet"),
      ticks: { show: false },
      font: "12px system-ui",
    };
    // What is drawn is a sum; what is read is the figure itself.
    const figure =
      (name: Exclude<keyof Minute, "at">) =>
      (_plot: UPlot, _sum: number, _series: number, at: number | null): string =>
        at === null ? "" : String(minutes[at]?.[name] ?? 0);
    plot = new UPlot(
      {
        width: Math.max(place.clientWidth, 200),
        height,
        series: [
          { label: "minute", value: (_plot, second) => (second === null ? "" : clock(second)) },
          ...stack.map(([label, token]) => ({
            label,
            fill: colour(token),
            stroke: colour(token),
            width: 0,
            paths: bars,
            points: { show: false },
            value: figure(label),
          })),
          {
            label: "errors",
            stroke: colour("--warn"),
            width: 0,
            points: { show: true, size: 8, fill: colour("--warn") },
            value: figure("errors"),
          },
        ],
        axes: [
          {
            ...axis,
            grid: { show: false },
            space: 72,
            size: 30,
            values: (_plot, seconds) => seconds.map(clock),
          },
          {
            ...axis,
            grid: { stroke: colour("--line"), width: 1 },
            size: 44,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 1e4, 1e5],
          },
        ],
        scales: { y: { range: (_plot, _low, high) => [0, Math.max(high, 4)] } },
        cursor: { y: false, points: { show: false } },
        legend: {
          markers: {
            width: 0,
            fill: (_plot, index) =>
              colour([...stack, ["errors", "--warn"] as const][index - 1]?.[1] ?? "--card"),
          },
        },
      },
      dataOf(minutes),
      place,
    );
  };
  const redraw = (): void => {
    plot.destroy();
    draw();
  };
  draw();
  const sized = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(place.clientWidth, 200), height }),
  );
  sized.observe(place);
  scheme.addEventListener("change", redraw);
  return {
    update(next) {
      minutes = minutesOf(next);
      plot.setData(dataOf(minutes));
    },
    end() {
      sized.disconnect();
      scheme.removeEventListener("change", redraw);
      plot.destroy();
    },
  };
}

/** All sixty: a minute without a request is zero, not a gap. */
function minutesOf({ minutes }: Hour): readonly Minute[] {
  const now = Math.floor(Date.now() / 60_000);
  const known = new Map<number, Minute>(minutes.map((minute) => [minute.at, minute]));
  return Array.from({ length: 60 }, (_, index) => {
    const at = now - 59 + index;
    return known.get(at) ?? { at, allowed: 0, refused: 0, other: 0, errors: 0 };
  });
}

function dataOf(minutes: readonly Minute[]): UPlot.AlignedData {
  return [
    minutes.map(({ at }) => at * 60),
    minutes.map(({ allowed, other, refused }) => allowed + other + refused),
    minutes.map(({ allowed, other }) => allowed + other),
    minutes.map(({ allowed }) => allowed),
    minutes.map(({ errors }) => (errors === 0 ? null : errors)),
  ];
}

function clock(second: number): string {
  return new Date(second * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
}
