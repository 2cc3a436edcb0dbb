// The one walk of every adapter: options → a policy or every fault at once; a request → what to do about it. An
// adapter adds how requests of its framework are read and responses written.

import { hasErrors, type Diagnostic } from "../diagnostics/diagnostic.ts";
import { compilePolicyFor } from "../policy/decide/compile.ts";
import type { RequestReader } from "../policy/decide/request-kind.ts";
import { brandPolicy, isPolicy } from "../policy/brand.ts";
import type { Policy, PolicyInput } from "../policy/policy.ts";
import { PolicyError } from "../policy/read/define.ts";
import { isArray } from "../policy/read/faults.ts";
import { readPolicyFrom } from "../policy/read/read.ts";
import { writePolicy } from "../policy/write.ts";
import { parseOrigin } from "../standard/origin.ts";
import { answerOf, explained, isPending, misdirected, type Answer } from "./answer.ts";
import { notCalled } from "./not-called.ts";
import { createOriginLookup, type OriginLookup } from "./origin-lookup.ts";
import type {
  DynamicPolicy,
  OriginFunction,
  PolicyLiteral,
  RunTimePolicy,
} from "./policy-literal.ts";
import type { Report } from "./report.ts";
import { readSettings, type Settings } from "./settings.ts";
import { settingCodes } from "./setting-codes.ts";

/**
 * What `cors()` accepts: a policy as you write it, or one that was read. Or several, as rules by origin: the first
 * that allows a page's origin applies, and the last one refuses.
 * @example [{ allowOrigins: app, allowCredentials: true }, { allowOrigins: "*" }]
 */
export type PolicyChoice<Origins = never> = PolicyRule<Origins> | readonly PolicyRule<Origins>[];

/** What a list of origins may be that only the running program knows. */
export type OriginList = string | readonly string[];

type PolicyRule<Origins> = PolicyLiteral | Policy | RunTimePolicy<Origins>;

/** What every `cors()` offers in addition to being the middleware of its framework. */
export interface CorsControls {
  /** The current policy, as you would write it: `cors(middleware.policy)` creates the same again. */
  readonly policy: WrittenPolicy;
  /** What there is to know about the current policy: warnings and information. */
  readonly diagnostics: readonly Diagnostic[];
  /**
   * Replaces the policy between two requests: each request is decided completely by one or the other. If the new
   * policy has errors, nothing changes. Returns all diagnostics.
   */
  update<Origins extends OriginList = never>(policy: PolicyChoice<Origins>): readonly Diagnostic[];
  /** Whether to put `Corsway-Decision` on every response. Can be set at any time. */
  debug: boolean;
  /**
   * Whether this WebSocket handshake may proceed. A browser sends `Origin` with it and ignores the response, so a
   * server that does not call this accepts every page. Returns a promise only if a function decides origins.
   * `request` is Node's, or a Fetch `Request`.
   */
  admitsUpgrade(request: UpgradeRequest): boolean | Promise<boolean>;
}

/** A policy as returned by `middleware.policy`; several if several were given. */
export type WrittenPolicy = WrittenRule | readonly WrittenRule[];

/** One of the rules: a policy as you write it, or with the function that decides its origins. */
export type WrittenRule = PolicyInput | DynamicPolicy;

/** The part of a handshake that is used. */
export interface UpgradeRequest {
  readonly url?: string | undefined;
  readonly headers:
    | { get(name: string): string | null }
    | Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket?: unknown;
}

/** How an adapter reads its requests. */
export interface WalkReader<Request> extends RequestReader<Request> {
  /** `api.example.com:8080`, the authority of the request. */
  host(request: Request): string | undefined;
  /** A handshake as a request of this adapter. */
  handshake(request: UpgradeRequest): Request;
}

/** A policy at work on the requests of one kind. */
export interface Walk<Request> extends CorsControls {
  /** A promise only if a function decides origins; it never rejects. */
  decide(request: Request): Answer | Promise<Answer>;
  readonly report: Report;
}

/**
 * @throws PolicyError with every fault of policy and settings
 */
export function createWalk<Request, Origins extends OriginList = never>(
  policy: PolicyChoice<Origins>,
  settings: Settings | undefined,
  reader: WalkReader<Request>,
): Walk<Request> {
  const uncalled = notCalled(policy);
  if (uncalled !== undefined) throw new PolicyError([uncalled]);
  const faults: Diagnostic[] = [];
  const read = readSettings(settings, faults);
  const first = readChoice(policy);
  const all = [...faults, ...first.diagnostics];
  if (first.read === undefined || hasErrors(all)) throw new PolicyError(all);

  let inForce = compile(first.read);
  let diagnostics: readonly Diagnostic[] = first.diagnostics;
  let debug = read.debug;
  const { hosts } = read;

  function decide(request: Request): Answer | Promise<Answer> {
    if (hosts !== undefined && !hosts(reader.host(request)))
      return debug ? explained(misdirected) : misdirected;
    const answer = inForce.decide(request);
    if (!debug) return answer;
    return isPending(answer) ? answer.then(explained) : explained(answer);
  }

  return {
    decide,
    report: read.report,
    get policy() {
      return inForce.written;
    },
    get diagnostics() {
      return diagnostics;
    },
    update(choice) {
      const next = readChoice(choice);
      if (next.read !== undefined && !hasErrors(next.diagnostics)) {
        inForce = compile(next.read);
        diagnostics = next.diagnostics;
      }
      return next.diagnostics;
    },
    get debug() {
      return debug;
    },
    set debug(on) {
      debug = on;
    },
    admitsUpgrade(handshake) {
      const answer = decide(reader.handshake(handshake));
      return isPending(answer) ? answer.then(admits) : admits(answer);
    },
  };

  function compile({ rules, single, asking }: ReadChoice): InForce<Request> {
    const written = rules.map((rule) =>
      rule === asking?.rule
        ? ({ ...writePolicy(rule), allowOrigins: asking.ask } as DynamicPolicy)
        : writePolicy(rule),
    );
    return {
      decide:
        asking === undefined
          ? compilePolicyFor(rules, reader, answerOf)
          : decideByAsking(
              rules,
              asking.rule,
              reader,
              createOriginLookup(asking.ask, read.lookup, read.report),
            ),
      written: single ? written[0]! : written,
    };
  }
}

function admits({ allowed }: Answer): boolean {
  return allowed;
}

interface InForce<Request> {
  readonly decide: (request: Request) => Answer | Promise<Answer>;
  readonly written: WrittenPolicy;
}

interface ReadChoice {
  readonly rules: readonly Policy[];
  /** Whether it was one policy rather than a list. */
  readonly single: boolean;
  /** The one rule whose origins a function decides; it lists none itself. */
  readonly asking?: { readonly rule: Policy; readonly ask: OriginFunction };
}

/** Reads every rule, and returns them only if none has an error. */
function readChoice(choice: unknown): {
  readonly read?: ReadChoice;
  readonly diagnostics: readonly Diagnostic[];
} {
  const single = !isArray(choice);
  const written = single ? [choice] : choice;
  const diagnostics: Diagnostic[] = [];
  const rules: Policy[] = [];
  let asking: ReadChoice["asking"];
  if (written.length === 0) diagnostics.push(...readPolicyFrom("camel", {}).diagnostics);
  for (const [index, rule] of written.entries()) {
    const read = readRule(rule);
    for (const diagnostic of read.diagnostics)
      diagnostics.push(single ? diagnostic : inList(diagnostic, index));
    if (read.policy === undefined) continue;
    rules.push(read.policy);
    if (read.ask === undefined) continue;
    if (asking !== undefined) diagnostics.push(inList(secondFunction, index));
    asking = { rule: read.policy, ask: read.ask };
  }
  if (hasErrors(diagnostics)) return { diagnostics };
  return { read: { rules, single, ...(asking !== undefined && { asking }) }, diagnostics };
}

const secondFunction: Diagnostic = {
  code: "settings/second-function",
  severity: settingCodes["settings/second-function"].severity,
  path: "allowOrigins",
  message: "a second rule has a function for its origins",
  why: "one function is asked about an origin, so that one time-out and one cache bound it",
  fix: { say: "ask in one function, or list the origins of the others" },
};

function inList(diagnostic: Diagnostic, index: number): Diagnostic {
  const { path } = diagnostic;
  return { ...diagnostic, path: path === "" ? `[${index}]` : `[${index}].${path}` };
}

function readRule(rule: unknown): {
  readonly policy?: Policy;
  readonly ask?: OriginFunction;
  readonly diagnostics: readonly Diagnostic[];
} {
  if (isPolicy(rule)) return { policy: rule, diagnostics: [] };
  const ask = originFunctionOf(rule);
  if (ask === undefined) return readPolicyFrom("camel", rule);
  // Everything else is read as usual; the origin is a placeholder that passes every check.
  const { policy, diagnostics } = readPolicyFrom("camel", {
    ...(rule as object),
    allowOrigins: "https://decided-at-run-time.invalid",
  });
  if (policy === undefined) return { diagnostics };
  return { policy: brandPolicy({ ...policy, allowOrigins: [] }), ask, diagnostics };
}

function originFunctionOf(choice: unknown): OriginFunction | undefined {
  if (typeof choice !== "object" || choice === null) return undefined;
  try {
    const { allowOrigins } = choice as { allowOrigins?: unknown };
    return typeof allowOrigins === "function" ? (allowOrigins as OriginFunction) : undefined;
  } catch {
    return undefined; // a getter that throws: readPolicy reports it
  }
}

/**
 * Two decisions by the same rules, one for an origin that is allowed and one for an origin that is not: whatever the
 * answer, `Vary` and everything else are those of a list of origins.
 */
function decideByAsking<Request>(
  rules: readonly Policy[],
  asking: Policy,
  reader: RequestReader<Request> & Pick<WalkReader<Request>, "host">,
  lookUp: OriginLookup,
): (request: Request) => Answer | Promise<Answer> {
  const decideAllowed = compilePolicyFor(rules, reader, answerOf, (rule) =>
    rule === asking ? "*" : rule.allowOrigins,
  );
  const decideRefused = compilePolicyFor(rules, reader, answerOf);
  return (request) => {
    const origin = reader.field(request, "origin");
    if (
      origin === undefined ||
      parseOrigin(origin)?.kind !== "tuple" ||
      reader.isOwnOrigin(request, origin)
    )
      return decideRefused(request);
    const method =
      (reader.method(request) === "OPTIONS"
        ? reader.field(request, "access-control-request-method")
        : undefined) ?? reader.method(request);
    const allowed = lookUp(origin, reader.host(request) ?? "", method);
    if (typeof allowed === "boolean")
      return allowed ? decideAllowed(request) : decideRefused(request);
    return allowed.then((yes) => (yes ? decideAllowed(request) : decideRefused(request)));
  };
}

/** Puts the controls on a framework's middleware. */
export function withControls<Middleware extends object>(
  middleware: Middleware,
  walk: CorsControls,
): Middleware & CorsControls {
  return Object.defineProperties(middleware, {
    policy: { get: () => walk.policy, enumerable: true },
    diagnostics: { get: () => walk.diagnostics, enumerable: true },
    debug: {
      get: () => walk.debug,
      set(on: boolean) {
        walk.debug = on;
      },
      enumerable: true,
    },
    update: { value: walk.update, enumerable: true },
    admitsUpgrade: { value: walk.admitsUpgrade, enumerable: true },
  }) as Middleware & CorsControls;
}
