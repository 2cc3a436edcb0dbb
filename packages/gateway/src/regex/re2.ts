// Regular expressions in RE2 syntax. Most configurations have none, and the library takes a tenth of the
// start-up, so it is loaded with the first one.

import { createRequire } from "node:module";
import type { RE2JS } from "re2js";

export type Re2 = RE2JS;

const require = createRequire(import.meta.url);
let library: typeof import("re2js") | undefined;

/** Throws an Error with RE2's reason if the source is not in its syntax. */
export function compileRe2(source: string): Re2 {
  library ??= require("re2js") as typeof import("re2js");
  return library.RE2JS.compile(source);
}
