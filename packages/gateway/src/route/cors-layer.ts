// What `Effective` says about CORS, in the form that requests are decided with. Compiled once for a
// generation and shared by every location with the same policy or rules.

import {
  compilePolicy,
  type Decide,
  type Decision,
  type Policy,
  type RequestHead,
} from "@corsway/cors";
import { noAccess } from "@corsway/cors/policy";
import { RE2JS } from "re2js";
import type { Effective, EffectiveRule } from "../config/config.ts";

export interface CorsLayer {
  readonly kind: Effective["kind"];
  /** The policy's name, or the rules' (`app, public`); absent where there is no policy. */
  readonly name?: string;
  /** The policy, or each of several rules in order; empty where there is none. */
  readonly policies: readonly NamedPolicy[];
  /** Undefined: CORS is left to the upstream, whose headers pass untouched. */
  decide(head: RequestHead, path: string): Decision | undefined;
}

/** A policy as the log and the counters know it. */
export interface NamedPolicy {
  readonly name: string;
  /** Are the allowed origins listed (not `*`)? WebSockets are open to listed ones only. */
  readonly listsOrigins: boolean;
}

/** The policy that decided: of several rules the one that answered or refused, if one did. */
export function decidedBy(
  { policies }: CorsLayer,
  decision: Decision | undefined,
): NamedPolicy | undefined {
  if (decision === undefined) return undefined;
  return policies.length === 1 ? policies[0] : policies[decision.rule ?? -1];
}

const untouched = (): undefined => undefined;

/** No word on CORS: for what is refused before any policy is asked. */
export const unspoken: CorsLayer = { kind: "absent", policies: [], decide: untouched };

/** What a layer is compiled from: a policy, or rules as one list. */
export type PolicySource = Policy | readonly EffectiveRule[];

export interface CompiledPolicy {
  readonly decide: Decide;
  /** Of the policy, or of each rule. */
  readonly listsOrigins: readonly boolean[];
}

/** Compiles layers; what `policies` already has is not compiled again. */
export function corsLayers(
  policies: Map<PolicySource, CompiledPolicy> = new Map(),
): (effective: Effective) => CorsLayer {
  const known = new Map<Effective, CorsLayer>();
  const compileOnce = (source: PolicySource): CompiledPolicy => {
    let compiled = policies.get(source);
    if (compiled === undefined) policies.set(source, (compiled = compileSource(source)));
    return compiled;
  };
  return (effective) => {
    let layer = known.get(effective);
    if (layer === undefined) known.set(effective, (layer = compile(effective, compileOnce)));
    return layer;
  };
}

function compile(
  effective: Effective,
  compileOnce: (source: PolicySource) => CompiledPolicy,
): CorsLayer {
  switch (effective.kind) {
    case "absent":
    case "upstream":
      return { kind: effective.kind, policies: [], decide: untouched };
    case "closed":
      return { kind: "closed", policies: [], decide: noAccess };
    case "policy": {
      const { kind, name, path, policy } = effective;
      const { decide, listsOrigins } = compileOnce(policy);
      const policies = [{ name, listsOrigins: listsOrigins[0]! }];
      if (path === undefined) return { kind, name, policies, decide };
      const regex = RE2JS.compile(path);
      return {
        kind,
        name,
        policies,
        decide: (head, at) => (regex.test(at) ? decide(head) : undefined),
      };
    }
    case "rules": {
      const { kind, name, rules } = effective;
      const { decide, listsOrigins } = compileOnce(rules);
      const policies = rules.map((rule, index) => ({
        name: rule.name,
        listsOrigins: listsOrigins[index]!,
      }));
      return { kind, name, policies, decide };
    }
  }
}

function compileSource(source: PolicySource): CompiledPolicy {
  const rules = "allowOrigins" in source ? [source] : source.map(({ policy }) => policy);
  return {
    decide: compilePolicy(rules),
    listsOrigins: rules.map(({ allowOrigins }) => allowOrigins !== "*"),
  };
}
