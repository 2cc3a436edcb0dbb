// The remedy if the server is a policy: the smallest change of the policy that is still read without errors, tried on the model
// like any other.

import { readPolicy } from "../../policy/read/read.ts";
import { writePolicy } from "../../policy/write.ts";
import type { Policy, PolicyInput } from "../../policy/policy.ts";
import type { Place } from "../../diagnostics/diagnostic.ts";
import type { Engine } from "../../browser/engine.ts";
import type { PageRequest } from "../../browser/request.ts";
import { runSync } from "../../browser/run.ts";
import type { BrowserResponder } from "../../browser/sending.ts";
import type { BlockDetail, Verdict } from "../../browser/verdict.ts";
import { show } from "../bytes-shown.ts";
import { sayWithCredentials } from "./say-change.ts";
import type { PolicyChange } from "./change.ts";
import { withFamilies } from "./growing-families.ts";
import { spelledBy } from "./header-spelling.ts";
import { advised, type Assumption, type Loss, type Remedy } from "./remedy.ts";

/** A policy that decides, where it is written, and the server that it makes. */
export interface PolicySource {
  readonly policy: Policy;
  readonly name?: string;
  /** How a field is spelled where it is written: `allow_origins`. */
  spelling(field: keyof PolicyInput): string;
  place(field: keyof PolicyInput): Place | undefined;
  /** The server with another policy in place of this one. */
  serverWith(policy: Policy): BrowserResponder;
  /** Where a list of rules by origin can take the policy's place; absent if it has no name for a list. */
  readonly inFront?: {
    /** The server with a rule that is asked before this policy. */
    serverWith(rule: Policy): BrowserResponder;
    /** The names in the list that stands there now. */
    readonly names: readonly string[];
    /** A name that no policy has yet. */
    readonly newName: string;
    /** Where the list, or the one name, is written. */
    readonly at?: Place;
  };
}

/** As they are written. */
export function listedOrigins({ policy }: PolicySource): string | readonly string[] {
  return writePolicy(policy).allowOrigins;
}

/** Each turn corrects one fault of the policy; a longer search finds nothing. */
const mostTurns = 8;

export function policyRemedy(
  page: PageRequest,
  engines: readonly Engine[],
  source: PolicySource,
): Remedy | undefined {
  let policy = source.policy;
  for (let turn = 0; turn < mostTurns; turn++) {
    const blocked = firstBlocked(page, engines, source.serverWith(policy));
    if (blocked === undefined) return turn === 0 ? undefined : remedy(page, source, policy);
    // A rule for this origin alone leaves every other page what it has.
    const isForAll =
      policy.allowOrigins === "*" && !policy.dangerouslyAllowAnyOriginWithCredentials;
    if (isForAll && blocked.reason === "acao-wildcard-credentials") {
      const rule = ruleInFront(page, engines, source);
      if (rule !== undefined) return rule;
    }
    const changed = changedPolicy(page, policy, blocked.detail!);
    if (changed === undefined) return undefined;
    const read = readPolicy(changed);
    if (read.policy === undefined) {
      const fault = read.diagnostics.find(({ severity }) => severity === "error");
      if (fault === undefined) return undefined;
      return advised("server", `a policy should not allow this: ${fault.message} (${fault.why})`);
    }
    policy = read.policy;
  }
  return undefined;
}

/**
 * A rule by origin: what the policy already allows, for this origin alone and with credentials. A rule
 * with less would take from the origin what it can do without them.
 */
function ruleInFront(
  page: PageRequest,
  engines: readonly Engine[],
  { policy, inFront, spelling }: PolicySource,
): Remedy | undefined {
  if (inFront === undefined || page.origin === "null") return undefined;
  const { exposeHeaders: _, ...kept } = writePolicy(policy);
  const exposed = policy.exposeHeaders.names;
  let input: PolicyInput = {
    ...kept,
    // With credentials `*` cannot stand there.
    ...(exposed.length === 0 ? {} : { exposeHeaders: [...exposed] }),
    allowOrigins: [page.origin],
    allowCredentials: true,
  };
  for (let turn = 0; turn < mostTurns; turn++) {
    const { policy: rule } = readPolicy(input);
    if (rule === undefined) return undefined;
    const blocked = firstBlocked(page, engines, inFront.serverWith(rule));
    if (blocked === undefined) return ruleRemedy(input, inFront, spelling);
    const changed = changedPolicy(page, rule, blocked.detail!);
    const isList = changed !== undefined && /^(?:method|header)-/.test(blocked.reason ?? "");
    if (!isList) return undefined;
    input = changed;
  }
  return undefined;
}

function ruleRemedy(
  input: PolicyInput,
  { names, newName, at }: NonNullable<PolicySource["inFront"]>,
  spelling: PolicySource["spelling"],
): Remedy {
  const fields = Object.entries(input) as [keyof PolicyInput, unknown][];
  const change: PolicyChange[] = fields.map(([field, to]) => ({
    kind: "policy",
    policy: newName,
    field: spelling(field),
    from: null,
    to,
  }));
  change.push({
    kind: "policy",
    field: "cors",
    from: names.length === 1 ? names[0]! : names,
    to: [newName, ...names],
    ...(at === undefined ? {} : { at }),
  });
  return {
    side: "server",
    say: `a rule in front, for this origin alone: ${change.map(sayPolicyChange).join("; ")}`,
    change,
    assumptions: [],
    takesAway: [],
  };
}

function firstBlocked(
  page: PageRequest,
  engines: readonly Engine[],
  server: BrowserResponder,
): Verdict | undefined {
  for (const engine of engines) {
    const verdict = runSync(page, server, { engine, now: () => 0 });
    if (verdict.outcome === "blocked") return verdict;
  }
  return undefined;
}

function changedPolicy(
  page: PageRequest,
  policy: Policy,
  detail: BlockDetail,
): PolicyInput | undefined {
  const written = writePolicy(policy);
  const { origin } = detail;
  const withOrigin = { ...written, allowOrigins: [...list(written.allowOrigins), origin] };
  switch (detail.reason) {
    case "acao-missing":
    case "acao-mismatch":
    case "acao-invalid":
      if (origin === "null" || policy.allowOrigins === "*") return undefined;
      return withOrigin;
    case "preflight-status":
      // Asked before the origin by WebKit; a policy answers 403 for no other reason.
      if (origin === "null" || policy.allowOrigins === "*") return undefined;
      return withOrigin;
    case "acao-wildcard-credentials":
      if (origin === "null") return undefined;
      if (isPassedOver(policy)) return withOrigin;
      // With the flag that lets `*` stand beside credentials nobody has to lose anything.
      return policy.dangerouslyAllowAnyOriginWithCredentials
        ? { ...written, allowCredentials: true }
        : { ...written, allowOrigins: [origin], allowCredentials: true };
    case "acac-not-true":
      if (origin === "null") return undefined;
      return isPassedOver(policy) ? withOrigin : { ...written, allowCredentials: true };
    case "method-not-allowed":
      // A method or a header named `*` would open the list to every other.
      if (detail.method === "*") return undefined;
      return {
        ...written,
        allowMethods: [...list(written.allowMethods ?? policy.allowMethods), detail.method],
      };
    case "header-not-allowed":
      if (detail.names.some((name) => name === "*" || name.startsWith("access-control-")))
        return undefined;
      return {
        ...written,
        allowHeaders: [
          ...list(written.allowHeaders ?? []),
          ...withFamilies(spelledBy(page, detail.names)),
        ],
      };
    default:
      return undefined;
  }
}

/**
 * The policy allows credentials to the origins that it lists, and still none were allowed: a rule after
 * it answered, because this origin is not in its list.
 */
function isPassedOver({ allowCredentials, allowOrigins }: Policy): boolean {
  return allowCredentials && allowOrigins !== "*";
}

function list(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}

function remedy(page: PageRequest, source: PolicySource, policy: Policy): Remedy {
  const before = writePolicy(source.policy);
  const after = writePolicy(policy);
  const change: PolicyChange[] = [];
  for (const field of Object.keys(after) as (keyof PolicyInput)[]) {
    if (JSON.stringify(before[field]) === JSON.stringify(after[field])) continue;
    const at = source.place(field);
    change.push({
      kind: "policy",
      ...(source.name === undefined ? {} : { policy: source.name }),
      field: source.spelling(field),
      from: before[field] ?? null,
      to: after[field],
      ...(at === undefined ? {} : { at }),
    });
  }
  const assumptions = assumptionsOf(page, source.policy, policy);
  const isForEverybody = assumptions.some(({ origins }) => origins === "any");
  // Opaque origins are in a `*` only without credentials.
  const takesAway: Loss[] = isForEverybody ? [{ kind: "origin", origin: "null" }] : [];
  if (before.allowOrigins === "*" && after.allowOrigins !== "*")
    takesAway.push({ kind: "other-origins" });
  const said = [
    ...change.map(sayPolicyChange),
    ...takesAway.map(sayPolicyLoss),
    ...assumptions.map(({ origins }) => sayWithCredentials(origins)),
  ];
  return {
    side: "server",
    say: said.join("; "),
    change,
    assumptions,
    takesAway,
  };
}

type WithCredentials = Extract<Assumption, { kind: "origins-with-credentials" }>;

/** A policy cannot allow credentials to only one of its origins. */
function assumptionsOf(
  page: PageRequest,
  before: Policy,
  after: Policy,
): readonly WithCredentials[] {
  if (!after.allowCredentials) return [];
  const who = (origins: WithCredentials["origins"]): readonly WithCredentials[] => [
    { kind: "origins-with-credentials", origins },
  ];
  if (before.allowCredentials)
    return page.credentials !== "include" && before.allowOrigins.length < after.allowOrigins.length
      ? who("added")
      : [];
  // The flag was set by hand, so this is not refused, but it is mentioned.
  if (after.allowOrigins === "*") return who("any");
  return after.allowOrigins.length > 1 ? who("listed") : [];
}

/** What a changed list takes away. */
export function sayPolicyLoss(loss: Loss): string {
  return loss.kind === "other-origins"
    ? "this removes access for every other origin: list all that need it, or make the page send the request without credentials"
    : `this removes access for ${show(loss.origin)}`;
}

/** `corsway.toml:12:17  allow_origins = ["https://app.example.com"]` */
export function sayPolicyChange({ field, from, to, at, policy }: PolicyChange): string {
  const where = at === undefined ? "" : `${at.file}:${at.line}:${at.column}  `;
  const owner = at === undefined && policy !== undefined ? `policy \`${policy}\`: ` : "";
  return `${where}${owner}${from === null && at !== undefined ? "add " : ""}${field} = ${printValue(to)}`;
}

function printValue(value: unknown): string {
  return Array.isArray(value)
    ? `[${value.map((item) => JSON.stringify(item)).join(", ")}]`
    : JSON.stringify(value);
}
