// Access-Control-Allow-Headers. A list of names is answered whole, whatever is asked. A family
// (`x-amz-*`) has no end, and with credentials a browser takes `*` for a name like any other: there
// the names that were asked for and are allowed are echoed. An echo is made of request bytes, so only
// tokens are echoed, in lower case and within bounds.

import type { Refusal } from "./decision.ts";
import { compileFamilySet, compileNameSet, walkRequestedNames } from "./name-set.ts";
import type { Policy } from "../policy.ts";

export interface AllowHeaders {
  /** The names that every preflight is answered, comma-separated; "" for none. */
  readonly fixed: string;
  /**
   * The whole value for a preflight that asks for these (Access-Control-Request-Headers); absent: it
   * is always `fixed`.
   */
  readonly echo?: (requested: string) => string;
  /** Would a browser let these through, given the answer? */
  readonly refuse: (requested: string) => Refusal | undefined;
}

type Allows = (lowerName: string) => boolean;

/** Does the answer to a preflight depend on the names that it asks for? */
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

  /** A list that is answered whole may be asked for whole, so its own size is a bound. */
  const refuseListed = (requested: string): Refusal | undefined =>
    refusalOf(walkRequestedNames(requested, listed.has, listed.bytesLimit, listed.namesLimit));
  if (!echoesHeaders(policy)) {
    if (!any) return { fixed, refuse: refuseListed };
    return {
      fixed,
      refuse(requested) {
        const walk = walkRequestedNames(requested, allows);
        // `*` is answered as `*` however much is asked, so asking too much for us to read is no refusal.
        return walk === "beyond" ? undefined : refusalOf(walk);
      },
    };
  }
  return {
    fixed,
    echo(requested) {
      let value = fixed;
      const walk = walkRequestedNames(requested, (name) => {
        // Under `*` listed names are not answered unless they are asked for.
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
