// A policy made ready to decide requests: everything that does not depend on the request is built
// here once, so that a decision is a look-up or two. Total: no exception, no regular expression,
// and work that is bounded whatever the bytes.

import type { Header, HeaderList } from "../../standard/message.ts";
import { parseOrigin } from "../../standard/origin.ts";
import type { Decide, DecideFor, Decision, Refusal } from "./decision.ts";
import { requirePolicy } from "../brand.ts";
import { compileOriginSetInSteps } from "./origin-set.ts";
import type { OriginMatch } from "./origin-set.ts";
import type { OriginPattern } from "../origin-pattern.ts";
import type { Policy } from "../policy.ts";
import { compilePreflight } from "./preflight.ts";
import { headReader, readFacts } from "./request-kind.ts";
import type { RequestReader } from "./request-kind.ts";
import { runSteps, type Steps } from "./steps.ts";
import { answersAnyOrigin, varyOf } from "./vary.ts";

/** What one allowed origin gets. */
interface Allowed {
  readonly actual: Decision;
  readonly actualOptions: Decision;
  readonly preflight: HeaderList;
}

/** Origins whose answers are kept: only exact ones, hence never more than the policy lists. */
const keptOrigins = 4096;

const none: HeaderList = Object.freeze([]);

/**
 * Makes a policy ready to decide requests. Compile once and keep the function: it is total, bounded
 * and fast, and two calls with equal requests give equal decisions.
 * @throws TypeError where this is no policy that was read
 * @example const decide = compilePolicy(definePolicy({ allowOrigins: "https://app.example.com" }));
 */
export function compilePolicy(policy: Policy): Decide {
  requirePolicy(policy, "compilePolicy");
  return runSteps(compilePolicyInSteps(policy));
}

/**
 * The same for requests of another kind than RequestHead, read where they are: an adapter's way.
 */
export function compilePolicyFor<Request>(
  policy: Policy,
  reader: RequestReader<Request>,
): DecideFor<Request> {
  requirePolicy(policy, "compilePolicyFor");
  return runSteps(compileInSteps(policy, policy.allowOrigins, reader));
}

/**
 * Compiles in short steps, so that a server that goes on serving can do other work between them: a
 * policy of 100,000 origins takes longer than a request may wait. Run it to its end: the value that
 * it returns is what compilePolicy would have.
 * @param origins the listed origins, where they are not all to be held at once; `policy` may then
 *   list none
 * @example for (let step = steps.next(); !step.done; step = steps.next()) await setImmediate();
 */
export function compilePolicyInSteps(
  policy: Policy,
  origins: "*" | Iterable<OriginPattern> = policy.allowOrigins,
): Steps<Decide> {
  return compileInSteps(policy, origins, headReader);
}

function* compileInSteps<Request>(
  policy: Policy,
  origins: "*" | Iterable<OriginPattern>,
  reader: RequestReader<Request>,
): Steps<DecideFor<Request>> {
  const vary = varyOf(policy);
  const preflight = compilePreflight(policy);
  const matchOrigin = yield* compileOriginMatch(origins);
  const anyOrigin = answersAnyOrigin(policy) ? allow("*") : undefined;
  const kept = new Map<string, Allowed>();

  // A policy that answers `*` says so on every response: without `Vary: Origin` a shared cache may
  // hand the response of a non-CORS request to a page.
  const notCors = decision("not-cors", anyOrigin?.actual.headers ?? none, vary.plain);
  const notCorsOptions = decision("not-cors", notCors.headers, vary.options);

  return function decide(request: Request): Decision {
    const facts = readFacts(request, reader);
    const isOptions = reader.method(request) === "OPTIONS";
    if (facts.kind === "not-cors") return isOptions ? notCorsOptions : notCors;

    const allowed = anyOrigin ?? findAllowed(facts.origin);
    switch (facts.kind) {
      case "same-origin":
        // Behind a proxy that ends TLS unseen, what looks like our own origin may be another to the
        // browser; so a listed one gets its headers here too.
        return decision(
          "same-origin",
          allowed?.actual.headers ?? none,
          isOptions ? vary.options : vary.plain,
        );
      case "actual":
        if (allowed === undefined) return refuseActual(facts.origin, isOptions);
        return isOptions ? allowed.actualOptions : allowed.actual;
      case "preflight": {
        if (allowed === undefined) return refusePreflight(facts.origin);
        const method = facts.requestedMethod!;
        const asked = reader.field(request, "access-control-request-headers");
        const refusal = preflight.refuse(method, asked);
        const headers =
          preflight.echo === undefined
            ? allowed.preflight
            : Object.freeze([...allowed.preflight, ...preflight.echo(method, asked)]);
        return {
          kind: "preflight",
          allowed: refusal === undefined,
          ...(refusal !== undefined && { refusal }),
          status: policy.preflightStatus,
          headers,
          vary: vary.options,
        };
      }
    }
  };

  function findAllowed(origin: string | undefined): Allowed | undefined {
    if (origin === undefined) return undefined;
    const found = kept.get(origin);
    if (found !== undefined) return found;
    const match = matchOrigin(origin);
    if (match === undefined) return undefined;
    const allowed = allow(origin);
    if (match === "exact" && kept.size < keptOrigins) kept.set(origin, allowed);
    return allowed;
  }

  function allow(origin: string): Allowed {
    const base: Header[] = [header("Access-Control-Allow-Origin", origin)];
    if (policy.allowCredentials) base.push(credentialsTrue);
    const actual = [...base];
    const exposed = exposedNames(policy);
    if (exposed !== "") actual.push(header("Access-Control-Expose-Headers", exposed));
    if (policy.timingAllowOrigin) actual.push(header("Timing-Allow-Origin", origin));
    const headers = Object.freeze(actual);
    return {
      actual: decision("actual", headers, vary.plain),
      actualOptions: decision("actual", headers, vary.options),
      preflight: Object.freeze([...base, ...preflight.fixed]),
    };
  }

  function refuseActual(origin: string | undefined, isOptions: boolean): Decision {
    return {
      kind: "actual",
      allowed: false,
      refusal: originRefusal(origin),
      ...(policy.onMismatch === "reject" && { status: 403 }),
      headers: none,
      vary: isOptions ? vary.options : vary.plain,
    };
  }

  function refusePreflight(origin: string | undefined): Decision {
    return {
      kind: "preflight",
      allowed: false,
      refusal: originRefusal(origin),
      status: 403,
      headers: none,
      vary: vary.options,
    };
  }
}

const credentialsTrue: Header = Object.freeze(["Access-Control-Allow-Credentials", "true"]);

function* compileOriginMatch(
  origins: "*" | Iterable<OriginPattern>,
): Steps<(origin: string) => OriginMatch> {
  if (origins !== "*") return (yield* compileOriginSetInSteps(origins)).match;
  // Any origin with credentials: each is named, but never `null`, which every sandbox shares.
  return (origin) => (parseOrigin(origin)?.kind === "tuple" ? "pattern" : undefined);
}

/** Why an origin that matched nothing did not. undefined: several, or over-long. */
export function originRefusal(origin: string | undefined): Refusal {
  return origin === undefined || parseOrigin(origin) === undefined
    ? "origin-malformed"
    : "origin-not-allowed";
}

function exposedNames(policy: Policy): string {
  const { any, names } = policy.exposeHeaders;
  return (any ? ["*", ...names] : names).join(", ");
}

function decision(
  kind: "not-cors" | "same-origin" | "actual",
  headers: HeaderList,
  vary: readonly string[],
): Decision {
  return Object.freeze({ kind, allowed: true, headers, vary });
}

function header(name: string, value: string): Header {
  return Object.freeze([name, value] as const);
}
