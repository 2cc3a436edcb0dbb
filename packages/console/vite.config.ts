// Two builds from one source: the console, which the admin listener serves, and the playground, a
// static site for any web host (`--mode playground`). Both with relative addresses and no inline script.

import { defineConfig } from "vite";

export default defineConfig(({ mode }) => ({
  base: "./",
  // The sources of the other packages, as they stand in the checkout.
  resolve: { conditions: ["source", "module", "browser"] },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: mode === "playground" ? "../../build/playground" : "dist",
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: mode === "playground" ? { index: "playground.html" } : { index: "index.html" },
    },
  },
}));
