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

/** What an origin gets, by the kind of its request. `method`: that of the request itself. */
export interface OriginAnswer<Made> {
  actual(method: string): Made;
  sameOrigin(method: string): Made;
  /** `asked`, `requested`: Access-Control-Request-Method and -Request-Headers. */
  preflight(asked: string, requested: string | undefined): Made;
}

export interface Rule<Made> {
  readonly policy: Policy;
  /** Its index among several rules, as a member of their decisions; empty for a single policy. */
  readonly mark: { readonly rule?: number };
  match(origin: string): OriginMatch;
  /** What an origin gets that matched. */
  answers(origin: string): OriginAnswer<Made>;
  /** What every origin gets, if that is the same for all, even for text that is not an origin. */
  readonly everybody?: OriginAnswer<Made>;
}

/** @param make what the caller wants to have in place of a decision */
export function* compileRule<Made>(
  policy: Policy,
  origins: "*" | Iterable<OriginPattern>,
  vary: PolicyVary,
  mark: Rule<Made>["mark"],
  make: (decision: Decision) => Made,
): Steps<Rule<Made>> {
  const answers = compileAnswers(policy, vary, mark, make);
  if (answersAnyOrigin(policy))
    return { policy, mark, match: () => "exact", answers, everybody: answers("*") };
  return { policy, mark, match: yield* compileOriginMatch(origins), answers };
}

/** Decisions are built when they are first needed: most origins never send a preflight, or send nothing else. */
function compileAnswers<Made>(
  policy: Policy,
  vary: PolicyVary,
  mark: Rule<Made>["mark"],
  make: (decision: Decision) => Made,
): (origin: string) => OriginAnswer<Made> {
  const { refuse, fixed, echo } = compilePreflight(policy);
  return (origin) => {
    let headers: HeaderList | undefined;
    const build = (kind: "actual" | "same-origin", varies: readonly string[]): Made => {
      headers ??= actualHeaders(policy, origin);
      return make(Object.freeze({ kind, allowed: true, ...mark, headers, vary: varies }));
    };
    let preflightHeaders: HeaderList | undefined;
    const buildPreflight = (refusal: Refusal | undefined, echoed?: readonly Header[]): Made => {
      preflightHeaders ??= Object.freeze([...originHeaders(policy, origin), ...fixed]);
      return make(
        Object.freeze({
          kind: "preflight",
          allowed: refusal === undefined,
          ...(refusal !== undefined && { refusal }),
          ...mark,
          status: policy.preflightStatus,
          headers:
            echoed === undefined
              ? preflightHeaders
              : Object.freeze([...preflightHeaders, ...echoed]),
          vary: vary.options,
        }),
      );
    };
    let actual: Made | undefined;
    let actualOptions: Made | undefined;
    let sameOrigin: Made | undefined;
    let sameOriginOptions: Made | undefined;
    // If nothing is echoed, there is one decision for each outcome.
    let allowed: Made | undefined;
    const refused = new Map<Refusal, Made>();
    return {
      actual: (method) =>
        method === "OPTIONS"
          ? (actualOptions ??= build("actual", vary.options))
          : (actual ??= build("actual", vary.plain)),
      sameOrigin: (method) =>
        method === "OPTIONS"
          ? (sameOriginOptions ??= build("same-origin", vary.options))
          : (sameOrigin ??= build("same-origin", vary.plain)),
      preflight(asked, requested) {
        if (echo !== undefined) {
          const { refusal, headers: echoed } = echo(asked, requested);
          return buildPreflight(refusal, echoed);
        }
        const refusal = refuse(asked, requested);
        if (refusal === undefined) return (allowed ??= buildPreflight(refusal));
        let found = refused.get(refusal);
        if (found === undefined) refused.set(refusal, (found = buildPreflight(refusal)));
        return found;
      },
    };
  };
}

const credentialsTrue: Header = Object.freeze(["Access-Control-Allow-Credentials", "true"]);

function originHeaders({ allowCredentials }: Policy, origin: string): Header[] {
  const own = header("Access-Control-Allow-Origin", origin);
  return allowCredentials ? [own, credentialsTrue] : [own];
}

/** What the response to an actual request carries for an origin that is allowed. */
export function actualHeaders(policy: Policy, origin: string): HeaderList {
  const headers = originHeaders(policy, origin);
  const { any, names } = policy.exposeHeaders;
  const exposed = (any ? ["*", ...names] : names).join(", ");
  if (exposed !== "") headers.push(header("Access-Control-Expose-Headers", exposed));
  if (policy.timingAllowOrigin) headers.push(header("Timing-Allow-Origin", origin));
  return Object.freeze(headers);
}

function* compileOriginMatch(
  origins: "*" | Iterable<OriginPattern>,
): Steps<(origin: string) => OriginMatch> {
  if (origins !== "*") return (yield* compileOriginSetInSteps(origins)).match;
  // Any origin with credentials: the response names each one, but never `null`, which every sandbox shares.
  return (origin) => (parseOrigin(origin)?.kind === "tuple" ? "pattern" : undefined);
}

function header(name: string, value: string): Header {
  return Object.freeze([name, value] as const);
}
