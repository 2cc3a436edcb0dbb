// What `explain` is given, and what each of its ways of asking (a server, a configuration, a
// recording) gives back.

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
  readonly message?: string;
}

/** What a way of asking comes to; or a Refusal, where nothing could be asked. */
export interface Explained {
  readonly explanation: Explanation;
  /** Where the answers come from, and what they leave open. */
  readonly notes: readonly (readonly [label: string, text: string])[];
}

export function engineOf({ engine }: Options): { engine?: EngineName } {
  return engine === "all" ? {} : { engine };
}
