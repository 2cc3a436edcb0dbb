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
  /**
   * The complete value for a preflight that asks for these names (Access-Control-Request-Headers).
   * Absent: the value is always `fixed`.
   */
  readonly echo?: (requested: string) => string;
  /** Why a browser would block a request with these headers, given the response; undefined if it would not. */
  readonly refuse: (requested: string) => Refusal | undefined;
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
    if (!any) return { fixed, refuse: refuseListed };
    return {
      fixed,
      refuse(requested) {
        const walk = walkRequestedNames(requested, allows);
        // `*` is sent as `*` however much is asked for, so a request too long for us to read is not a refusal.
        return walk === "beyond" ? undefined : refusalOf(walk);
      },
    };
  }
  return {
    fixed,
    echo(requested) {
      let value = fixed;
      const walk = walkRequestedNames(requested, (name) => {
        // Under `*`, listed names are sent only if they are asked for.
        const isAnswered = !any && listed.has(name);
        if (!isAnswered && allows(name)) value += value === "" ? name : `, ${name}`;
        return true;
      });
      return walk === "done" ? value : fixed;
    },
    refuse(requested) {
      const walk = walkRequestedNames(requested, allows);
      return walk === "beyond" && !any ? refuseListed(requested) : refusalOf(walk);
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
