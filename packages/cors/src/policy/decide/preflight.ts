// What a preflight is answered, beside its origin: the policy's whole lists wherever a browser
// would take them. One answer then serves every request of a page (fewer preflights), and where the
// requested method or header is not in it the browser names exactly that one in its console.

import type { Header } from "../../standard/message.ts";
import { isCorsSafelistedMethod } from "../../standard/method.ts";
import { isToken } from "../../standard/token.ts";
import type { Refusal } from "./decision.ts";
import { requestedBytesLimit } from "../request-limits.ts";
import { compileNameSet, walkRequestedNames } from "./name-set.ts";
import type { NameWalk } from "./name-set.ts";
import type { Policy } from "../policy.ts";
import { echoesHeaders } from "./vary.ts";

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
  const { allowMethods, allowHeaders, allowCredentials, maxAge } = policy;
  const echoesMethod = allowCredentials && allowMethods === "*";
  const fixed: Header[] = [];
  if (!echoesMethod) {
    const methods = allowMethods === "*" ? "*" : allowMethods.join(", ");
    fixed.push(["Access-Control-Allow-Methods", methods === "" ? unstoppable : methods]);
  }
  if (!echoesHeaders(policy)) {
    const names = allowHeaders.any ? ["*", ...allowHeaders.names] : allowHeaders.names;
    if (names.length > 0) fixed.push(["Access-Control-Allow-Headers", names.join(", ")]);
  }
  if (maxAge !== undefined) fixed.push(["Access-Control-Max-Age", String(maxAge)]);

  const refuseMethod = compileMethodRefusal(allowMethods);
  const refuseHeaders = compileHeadersRefusal(policy);
  const refuse = (method: string, headers: string | undefined): Refusal | undefined =>
    refuseMethod(method) ?? (headers === undefined ? undefined : refuseHeaders(headers));
  if (!echoesMethod && !echoesHeaders(policy)) return { fixed: freezeAll(fixed), refuse };

  const authorization = allowHeaders.names.some((name) => name.toLowerCase() === "authorization");
  return {
    fixed: freezeAll(fixed),
    echo(method, requested) {
      const headers: Header[] = [];
      if (echoesMethod) {
        const safe = method.length <= requestedBytesLimit && isToken(method);
        headers.push(["Access-Control-Allow-Methods", safe ? method : unstoppable]);
      }
      if (requested !== undefined && echoesHeaders(policy)) {
        const names = echoedNames(requested, authorization);
        if (names !== "") headers.push(["Access-Control-Allow-Headers", names]);
      }
      return headers;
    },
    refuse,
  };
}

/** The names that were asked for, but for `authorization` where it is not listed; "" beyond bounds. */
function echoedNames(requested: string, authorization: boolean): string {
  let names = "";
  const walk = walkRequestedNames(requested, (name) => {
    if (name !== "authorization" || authorization) names += names === "" ? name : `, ${name}`;
    return true;
  });
  return walk === "done" ? names : "";
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

function compileHeadersRefusal(policy: Policy): (requested: string) => Refusal | undefined {
  const { any, names } = policy.allowHeaders;
  const set = compileNameSet(names);
  const allows = any
    ? (name: string) => name !== "authorization" || set.has(name)
    : (name: string) => set.has(name);
  // `*` is answered as `*` however much is asked, so asking too much for us to read is no refusal.
  const beyond: Refusal | undefined =
    any && !policy.allowCredentials ? undefined : "headers-malformed";
  // Where names are echoed, what is echoed has the plain bounds.
  const bounds = any ? [] : ([set.bytesLimit, set.namesLimit] as const);
  return (requested) => {
    const walk: NameWalk = walkRequestedNames(requested, allows, ...bounds);
    switch (walk) {
      case "done":
        return undefined;
      case "stopped":
        return "header-not-allowed";
      case "malformed":
        return "headers-malformed";
      case "beyond":
        return beyond;
    }
  };
}

function freezeAll(headers: Header[]): readonly Header[] {
  for (const header of headers) Object.freeze(header);
  return Object.freeze(headers);
}
