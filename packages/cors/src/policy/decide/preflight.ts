// What a preflight is answered, beside its origin: the policy's whole lists wherever a browser
// would take them. One answer then serves every request of a page (fewer preflights), and where the
// requested method or header is not in it the browser names exactly that one in its console.

import type { Header } from "../../standard/message.ts";
import { isCorsSafelistedMethod } from "../../standard/method.ts";
import { isToken } from "../../standard/token.ts";
import type { Refusal } from "./decision.ts";
import { requestedBytesLimit } from "../request-limits.ts";
import type { Policy } from "../policy.ts";
import { compileAllowHeaders } from "./allow-headers.ts";

export interface PreflightAnswer {
  /** Access-Control-Allow-Methods, -Allow-Headers, -Max-Age, as far as they do not depend on the request. */
  readonly fixed: readonly Header[];
  /** The headers that depend on the request; absent: `fixed` is all. */
  readonly echo?: (method: string, headers: string | undefined) => readonly Header[];
  /**
   * Would a browser let the request through that this preflight asks for? By
   * Access-Control-Request-Method and, where there is one, -Request-Headers.
   */
  readonly refuse: (method: string, headers: string | undefined) => Refusal | undefined;
}

/**
 * The methods that pass in every browser. Named where a policy lists none, because without any
 * Access-Control-Allow-Methods a browser may take the requested method as allowed (Fetch,
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
  if (allowHeaders.echo === undefined && allowHeaders.fixed !== "")
    fixed.push(["Access-Control-Allow-Headers", allowHeaders.fixed]);
  if (maxAge !== undefined) fixed.push(["Access-Control-Max-Age", String(maxAge)]);

  const refuseMethod = compileMethodRefusal(allowMethods);
  const refuseHeaders = remember(allowHeaders.refuse);
  const refuse = (method: string, headers: string | undefined): Refusal | undefined =>
    refuseMethod(method) ?? (headers === undefined ? undefined : refuseHeaders(headers));
  if (!echoesMethod && allowHeaders.echo === undefined) return { fixed: freezeAll(fixed), refuse };

  return {
    fixed: freezeAll(fixed),
    echo(method, requested) {
      const headers: Header[] = [];
      if (echoesMethod) {
        const safe = method.length <= requestedBytesLimit && isToken(method);
        headers.push(["Access-Control-Allow-Methods", safe ? method : unstoppable]);
      }
      if (allowHeaders.echo !== undefined) {
        const names = requested === undefined ? allowHeaders.fixed : allowHeaders.echo(requested);
        if (names !== "") headers.push(["Access-Control-Allow-Headers", names]);
      }
      return headers;
    },
    refuse,
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

/** A page asks for the same names all day; what is asked is an attacker's to choose, hence the bounds. */
function remember(
  refuse: (requested: string) => Refusal | undefined,
): (requested: string) => Refusal | undefined {
  const kept = new Map<string, Refusal | undefined>();
  return (requested) => {
    if (requested.length > 256) return refuse(requested);
    const found = kept.get(requested);
    if (found !== undefined || kept.has(requested)) return found;
    const refusal = refuse(requested);
    if (kept.size >= 64) kept.clear();
    kept.set(requested, refusal);
    return refusal;
  };
}

function freezeAll(headers: Header[]): readonly Header[] {
  for (const header of headers) Object.freeze(header);
  return Object.freeze(headers);
}
