// One policy among the rules that are compiled together: which origins it allows, and what these get.

import type { Header, HeaderList } from "../../standard/message.ts";
import { parseOrigin } from "../../standard/origin.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import type { Policy } from "../policy.ts";
import type { Decision, Refusal } from "./decision.ts";
import { compileOriginSetInSteps } from "./origin-set.ts";
import type { OriginMatch } from "./origin-set.ts";
import { compilePreflight } from "./preflight.ts";
import type { Steps } from "./steps.ts";
import { answersAnyOrigin, type PolicyVary } from "./vary.ts";

/** What an allowed origin gets, and from which rule. */
export interface Allowed {
  actual(isOptions: boolean): Decision;
  sameOrigin(isOptions: boolean): Decision;
  /** `requested`: Access-Control-Request-Headers. */
  preflight(method: string, requested: string | undefined): Decision;
}

export interface Rule {
  readonly policy: Policy;
  /** Its index among several rules, as a member of their decisions; empty for a single policy. */
  readonly mark: { readonly rule?: number };
  match(origin: string): OriginMatch;
  /** What an origin gets that matched. */
  answers(origin: string): Allowed;
  /** What every origin gets, if that is the same for all, even for text that is not an origin. */
  readonly everybody?: Allowed;
}

export function* compileRule(
  policy: Policy,
  origins: "*" | Iterable<OriginPattern>,
  vary: PolicyVary,
  mark: Rule["mark"],
): Steps<Rule> {
  const answers = compileAnswers(policy, vary, mark);
  if (answersAnyOrigin(policy))
    return { policy, mark, match: () => "exact", answers, everybody: answers("*") };
  return { policy, mark, match: yield* compileOriginMatch(origins), answers };
}

/** Decisions are built when they are first needed: most origins never send a preflight, or send nothing else. */
function compileAnswers(
  policy: Policy,
  vary: PolicyVary,
  mark: Rule["mark"],
): (origin: string) => Allowed {
  const { refuse, fixed, echo } = compilePreflight(policy);
  const exposed = exposedNames(policy);
  return (origin) => {
    const base: Header[] = [header("Access-Control-Allow-Origin", origin)];
    if (policy.allowCredentials) base.push(credentialsTrue);
    let actualHeaders: HeaderList | undefined;
    let preflightHeaders: HeaderList | undefined;
    const kept: (Decision | undefined)[] = [];
    const keep = (kind: "actual" | "same-origin", at: number, isOptions: boolean): Decision => {
      if (actualHeaders === undefined) {
        const headers = [...base];
        if (exposed !== "") headers.push(header("Access-Control-Expose-Headers", exposed));
        if (policy.timingAllowOrigin) headers.push(header("Timing-Allow-Origin", origin));
        actualHeaders = Object.freeze(headers);
      }
      const varies = isOptions ? vary.options : vary.plain;
      const decision: Decision = {
        kind,
        allowed: true,
        ...mark,
        headers: actualHeaders,
        vary: varies,
      };
      return (kept[at] = Object.freeze(decision));
    };
    /** If nothing is echoed, there is one decision for each outcome. */
    const outcomes = new Map<Refusal | undefined, Decision>();
    return {
      actual: (isOptions) =>
        kept[isOptions ? 1 : 0] ?? keep("actual", isOptions ? 1 : 0, isOptions),
      sameOrigin: (isOptions) =>
        kept[isOptions ? 3 : 2] ?? keep("same-origin", isOptions ? 3 : 2, isOptions),
      preflight(method, requested) {
        const refusal = refuse(method, requested);
        const found = outcomes.get(refusal);
        if (found !== undefined) return found;
        preflightHeaders ??= Object.freeze([...base, ...fixed]);
        const decision: Decision = Object.freeze({
          kind: "preflight",
          allowed: refusal === undefined,
          ...(refusal !== undefined && { refusal }),
          ...mark,
          status: policy.preflightStatus,
          headers:
            echo === undefined
              ? preflightHeaders
              : Object.freeze([...preflightHeaders, ...echo(method, requested)]),
          vary: vary.options,
        });
        if (echo === undefined) outcomes.set(refusal, decision);
        return decision;
      },
    };
  };
}

const credentialsTrue: Header = Object.freeze(["Access-Control-Allow-Credentials", "true"]);

function* compileOriginMatch(
  origins: "*" | Iterable<OriginPattern>,
): Steps<(origin: string) => OriginMatch> {
  if (origins !== "*") return (yield* compileOriginSetInSteps(origins)).match;
  // Any origin with credentials: the response names each one, but never `null`, which every sandbox shares.
  return (origin) => (parseOrigin(origin)?.kind === "tuple" ? "pattern" : undefined);
}

function exposedNames(policy: Policy): string {
  const { any, names } = policy.exposeHeaders;
  return (any ? ["*", ...names] : names).join(", ");
}

function header(name: string, value: string): Header {
  return Object.freeze([name, value] as const);
}
