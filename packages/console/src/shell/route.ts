// Which view is shown: `#/traffic`. The playground keeps its question in the fragment: `#playground=…`.

import { signal } from "@preact/signals";

export const views = ["overview", "policies", "traffic", "history", "playground"] as const;
export type View = (typeof views)[number];

export const view = signal<View>(read());

addEventListener("hashchange", () => {
  view.value = read();
});

function read(): View {
  if (location.hash.startsWith("#playground=")) return "playground";
  return views.find((one) => location.hash === `#/${one}`) ?? "overview";
}

export function go(to: View): void {
  location.hash = `#/${to}`;
}
