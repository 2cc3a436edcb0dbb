// Every engine, by name.

import type { Engine, EngineName } from "../engine.ts";
import { chromium } from "./chromium.ts";
import { firefox } from "./firefox.ts";
import { standard } from "./standard.ts";
import { webkit } from "./webkit.ts";

/** The four engines by their names. */
export const engines: Readonly<Record<EngineName, Engine>> = {
  standard,
  chromium,
  firefox,
  webkit,
};
