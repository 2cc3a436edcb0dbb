// The response to a preflight, apart from its origin: the complete lists of the policy, wherever a
// browser would accept them. One response then covers every request of a page (fewer preflights), and
// if the requested method or header is missing, the browser names exactly that one in its console.

import type { Header } from "../../standard/message.ts";
import { isCorsSafelistedMethod } from "../../standard/method.ts";
import { isToken } from "../../standard/token.ts";
import type { Refusal } from "./decision.ts";
import { requestedBytesLimit } from "../request-limits.ts";
import type { Policy } from "../policy.ts";
import { compileAllowHeaders, type RequestedHeaders } from "./allow-headers.ts";

export interface PreflightAnswer {
  /** Access-Control-Allow-Methods, -Allow-Headers and -Max-Age, if they do not depend on the request. */
  readonly fixed: readonly Header[];
  /**
   * Why a browser would block the request that this preflight asks for; undefined if it would not.
   * Decided by Access-Control-Request-Method and, if there is one, -Request-Headers.
   */
  readonly refuse: (method: string, headers: string | undefined) => Refusal | undefined;
  /** The same, with the headers that depend on the request. Absent: `fixed` has all of them. */
  readonly echo?: (method: string, headers: string | undefined) => Echo;
}

export interface Echo {
  readonly refusal: Refusal | undefined;
  readonly headers: readonly Header[];
}

/**
 * The methods that pass in every browser. They are listed if a policy lists none, because without any
 * Access-Control-Allow-Methods a browser may treat the requested method as allowed (Fetch,
 * CORS-preflight fetch: "if methods is null and request's use-CORS-preflight flag is set").
 */
const unstoppable = "GET, HEAD, POST";

export function compilePreflight(policy: Policy): PreflightAnswer {
  const { allowMethods, allowCredentials, maxAge } = policy;
  const allowHeaders = compileAllowHeaders(policy);
  const echoesMethod = allowCredentials && allowMethods === "*";
  const fixed: Header[] = [];
  if (!echoesMethod) {
    const methods = allowMethods === "*" ? "*" : allowMethods.join(", ");
    fixed.push(["Access-Control-Allow-Methods", methods === "" ? unstoppable : methods]);
  }
  if (!allowHeaders.echoes && allowHeaders.fixed !== "")
    fixed.push(["Access-Control-Allow-Headers", allowHeaders.fixed]);
  if (maxAge !== undefined) fixed.push(["Access-Control-Max-Age", String(maxAge)]);

  const refuseMethod = compileMethodRefusal(allowMethods);
  const readHeaders = remember(allowHeaders.read);
  const refuse = (method: string, headers: string | undefined): Refusal | undefined =>
    refuseMethod(method) ?? (headers === undefined ? undefined : readHeaders(headers).refusal);
  if (!echoesMethod && !allowHeaders.echoes) return { fixed: freezeAll(fixed), refuse };

  return {
    fixed: freezeAll(fixed),
    refuse,
    echo(method, requested) {
      const read = requested === undefined ? undefined : readHeaders(requested);
      const headers: Header[] = [];
      if (echoesMethod) {
        const safe = method.length <= requestedBytesLimit && isToken(method);
        headers.push(["Access-Control-Allow-Methods", safe ? method : unstoppable]);
      }
      if (allowHeaders.echoes) {
        const names = read?.names ?? allowHeaders.fixed;
        if (names !== "") headers.push(["Access-Control-Allow-Headers", names]);
      }
      return { refusal: refuseMethod(method) ?? read?.refusal, headers };
    },
  };
}

function compileMethodRefusal(
  allowMethods: Policy["allowMethods"],
): (method: string) => Refusal | undefined {
  const listed = allowMethods === "*" ? undefined : new Set(allowMethods);
  return (method) => {
    if (isCorsSafelistedMethod(method)) return undefined;
    const allowed =
      listed === undefined
        ? method.length <= requestedBytesLimit && isToken(method)
        : listed.has(method);
    return allowed ? undefined : "method-not-allowed";
  };
}

/** A page asks for the same names all day, but an attacker can choose what is asked; hence the limits. */
function remember(
  read: (requested: string) => RequestedHeaders,
): (requested: string) => RequestedHeaders {
  const kept = new Map<string, RequestedHeaders>();
  return (requested) => {
    if (requested.length > 256) return read(requested);
    let found = kept.get(requested);
    if (found !== undefined) return found;
    found = read(requested);
    if (kept.size >= 64) kept.clear();
    kept.set(requested, found);
    return found;
  };
}

function freezeAll(headers: Header[]): readonly Header[] {
  for (const header of headers) Object.freeze(header);
  return Object.freeze(headers);
}
