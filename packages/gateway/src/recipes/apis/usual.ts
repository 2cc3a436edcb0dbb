// What several recipes share.

import type { Setting } from "./recipe.ts";

export const app: readonly string[] = ["https://app.example.com"];

export const rejects: Setting = {
  key: "on_mismatch",
  value: "reject",
  says: "Requests of all other pages are refused before the upstream sees them: it would carry them out.",
};
export const maxAge: Setting = {
  key: "max_age",
  value: "10m",
  says: "How long a browser may remember the answer to a preflight. WebKit keeps none longer.",
};
