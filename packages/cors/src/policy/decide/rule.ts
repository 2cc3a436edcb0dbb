// One policy among the rules that are compiled together: which origins it allows, and what these get.
// Answers are built once per origin and kept, since the same few pages ask all day.

import type { Header, HeaderList } from "../../standard/message.ts";
import { parseOrigin } from "../../standard/origin.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import type { Policy } from "../policy.ts";
import type { Decision } from "./decision.ts";
import { compileOriginSetInSteps } from "./origin-set.ts";
import type { OriginMatch } from "./origin-set.ts";
import { compilePreflight, type PreflightAnswer } from "./preflight.ts";
import type { Steps } from "./steps.ts";
import { answersAnyOrigin, type PolicyVary } from "./vary.ts";

/** What one allowed origin gets, and by which rule. */
export interface Allowed {
  readonly actual: Decision;
  readonly actualOptions: Decision;
  /** The part of a preflight's headers that does not depend on what it asks for. */
  readonly preflight: HeaderList;
  readonly rule: Rule;
}

export interface Rule {
  readonly policy: Policy;
  readonly preflight: PreflightAnswer;
  /** Its place among several rules, as a member of their decisions; empty for a policy alone. */
  readonly mark: { readonly rule?: number };
  /** What this origin gets; undefined: the rule does not allow it. No origin: a malformed one. */
  find(origin: string | undefined): Allowed | undefined;
}

/** Origins whose answers are kept: only exact ones, hence never more than the policy lists. */
const keptOrigins = 4096;

export function* compileRule(
  policy: Policy,
  origins: "*" | Iterable<OriginPattern>,
  vary: PolicyVary,
  mark: Rule["mark"],
): Steps<Rule> {
  const preflight = compilePreflight(policy);
  if (answersAnyOrigin(policy)) {
    const rule: Rule = { policy, preflight, mark, find: () => everybody };
    const everybody = allow(rule, "*", vary);
    return rule;
  }
  const matchOrigin = yield* compileOriginMatch(origins);
  const kept = new Map<string, Allowed>();
  const rule: Rule = {
    policy,
    preflight,
    mark,
    find(origin) {
      if (origin === undefined) return undefined;
      const found = kept.get(origin);
      if (found !== undefined) return found;
      const match = matchOrigin(origin);
      if (match === undefined) return undefined;
      const allowed = allow(rule, origin, vary);
      if (match === "exact" && kept.size < keptOrigins) kept.set(origin, allowed);
      return allowed;
    },
  };
  return rule;
}

function allow(rule: Rule, origin: string, vary: PolicyVary): Allowed {
  const { policy, preflight, mark } = rule;
  const base: Header[] = [header("Access-Control-Allow-Origin", origin)];
  if (policy.allowCredentials) base.push(credentialsTrue);
  const actual = [...base];
  const exposed = exposedNames(policy);
  if (exposed !== "") actual.push(header("Access-Control-Expose-Headers", exposed));
  if (policy.timingAllowOrigin) actual.push(header("Timing-Allow-Origin", origin));
  const headers = Object.freeze(actual);
  const decision = (varies: readonly string[]): Decision =>
    Object.freeze({ kind: "actual", allowed: true, ...mark, headers, vary: varies });
  return {
    actual: decision(vary.plain),
    actualOptions: decision(vary.options),
    preflight: Object.freeze([...base, ...preflight.fixed]),
    rule,
  };
}

const credentialsTrue: Header = Object.freeze(["Access-Control-Allow-Credentials", "true"]);

function* compileOriginMatch(
  origins: "*" | Iterable<OriginPattern>,
): Steps<(origin: string) => OriginMatch> {
  if (origins !== "*") return (yield* compileOriginSetInSteps(origins)).match;
  // Any origin with credentials: each is named, but never `null`, which every sandbox shares.
  return (origin) => (parseOrigin(origin)?.kind === "tuple" ? "pattern" : undefined);
}

function exposedNames(policy: Policy): string {
  const { any, names } = policy.exposeHeaders;
  return (any ? ["*", ...names] : names).join(", ");
}

function header(name: string, value: string): Header {
  return Object.freeze([name, value] as const);
}
