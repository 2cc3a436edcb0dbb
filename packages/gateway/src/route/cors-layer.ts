// What `Effective` says about CORS, in the form that decides requests. Compiled once per generation and
// shared by every location with the same policy or rules.

import {
  compilePolicy,
  type Decide,
  type Decision,
  type Policy,
  type RequestHead,
} from "@corsway/cors";
import { noAccess } from "@corsway/cors/policy";
import { compileRe2 } from "../regex/re2.ts";
import type { Effective, EffectiveRule } from "../config/config.ts";

export interface CorsLayer {
  readonly kind: Effective["kind"];
  /** The name of the policy, or of the rules (`app, public`); absent if there is no policy. */
  readonly name?: string;
  /** The policy, or each of several rules in order; empty if there is none. */
  readonly policies: readonly NamedPolicy[];
  /** Undefined: CORS is left to the upstream, whose headers are passed on unchanged. */
  decide(head: RequestHead, path: string): Decision | undefined;
}

/** A policy as the log and the counters see it. */
export interface NamedPolicy {
  readonly name: string;
  /** Whether the allowed origins are listed (not `*`): only listed origins may open WebSockets. */
  readonly listsOrigins: boolean;
}

/** The policy that decided: with several rules, the one that allowed or refused, if there was one. */
export function decidedBy(
  { policies }: CorsLayer,
  decision: Decision | undefined,
): NamedPolicy | undefined {
  if (decision === undefined) return undefined;
  return policies.length === 1 ? policies[0] : policies[decision.rule ?? -1];
}

const untouched = (): undefined => undefined;

/** Says nothing about CORS: for requests rejected before any policy is consulted. */
export const unspoken: CorsLayer = { kind: "absent", policies: [], decide: untouched };

/** What a layer is compiled from: a policy, or rules as one list. */
export type PolicySource = Policy | readonly EffectiveRule[];

export interface CompiledPolicy {
  readonly decide: Decide;
  /** For the policy, or for each rule. */
  readonly listsOrigins: readonly boolean[];
}

/** Compiles layers; whatever `policies` already has is not compiled again. */
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
      const regex = compileRe2(path);
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
