// What `Effective` says about CORS, in the form that requests are decided with. Compiled once for a
// generation and shared by every location with the same policy.

import {
  compilePolicy,
  type Decide,
  type Decision,
  type Policy,
  type RequestHead,
} from "@corsway/cors";
import { noAccess } from "@corsway/cors/policy";
import { RE2JS } from "re2js";
import type { Effective } from "../config/config.ts";

export interface CorsLayer {
  readonly kind: Effective["kind"];
  /** The policy's name, for the log and the counters; absent where there is no policy. */
  readonly name?: string;
  /** Are the allowed origins listed (not `*`)? WebSockets are open to listed ones only. */
  readonly listsOrigins: boolean;
  /** Undefined: CORS is left to the upstream, whose headers pass untouched. */
  decide(head: RequestHead, path: string): Decision | undefined;
}

const untouched = (): undefined => undefined;

/** No word on CORS: for what is refused before any policy is asked. */
export const unspoken: CorsLayer = { kind: "absent", listsOrigins: false, decide: untouched };

export type CompiledPolicy = Pick<CorsLayer, "listsOrigins"> & { readonly decide: Decide };

/** Compiles layers; a policy that `policies` already has is not compiled again. */
export function corsLayers(
  policies: Map<Policy, CompiledPolicy> = new Map(),
): (effective: Effective) => CorsLayer {
  const known = new Map<Effective, CorsLayer>();
  return (effective) => {
    let layer = known.get(effective);
    if (layer === undefined) known.set(effective, (layer = compile(effective, policies)));
    return layer;
  };
}

function compile(effective: Effective, policies: Map<Policy, CompiledPolicy>): CorsLayer {
  switch (effective.kind) {
    case "absent":
    case "upstream":
      return { kind: effective.kind, listsOrigins: false, decide: untouched };
    case "closed":
      return { kind: "closed", listsOrigins: false, decide: noAccess };
    case "policy": {
      const { kind, name, path, policy } = effective;
      let compiled = policies.get(policy);
      if (compiled === undefined) {
        compiled = { decide: compilePolicy(policy), listsOrigins: policy.allowOrigins !== "*" };
        policies.set(policy, compiled);
      }
      const { decide, listsOrigins } = compiled;
      if (path === undefined) return { kind, name, listsOrigins, decide };
      const regex = RE2JS.compile(path);
      return {
        kind,
        name,
        listsOrigins,
        decide: (head, at) => (regex.test(at) ? decide(head) : undefined),
      };
    }
  }
}
