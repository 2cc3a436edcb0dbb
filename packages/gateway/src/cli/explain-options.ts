// The options of `explain`, and the result of each of its sources (a server, a configuration, a
// recording).

import type { EngineName } from "@corsway/cors/browser";
import type { Explanation, View } from "@corsway/cors/explain";
import type { PageOptions } from "./explain-page.ts";

export interface Options extends PageOptions {
  readonly engine: EngineName | "all";
  readonly view: View;
  readonly format: "text" | "json";
  readonly dryRun?: boolean;
  readonly config?: string;
  readonly env?: string;
  readonly server?: string;
  readonly upstreamStatus: string;
  readonly upstreamHeader?: readonly string[];
  readonly har?: string;
  readonly answer?: string;
  readonly transcript?: string;
  readonly message?: string;
  readonly read?: string;
  readonly curl?: string;
  readonly preflights?: boolean;
}

/** The result of a source; a Refusal if nothing could be asked. */
export interface Explained {
  readonly explanation: Explanation;
  /** Where the responses come from, and what remains unknown. */
  readonly notes: readonly (readonly [label: string, text: string])[];
}

export function engineOf({ engine }: Options): { engine?: EngineName } {
  return engine === "all" ? {} : { engine };
}
