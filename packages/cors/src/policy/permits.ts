// The meaning of a policy, or of rules by origin, on one page and written plainly: may a page read the
// response to this request, in a browser that follows the Fetch standard? Every proof compares with this,
// so it shares no code with compile.ts except the policy itself and the limits on what is echoed.

import { parseOrigin } from "../standard/origin.ts";
import type { TupleOrigin } from "../standard/origin.ts";
import { isForbiddenMethod, isMethod } from "../standard/method.ts";
import { requestedBytesLimit, requestedNamesLimit } from "./request-limits.ts";
import type { HostPattern, OriginPattern, PortPattern } from "./origin-pattern.ts";
import type { Policy } from "./policy.ts";
import { rulesOf, type PolicyRules } from "./rules.ts";

/** What a page asks of another origin, as far as a policy is concerned. */
export interface PolicyRequest {
  /** The page's origin, serialised: `https://app.example.com`, or `null` for an opaque one. */
  readonly origin: string;
  /** Whether it is also the origin of the URL. In that case no policy applies. */
  readonly sameOrigin?: boolean;
  /** Normalised, as `fetch` does: `put` is `PUT`, `patch` is `patch`. */
  readonly method: string;
  /**
   * The CORS-unsafe request-header names, in lower case, each once: what a browser would put in
   * Access-Control-Request-Headers. Not Accept with a plain value, not Cookie, not Origin.
   */
  readonly headerNames: readonly string[];
  /** Is the request's credentials mode `include`? */
  readonly credentials: boolean;
}

/**
 * May a page read the response to this request? This considers both sides: the policy, and a browser
 * that follows the standard.
 *
 * Whether a preflight is sent makes no difference: a request that needs none uses a safelisted method
 * and no unsafe header, and a preflight for that passes whenever the response does.
 * @throws TypeError if `policy` was not made by readPolicy
 */
export function permits(policy: PolicyRules, request: PolicyRequest): boolean {
  const rules = rulesOf(policy, "permits");
  // fetch() throws before anything is sent
  if (!isMethod(request.method) || isForbiddenMethod(request.method)) return false;
  if (request.sameOrigin === true) return true;
  const answering = rules.find((rule) => permitsOrigin(rule, request.origin));
  return answering !== undefined && permitsRequest(answering, request);
}

/** For a policy that allows the page's origin. */
function permitsRequest(policy: Policy, request: PolicyRequest): boolean {
  return (
    // A response without Access-Control-Allow-Credentials fails the CORS check for a request with
    // credentials mode `include`, even if there was no cookie to send.
    (policy.allowCredentials || !request.credentials) &&
    permitsMethod(policy, request.method) &&
    permitsHeaders(policy, request.headerNames)
  );
}

/** May pages of this origin read responses at all? `null` never with credentials. */
export function permitsOrigin(policy: PolicyRules, origin: string): boolean {
  return rulesOf(policy, "permitsOrigin").some((rule) => allowsOrigin(rule, origin));
}

function allowsOrigin(policy: Policy, origin: string): boolean {
  const parsed = parseOrigin(origin);
  if (policy.allowOrigins === "*") return !policy.allowCredentials || parsed?.kind === "tuple";
  return policy.allowOrigins.some((pattern) => matchesPattern(pattern, parsed));
}

function permitsMethod(policy: Policy, method: string): boolean {
  if (method === "GET" || method === "HEAD" || method === "POST") return true;
  return policy.allowMethods === "*" || policy.allowMethods.includes(method);
}

function permitsHeaders(policy: Policy, names: readonly string[]): boolean {
  const { any, names: listed, families } = policy.allowHeaders;
  const isListed = (name: string): boolean => listed.some((other) => other.toLowerCase() === name);
  // A family, and `*` with credentials, are sent as an echo, and an echo has limits.
  const echoable =
    names.length <= requestedNamesLimit && names.join(",").length <= requestedBytesLimit;
  if (any && policy.allowCredentials && !echoable) return false;
  const isOfFamily = (name: string): boolean =>
    families.some((family) => {
      const beginning = family.slice(0, -1).toLowerCase();
      return name.startsWith(beginning) && name !== beginning;
    });
  return names.every(
    (name) =>
      isListed(name) || (name !== "authorization" && (any || (echoable && isOfFamily(name)))),
  );
}

function matchesPattern(pattern: OriginPattern, origin: ReturnType<typeof parseOrigin>): boolean {
  if (origin === undefined) return false;
  if (pattern.kind === "null") return origin.kind === "opaque";
  if (origin.kind === "opaque" || origin.scheme !== pattern.scheme) return false;
  return matchesHost(pattern.host, origin.host) && matchesPort(pattern.port, origin);
}

function matchesHost(pattern: HostPattern, host: string): boolean {
  if (pattern.kind === "exact") return host === pattern.host;
  const labels = host.split(".");
  if (pattern.kind === "any") return labels.every(isWild);
  const suffix = pattern.suffix.split(".");
  const wild = labels.slice(0, labels.length - suffix.length);
  if (wild.length === 0 || labels.slice(wild.length).join(".") !== pattern.suffix) return false;
  if (pattern.kind === "subdomains") return wild.every(isWild);
  const { before, after } = pattern;
  const label = wild[0]!;
  return (
    wild.length === 1 &&
    label.startsWith(before) &&
    label.endsWith(after) &&
    isWild(label.slice(before.length, label.length - after.length)) &&
    label.length > before.length + after.length
  );
}

/** What `*` may match within a label: not the empty string, and no unusual bytes. */
function isWild(text: string): boolean {
  return (
    text !== "" &&
    [...text].every((char) => "abcdefghijklmnopqrstuvwxyz0123456789-_".includes(char))
  );
}

function matchesPort(pattern: PortPattern, { scheme, port }: TupleOrigin): boolean {
  if (pattern === "any") return true;
  if (pattern === "default") return port === undefined;
  const defaults: Readonly<Record<string, number>> = {
    http: 80,
    https: 443,
    ws: 80,
    wss: 443,
    ftp: 21,
  };
  return pattern.includes(port ?? defaults[scheme] ?? -1);
}
