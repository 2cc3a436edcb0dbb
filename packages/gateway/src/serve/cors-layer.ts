// The CORS of one location, server or realm, compiled: what `Effective` says, in the form that a
// request asks. Compiled once for a generation and shared by every location with the same policy.

import {
  compilePolicy,
  noAccess,
  type Decide,
  type Decision,
  type RequestHead,
} from "@corsway/cors";
import { RE2JS } from "re2js";
import type { Effective } from "../config/config.ts";

export interface CorsLayer {
  readonly kind: Effective["kind"];
  /** The policy's name, for the log and the counters; absent where there is no policy. */
  readonly name?: string;
  /** Does it list its origins, so that being allowed means being named? For WebSockets. */
  readonly listsOrigins: boolean;
  /** Undefined: CORS is not ours here, whatever passes is left untouched. */
  decide(head: RequestHead, path: string): Decision | undefined;
}

const untouched = (): undefined => undefined;

/** Compiles layers, each policy once. */
export function corsLayers(): (effective: Effective) => CorsLayer {
  const known = new Map<Effective, CorsLayer>();
  const policies = new Map<object, Decide>();
  return (effective) => {
    let layer = known.get(effective);
    if (layer === undefined) known.set(effective, (layer = compile(effective, policies)));
    return layer;
  };
}

function compile(effective: Effective, policies: Map<object, Decide>): CorsLayer {
  switch (effective.kind) {
    case "absent":
    case "upstream":
      return { kind: effective.kind, listsOrigins: false, decide: untouched };
    case "closed":
      return { kind: "closed", listsOrigins: false, decide: noAccess };
    case "policy": {
      let decide = policies.get(effective.policy);
      if (decide === undefined)
        policies.set(effective.policy, (decide = compilePolicy(effective.policy)));
      const { kind, name, path } = effective;
      const listsOrigins = effective.policy.allowOrigins !== "*";
      if (path === undefined) return { kind, name, listsOrigins, decide };
      const matching = decide;
      const regex = RE2JS.compile(path);
      return {
        kind,
        name,
        listsOrigins,
        decide: (head, at) => (regex.test(at) ? matching(head) : undefined),
      };
    }
  }
}
