// What pages can do under some rules and not under others, as far as a person has to know it: by field,
// for which origins, and each with a request that shows it. A comparison of the written lists would not
// do: what a pattern of the list covers already does not open, and what a rule before it answers never
// comes to the one that was changed.

import {
  compilePolicy,
  permits,
  permitsOrigin,
  printOriginPattern,
  readPolicy,
  type Decide,
  type Policy,
  type PolicyRequest,
} from "@corsway/cors";
import { witnessOrigins } from "./origin-witnesses.ts";

export interface PolicyChange {
  /** As in TOML. */
  readonly field: string;
  /** `opens`: pages can do more than before. `changes`: neither more nor less. */
  readonly what: "opens" | "closes" | "changes";
  /** A list: what is gained or lost, and null on the other side. */
  readonly before: unknown;
  readonly after: unknown;
  /** Pages of these origins; absent: of every origin that is allowed before and after. */
  readonly origins?: readonly string[];
  /** For each value of the list: a request that is permitted on one side and not on the other. */
  readonly examples?: readonly PolicyRequest[];
  /** Origins that open with cookies, or close with them. */
  readonly withCredentials?: true;
}

/** No rules: no page of another origin can read anything. */
export function policyChanges(
  before: readonly Policy[],
  after: readonly Policy[],
): readonly PolicyChange[] {
  const [was, is] = [new Side(before), new Side(after)];
  const opened = new Map<string, Reached>();
  const closed = new Map<string, Reached>();
  const pairs = new Map<string, Pair>();
  const labels = new Set<string>();
  let stranger: string | undefined;
  for (const origin of witnessOrigins([...before, ...after])) {
    const [a, b] = [was.answering(origin), is.answering(origin)];
    if (a < 0 && b < 0) stranger ??= origin;
    else if (a < 0) reach(opened, is, b, origin);
    else if (b < 0) reach(closed, was, a, origin);
    else {
      const label = narrower(is.labelOf(b, origin), was.labelOf(a, origin), origin);
      labels.add(label);
      const key = `${a} ${b}`;
      const pair = pairs.get(key);
      if (pair === undefined)
        pairs.set(key, { was: before[a]!, is: after[b]!, origin, labels: new Set([label]) });
      else pair.labels.add(label);
    }
  }
  return [
    ...originChanges("opens", opened),
    ...originChanges("closes", closed),
    ...fieldChanges([...pairs.values()], labels),
    ...(stranger === undefined ? [] : mismatchChanges(before, after, stranger)),
  ];
}

/** The one that says more about the origin: an order of rules may change for one of many. */
function narrower(one: string, other: string, origin: string): string {
  return one === "*" || other === origin ? other : one;
}

/** What pages of one pattern reach: an origin that shows it, and whether with credentials. */
interface Reached {
  readonly origin: string;
  readonly credentials: boolean;
}

interface Pair {
  readonly was: Policy;
  readonly is: Policy;
  readonly origin: string;
  readonly labels: Set<string>;
}

function reach(map: Map<string, Reached>, side: Side, rule: number, origin: string): void {
  const label = side.labelOf(rule, origin);
  if (!map.has(label)) map.set(label, { origin, credentials: side.rules[rule]!.allowCredentials });
}

function originChanges(
  what: "opens" | "closes",
  reached: ReadonlyMap<string, Reached>,
): readonly PolicyChange[] {
  return [true, false].flatMap((credentials): readonly PolicyChange[] => {
    const those = [...reached].filter(([, one]) => one.credentials === credentials);
    if (those.length === 0) return [];
    return [
      {
        field: "allow_origins",
        what,
        ...sides(
          what,
          those.map(([label]) => label),
        ),
        examples: those.map(([, { origin }]) => readOf(origin)),
        ...(credentials && { withCredentials: true as const }),
      },
    ];
  });
}

function readOf(origin: string): PolicyRequest {
  return { ...plainRequest, origin };
}

const plainRequest = { method: "GET", headerNames: [], credentials: false } as const;
const unlistedMethod = "X-UNLISTED";
const unlistedHeader = "x-unlisted";

/** One value of a field under a pair of rules. */
interface Difference {
  readonly field: string;
  readonly what: "opens" | "closes" | "changes";
  readonly value: unknown;
  readonly was?: unknown;
  readonly request: Omit<PolicyRequest, "origin">;
}

function fieldChanges(
  pairs: readonly Pair[],
  labels: ReadonlySet<string>,
): readonly PolicyChange[] {
  const found = new Map<string, { difference: Difference; origin: string; at: Set<string> }>();
  for (const { was, is, origin, labels: own } of pairs)
    for (const difference of differences(was, is)) {
      const key = JSON.stringify([difference.field, difference.what, difference.value]);
      const known = found.get(key);
      if (known === undefined) found.set(key, { difference, origin, at: new Set(own) });
      else for (const label of own) known.at.add(label);
    }
  const changes = new Map<string, PolicyChange>();
  for (const { difference, origin, at } of found.values()) {
    const { field, what, value, was, request } = difference;
    const origins = at.size === labels.size ? {} : { origins: [...at] };
    const example = { ...request, origin };
    if (was !== undefined || !lists.has(field)) {
      const key = JSON.stringify([field, what, value, was, origins]);
      changes.set(key, {
        field,
        what,
        before: was ?? null,
        after: value,
        ...origins,
        ...(what !== "changes" && { examples: [example] }),
      });
      continue;
    }
    const key = JSON.stringify([field, what, origins]);
    const known = changes.get(key);
    const values = [...((known?.after ?? known?.before ?? []) as readonly unknown[]), value];
    const examples = [...(known?.examples ?? []), example];
    changes.set(key, { field, what, ...sides(what, values), ...origins, examples });
  }
  return [...changes.values()];
}

const lists: ReadonlySet<string> = new Set(["allow_methods", "allow_headers", "expose_headers"]);

function sides(what: string, values: readonly unknown[]): Pick<PolicyChange, "before" | "after"> {
  return what === "opens" ? { before: null, after: values } : { before: values, after: null };
}

/** For an origin that `was` answered and `is` answers now. */
function differences(was: Policy, is: Policy): readonly Difference[] {
  const found: Difference[] = [];
  const add = (
    field: string,
    value: unknown,
    [before, after]: readonly [boolean, boolean],
    request: Partial<PolicyRequest> = {},
    old?: unknown,
  ): void => {
    if (before !== after)
      found.push({
        field,
        what: after ? "opens" : "closes",
        value,
        ...(old !== undefined && { was: old }),
        request: { ...plainRequest, ...request },
      });
  };
  const both = (test: (policy: Policy) => boolean): readonly [boolean, boolean] => [
    test(was),
    test(is),
  ];
  for (const [value, method] of methodsOf([was, is]))
    add(
      "allow_methods",
      value,
      both((policy) => asks(policy, { method })),
      { method },
    );
  for (const [value, name] of requestNamesOf([was, is]))
    add(
      "allow_headers",
      value,
      both((policy) => asks(policy, { headerNames: [name] })),
      { headerNames: [name] },
    );
  add(
    "allow_credentials",
    is.allowCredentials,
    both(({ allowCredentials }) => allowCredentials),
    { credentials: true },
    was.allowCredentials,
  );
  for (const [value, name] of exposedNamesOf([was, is]))
    add(
      "expose_headers",
      value,
      both(({ exposeHeaders: { any, names } }) => any || includes(names, name)),
    );
  add(
    "timing_allow_origin",
    is.timingAllowOrigin,
    both(({ timingAllowOrigin }) => timingAllowOrigin),
    {},
    was.timingAllowOrigin,
  );
  for (const [field, old, fresh] of [
    ["max_age", was.maxAge ?? null, is.maxAge ?? null],
    ["preflight_status", was.preflightStatus, is.preflightStatus],
  ] as const)
    if (old !== fresh)
      found.push({ field, what: "changes", value: fresh, was: old, request: plainRequest });
  return found;
}

/** The policy alone, without its origins: they were compared before. */
function asks(policy: Policy, request: Partial<PolicyRequest>): boolean {
  const { allowOrigins } = policy;
  const origin = allowOrigins === "*" ? "https://page.example" : anyOf(policy);
  return permits(policy, { ...plainRequest, ...request, origin });
}

const firstAllowed = new WeakMap<Policy, string>();

function anyOf(policy: Policy): string {
  const known =
    firstAllowed.get(policy) ??
    witnessOrigins([policy]).find((origin) => permitsOrigin(policy, origin)) ??
    "null";
  firstAllowed.set(policy, known);
  return known;
}

type Candidate = readonly [written: string, sent: string];

function methodsOf(policies: readonly Policy[]): readonly Candidate[] {
  return unique(policies.flatMap(({ allowMethods }) => (allowMethods === "*" ? [] : allowMethods)))
    .map((method): Candidate => [method, method])
    .concat([["*", unlistedMethod]]);
}

function requestNamesOf(policies: readonly Policy[]): readonly Candidate[] {
  const listed = policies.flatMap(({ allowHeaders }) => allowHeaders.names);
  const families = policies.flatMap(({ allowHeaders }) => allowHeaders.families);
  return [
    ...unique(listed).map((name): Candidate => [name, name.toLowerCase()]),
    ...unique(families).map((family): Candidate => [
      family,
      `${family.slice(0, -1).toLowerCase()}unlisted`,
    ]),
    ["*", unlistedHeader],
  ];
}

function exposedNamesOf(policies: readonly Policy[]): readonly Candidate[] {
  const listed = policies.flatMap(({ exposeHeaders }) => exposeHeaders.names);
  return [...unique(listed).map((name): Candidate => [name, name]), ["*", unlistedHeader] as const];
}

/** Each once, whatever case it is written in; methods differ by case. */
function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function includes(names: readonly string[], name: string): boolean {
  return names.some((one) => one.toLowerCase() === name.toLowerCase());
}

const strictness = ["omit", "reject-writes", "reject"] as const;

/** What pages may do that neither side allows to read. */
function mismatchChanges(
  before: readonly Policy[],
  after: readonly Policy[],
  origin: string,
): readonly PolicyChange[] {
  const [was, is] = [before, after].map((rules) => rules.at(-1)?.onMismatch ?? "omit") as [
    (typeof strictness)[number],
    (typeof strictness)[number],
  ];
  const tighter = strictness.indexOf(is) - strictness.indexOf(was);
  if (tighter === 0) return [];
  return [
    {
      field: "on_mismatch",
      what: tighter > 0 ? "closes" : "opens",
      before: was,
      after: is,
      examples: [
        {
          ...plainRequest,
          // What the two differ about: everything but reading, or reading as well.
          method: was === "reject" || is === "reject" ? "GET" : "POST",
          origin,
        },
      ],
    },
  ];
}

/** Rules, each compiled alone: which of them answers an origin, and which of its patterns that is. */
class Side {
  readonly rules: readonly Policy[];
  readonly #decide: readonly Decide[];
  readonly #patterns = new Map<Policy, readonly (readonly [string, Policy])[]>();

  constructor(rules: readonly Policy[]) {
    this.rules = rules;
    this.#decide = rules.map((rule) => compilePolicy(rule));
  }

  /** −1: none. */
  answering(origin: string): number {
    const head = {
      method: "GET",
      url: "https://gateway.invalid/",
      headers: [["Origin", origin]],
    } as const;
    return this.#decide.findIndex((decide) => decide(head).allowed);
  }

  /** The pattern as it is written, or `*`. */
  labelOf(rule: number, origin: string): string {
    const policy = this.rules[rule]!;
    if (policy.allowOrigins === "*") return "*";
    let patterns = this.#patterns.get(policy);
    if (patterns === undefined) {
      patterns = policy.allowOrigins.flatMap((pattern) => {
        const text = printOriginPattern(pattern);
        const { policy: alone } = readPolicy({ ...everyFlag, allowOrigins: [text] });
        return alone === undefined ? [] : [[text, alone] as const];
      });
      this.#patterns.set(policy, patterns);
    }
    return (
      patterns.find(([text, alone]) => text === origin || permitsOrigin(alone, origin))?.[0] ??
      origin
    );
  }
}

const everyFlag = {
  dangerouslyAllowNullOrigin: true,
  dangerouslyAllowInsecureOrigins: true,
  dangerouslyAllowPublicSuffixSubdomains: true,
} as const;
