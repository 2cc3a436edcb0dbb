// Loaded with `--import`: prints the address of each module that the process loads, on its own line of the
// file that LIST_MODULES names.

import { appendFileSync } from "node:fs";
import { registerHooks } from "node:module";

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(process.env.LIST_MODULES, `${url}\n`);
    return nextLoad(url, context);
  },
});
