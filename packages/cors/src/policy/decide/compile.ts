// Compiles a policy, or rules by origin, so that it can decide requests. Everything that does not
// depend on the request is built here once, so a decision is a look-up or two. Total: no exceptions,
// no regular expressions, and bounded work whatever the bytes.

import type { HeaderList } from "../../standard/message.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import type { Policy } from "../policy.ts";
import { rulesOf, type PolicyRules } from "../rules.ts";
import type { Decide, DecideFor, Decision } from "./decision.ts";
import { everyUnnamed, judgeUnnamed, mayMismatched, unasked, type Unnamed } from "./mismatch.ts";
import { answerOrigins } from "./origin-answers.ts";
import type { OriginRefusal } from "./origin-refusal.ts";
import { blankFacts, headReader, readFacts } from "./request-kind.ts";
import type { RequestReader } from "./request-kind.ts";
import { compileRule, type Rule } from "./rule.ts";
import { runSteps, type Steps } from "./steps.ts";
import { answersAnyOrigin, varyOf, type PolicyVary } from "./vary.ts";

const none: HeaderList = Object.freeze([]);

/**
 * Compiles a policy, or rules by origin, into a function that decides requests. Compile once and keep
 * the function: it never throws, does bounded work, and gives equal decisions for equal requests.
 * @throws TypeError if the policy was not made by readPolicy or definePolicy
 * @example const decide = compilePolicy(definePolicy({ allowOrigins: "https://app.example.com" }));
 */
export function compilePolicy(policy: PolicyRules): Decide {
  return runSteps(compilePolicyInSteps(policy));
}

/**
 * The same for a different type of request, which is read in place: used by adapters.
 * @param originsOf the origins that a policy allows, if they are not its own list
 */
export function compilePolicyFor<Request>(
  policy: PolicyRules,
  reader: RequestReader<Request>,
  originsOf: (policy: Policy) => "*" | Iterable<OriginPattern> = listedOrigins,
): DecideFor<Request> {
  return runSteps(compileInSteps(rulesOf(policy, "compilePolicyFor"), originsOf, reader));
}

/**
 * Compiles in short steps, so that a running server can do other work in between: compiling a policy
 * of 100,000 origins takes longer than a request may wait. Run it to its end; its return value is what
 * compilePolicy would return.
 * @param originsOf the origins that a policy lists, if they should not all be in memory at once; the
 *   policy itself may then list none
 * @example for (let step = steps.next(); !step.done; step = steps.next()) await setImmediate();
 */
export function compilePolicyInSteps(
  policy: PolicyRules,
  originsOf: (policy: Policy) => "*" | Iterable<OriginPattern> = listedOrigins,
): Steps<Decide> {
  return compileInSteps(rulesOf(policy, "compilePolicy"), originsOf, headReader);
}

function listedOrigins({ allowOrigins }: Policy): Policy["allowOrigins"] {
  return allowOrigins;
}

function* compileInSteps<Request>(
  policies: readonly Policy[],
  originsOf: (policy: Policy) => "*" | Iterable<OriginPattern>,
  reader: RequestReader<Request>,
): Steps<DecideFor<Request>> {
  // A rule behind one that allows every origin is never reached.
  const open = policies.findIndex(answersAnyOrigin);
  const reachable = open < 0 ? policies : policies.slice(0, open + 1);
  const vary = varyOf(reachable);
  const rules: Rule[] = [];
  for (const [index, policy] of reachable.entries()) {
    const mark = policies.length > 1 ? { rule: index } : {};
    rules.push(yield* compileRule(policy, originsOf(policy), vary, mark));
  }
  const last = rules.at(-1)!;
  const { onMismatch } = last.policy;
  const own = ownOrigin(vary.plain);
  const ownOptions = ownOrigin(vary.options);
  const answerUnnamed = compileUnnamed(rules, vary);
  // If some rule allows every page, there is no page to keep out.
  const judges = !reachable.some(({ allowOrigins }) => allowOrigins === "*");

  const refuse = compileRefusals(last, vary);
  const facts = blankFacts();
  const answerOrigin = answerOrigins(rules);

  return function decide(request: Request): Decision {
    readFacts(request, reader, facts);
    const { kind, origin } = facts;
    const method = reader.method(request);
    const isOptions = method === "OPTIONS";
    if (kind === "not-cors")
      return answerUnnamed(judges ? judgeUnnamed(onMismatch, request, reader) : unasked, isOptions);

    const found = answerOrigin(origin);
    switch (kind) {
      case "same-origin":
        // Behind a proxy that terminates TLS without telling us, what looks like our own origin may be a
        // different one to the browser, so a listed origin gets its headers here too.
        if (typeof found === "string") return isOptions ? ownOptions : own;
        return found.sameOrigin(isOptions);
      case "actual":
        if (typeof found === "string")
          return refuse(found, mayMismatched(onMismatch, method), isOptions);
        return found.actual(isOptions);
      case "preflight":
        if (typeof found === "string") return refuse(found, undefined, true);
        return found.preflight(
          facts.requestedMethod!,
          reader.field(request, "access-control-request-headers"),
        );
    }
  };
}

type RefuseOrigin = (
  refusal: OriginRefusal,
  /** For an actual request, whether it may proceed. undefined: it is a preflight. */
  admitted: boolean | undefined,
  isOptions: boolean,
) => Decision;

/** The responses to origins that no rule allows, built once: a refusal must cost least of all. */
function compileRefusals({ mark }: Rule, vary: PolicyVary): RefuseOrigin {
  const built = new Map(
    (["origin-not-allowed", "origin-malformed"] as const).map((refusal) => {
      const decision = (
        kind: "actual" | "preflight",
        varies: readonly string[],
        status: { readonly status?: 403 },
      ): Decision =>
        Object.freeze({
          kind,
          allowed: false,
          refusal,
          ...mark,
          ...status,
          headers: none,
          vary: varies,
        });
      const stopped = { status: 403 } as const;
      return [
        refusal,
        {
          preflight: decision("preflight", vary.options, stopped),
          admitted: decision("actual", vary.plain, {}),
          admittedOptions: decision("actual", vary.options, {}),
          stopped: decision("actual", vary.plain, stopped),
          stoppedOptions: decision("actual", vary.options, stopped),
        },
      ] as const;
    }),
  );
  return (refusal, admitted, isOptions) => {
    const answers = built.get(refusal)!;
    if (admitted === undefined) return answers.preflight;
    if (admitted) return isOptions ? answers.admittedOptions : answers.admitted;
    return isOptions ? answers.stoppedOptions : answers.stopped;
  };
}

/** A page of the server's own origin, if no rule lists it. */
function ownOrigin(varies: readonly string[]): Decision {
  return Object.freeze({ kind: "same-origin", allowed: true, headers: none, vary: varies });
}

/** The responses to requests without `Origin`. */
function compileUnnamed(
  rules: readonly Rule[],
  vary: PolicyVary,
): (unnamed: Unnamed, isOptions: boolean) => Decision {
  // A policy that allows `*` says so on every response: without `Vary: Origin`, a shared cache may
  // serve the response of a non-CORS request to a page.
  const [only] = rules;
  const everybody = rules.length === 1 ? only!.everybody : undefined;
  const decision = (unnamed: Unnamed, base: readonly string[]): Decision => {
    const varies = Object.freeze([...base, ...unnamed.vary]);
    if (unnamed.admitted)
      return Object.freeze({
        kind: "not-cors",
        allowed: true,
        ...(everybody !== undefined && only!.mark),
        headers: everybody?.actual(false).headers ?? none,
        vary: varies,
      });
    return Object.freeze({
      kind: "not-cors",
      allowed: false,
      refusal: "site-not-allowed",
      ...rules.at(-1)!.mark,
      status: 403,
      headers: none,
      vary: varies,
    });
  };
  const plain = new Map(everyUnnamed.map((one) => [one, decision(one, vary.plain)] as const));
  const options = new Map(everyUnnamed.map((one) => [one, decision(one, vary.options)] as const));
  return (unnamed, isOptions) => (isOptions ? options : plain).get(unnamed)!;
}
