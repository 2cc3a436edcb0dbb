// Compiles a policy, or rules by origin, so that it can decide requests. Everything that does not
// depend on the request is built here once, so a decision is a look-up or two. Total: no exceptions,
// no regular expressions, and bounded work whatever the bytes.

import type { HeaderList } from "../../standard/message.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import type { Policy } from "../policy.ts";
import { rulesOf, type PolicyRules } from "../rules.ts";
import type { Decide, Decision } from "./decision.ts";
import { everyUnnamed, judgeUnnamed, mayMismatched, unasked, type Unnamed } from "./mismatch.ts";
import { answerOrigins } from "./origin-answers.ts";
import type { OriginRefusal } from "./origin-refusal.ts";
import { answerByKind, headReader } from "./request-kind.ts";
import type { KindAnswers, RequestReader } from "./request-kind.ts";
import { actualHeaders, compileRule, type OriginAnswer, type Rule } from "./rule.ts";
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
 * The same for a different type of request, which is read in place, and with what the caller makes of each
 * decision: used by adapters. Decisions recur, so what is made of most of them is made once.
 * @param originsOf the origins that a policy allows, if they are not its own list
 */
export function compilePolicyFor<Request, Made>(
  policy: PolicyRules,
  reader: RequestReader<Request>,
  make: (decision: Decision) => Made,
  originsOf: (policy: Policy) => "*" | Iterable<OriginPattern> = listedOrigins,
): (request: Request) => Made {
  return runSteps(compileInSteps(rulesOf(policy, "compilePolicyFor"), originsOf, reader, make));
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
  return compileInSteps(rulesOf(policy, "compilePolicy"), originsOf, headReader, unchanged);
}

function listedOrigins({ allowOrigins }: Policy): Policy["allowOrigins"] {
  return allowOrigins;
}

function unchanged(decision: Decision): Decision {
  return decision;
}

function* compileInSteps<Request, Made>(
  policies: readonly Policy[],
  originsOf: (policy: Policy) => "*" | Iterable<OriginPattern>,
  reader: RequestReader<Request>,
  make: (decision: Decision) => Made,
): Steps<(request: Request) => Made> {
  // A rule behind one that allows every origin is never reached.
  const open = policies.findIndex(answersAnyOrigin);
  const reachable = open < 0 ? policies : policies.slice(0, open + 1);
  const vary = varyOf(reachable);
  const rules: Rule<Made>[] = [];
  for (const [index, policy] of reachable.entries()) {
    const mark = policies.length > 1 ? { rule: index } : {};
    rules.push(yield* compileRule(policy, originsOf(policy), vary, mark, make));
  }
  const { onMismatch } = rules.at(-1)!.policy;
  const answerUnnamed = compileUnnamed(rules, vary, make);
  // If some rule allows every page, there is no page to keep out.
  const judges = !reachable.some(({ allowOrigins }) => allowOrigins === "*");
  const answers: KindAnswers<Request, Made> = {
    unnamed: (request, method) =>
      answerUnnamed(
        judges ? judgeUnnamed(onMismatch, request, reader) : unasked,
        method === "OPTIONS",
      ),
    origin: answerOrigins(rules, compileRefusals(rules.at(-1)!, vary, make)),
  };
  return (request) => answerByKind(request, reader, answers);
}

/** The responses to origins that no rule allows, built once: a refusal must cost least of all. */
function compileRefusals<Made>(
  { mark, policy }: Rule<Made>,
  vary: PolicyVary,
  make: (decision: Decision) => Made,
): Readonly<Record<OriginRefusal, OriginAnswer<Made>>> {
  const { onMismatch } = policy;
  // Behind a proxy that terminates TLS without telling us, what looks like our own origin may be a
  // different one to the browser, so a listed origin gets its headers there too, and any other gets none.
  const own = (varies: readonly string[]): Made =>
    make(Object.freeze({ kind: "same-origin", allowed: true, headers: none, vary: varies }));
  const sameOrigin = own(vary.plain);
  const sameOriginOptions = own(vary.options);

  const refuse = (refusal: OriginRefusal): OriginAnswer<Made> => {
    const built = (
      kind: "actual" | "preflight",
      varies: readonly string[],
      status: { readonly status?: 403 },
    ): Made =>
      make(
        Object.freeze({
          kind,
          allowed: false,
          refusal,
          ...mark,
          ...status,
          headers: none,
          vary: varies,
        }),
      );
    const stop = { status: 403 } as const;
    const preflight = built("preflight", vary.options, stop);
    const admitted = built("actual", vary.plain, {});
    const stopped = built("actual", vary.plain, stop);
    const options = built("actual", vary.options, mayMismatched(onMismatch, "OPTIONS") ? {} : stop);
    return {
      actual(method) {
        if (method === "OPTIONS") return options;
        return mayMismatched(onMismatch, method) ? admitted : stopped;
      },
      sameOrigin: (method) => (method === "OPTIONS" ? sameOriginOptions : sameOrigin),
      preflight: () => preflight,
    };
  };
  return {
    "origin-not-allowed": refuse("origin-not-allowed"),
    "origin-malformed": refuse("origin-malformed"),
  };
}

/** The responses to requests without `Origin`. */
function compileUnnamed<Made>(
  rules: readonly Rule<Made>[],
  vary: PolicyVary,
  make: (decision: Decision) => Made,
): (unnamed: Unnamed, isOptions: boolean) => Made {
  // A policy that allows `*` says so on every response: without `Vary: Origin`, a shared cache may
  // serve the response of a non-CORS request to a page.
  const [only] = rules;
  const everybody = rules.length === 1 ? only!.everybody : undefined;
  const admitted = everybody === undefined ? none : actualHeaders(only!.policy, "*");
  const answer = (unnamed: Unnamed, base: readonly string[]): Made => {
    const vary = Object.freeze([...base, ...unnamed.vary]);
    if (unnamed.admitted)
      return make(
        Object.freeze({
          kind: "not-cors",
          allowed: true,
          ...(everybody !== undefined && only!.mark),
          headers: admitted,
          vary,
        }),
      );
    return make(
      Object.freeze({
        kind: "not-cors",
        allowed: false,
        refusal: "site-not-allowed",
        ...rules.at(-1)!.mark,
        status: 403,
        headers: none,
        vary,
      }),
    );
  };
  const plain = everyUnnamed.map((unnamed) => answer(unnamed, vary.plain));
  const options = everyUnnamed.map((unnamed) => answer(unnamed, vary.options));
  return ({ index }, isOptions) => (isOptions ? options : plain)[index]!;
}
