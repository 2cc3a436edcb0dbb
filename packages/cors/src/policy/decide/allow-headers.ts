// Access-Control-Allow-Headers. A list of names is sent in full, whatever is asked for. A family
// (`x-amz-*`) has no end, and with credentials a browser treats `*` as an ordinary name: in both cases
// the names that were asked for and are allowed are echoed. An echo is made from request bytes, so only
// tokens are echoed, in lower case and within limits.

import type { Refusal } from "./decision.ts";
import { compileFamilySet, compileNameSet, walkRequestedNames } from "./name-set.ts";
import type { Policy } from "../policy.ts";

export interface AllowHeaders {
  /** The names that every preflight response lists, comma-separated; "" for none. */
  readonly fixed: string;
  /** Whether the names depend on what is asked for; if not, they are always `fixed`. */
  readonly echoes: boolean;
  readonly read: (requested: string) => RequestedHeaders;
}

/** What a preflight that asks for certain names (Access-Control-Request-Headers) gets. */
export interface RequestedHeaders {
  /** Why a browser would block the request with these headers, given the response. */
  readonly refusal: Refusal | undefined;
  /** The complete value of Access-Control-Allow-Headers; "" for none. */
  readonly names: string;
}

type Allows = (lowerName: string) => boolean;

/** Whether the response to a preflight depends on the names that it asks for. */
export function echoesHeaders({ allowHeaders, allowCredentials }: Policy): boolean {
  return allowHeaders.any ? allowCredentials : allowHeaders.families.length > 0;
}

export function compileAllowHeaders(policy: Policy): AllowHeaders {
  const { any, names, families } = policy.allowHeaders;
  const listed = compileNameSet(names);
  const fixedNames = any ? (policy.allowCredentials ? [] : ["*", ...names]) : names;
  const fixed = fixedNames.join(", ");
  const isOfFamily = compileFamilySet(families);
  const allows: Allows = (name) =>
    listed.has(name) || (name !== "authorization" && (any || isOfFamily(name)));

  /** A page may ask for every name of a list that is sent in full, so the size of the list is also a limit. */
  const refuseListed = (requested: string): Refusal | undefined =>
    refusalOf(walkRequestedNames(requested, listed.has, listed.bytesLimit, listed.namesLimit));
  if (!echoesHeaders(policy)) {
    if (!any)
      return {
        fixed,
        echoes: false,
        read: (requested) => ({ refusal: refuseListed(requested), names: fixed }),
      };
    return {
      fixed,
      echoes: false,
      read(requested) {
        const walk = walkRequestedNames(requested, allows);
        // `*` is sent as `*` however much is asked for, so a request too long for us to read is not a refusal.
        return { refusal: walk === "beyond" ? undefined : refusalOf(walk), names: fixed };
      },
    };
  }
  return {
    fixed,
    echoes: true,
    read(requested) {
      let names = fixed;
      let isRefused = false;
      const walk = walkRequestedNames(requested, (name) => {
        if (!allows(name)) isRefused = true;
        // Under `*`, listed names are sent only if they are asked for.
        else if (any || !listed.has(name)) names += names === "" ? name : `, ${name}`;
        return true;
      });
      const refusal = isRefused
        ? "header-not-allowed"
        : walk === "beyond" && !any
          ? refuseListed(requested)
          : refusalOf(walk);
      return { refusal, names: walk === "done" ? names : fixed };
    },
  };
}

function refusalOf(walk: ReturnType<typeof walkRequestedNames>): Refusal | undefined {
  switch (walk) {
    case "done":
      return undefined;
    case "stopped":
      return "header-not-allowed";
    case "malformed":
    case "beyond":
      return "headers-malformed";
  }
}
