// The options of `explain`, and the result of each of its sources (a server, a configuration, a
// recording).

import type { EngineName } from "@corsway/cors/browser";
import type { DecidedBy, Explanation, View } from "@corsway/cors/explain";
import type { PageOptions } from "./explain-page.ts";

export interface Options extends PageOptions {
  readonly engine: EngineName | "all";
  readonly view: View;
  readonly format: "text" | "json";
  readonly dryRun?: boolean;
  readonly config?: string;
  readonly env?: string;
  readonly server?: string;
  readonly upstreamStatus?: string;
  readonly upstreamHeader?: readonly string[];
  readonly har?: string;
  readonly answer?: string;
  readonly transcript?: string;
  readonly message?: string;
  readonly read?: string;
  readonly curl?: string;
  /** true: with --har. Otherwise the file with the list. */
  readonly preflights?: true | string;
}

/** The result of a source; a Refusal if nothing could be asked. */
export interface Explained {
  readonly explanation: Explanation;
  /** Where the responses come from, and what remains unknown. */
  readonly notes: readonly (readonly [label: string, text: string])[];
  /** With --config: the `by` of the notes, as data. */
  readonly decided?: DecidedBy;
}

export function engineOf({ engine }: Options): { engine?: EngineName } {
  return engine === "all" ? {} : { engine };
}
