// Where other pages can write with a visitor's cookies. This is not a fault, but many people do not know
// it: an information line of `check`.

import { quote } from "@corsway/cors/diagnostics";
import type { Effective, EffectiveRule, Source } from "../config.ts";
import type { Said } from "../tree/spot.ts";

const carriedOut =
  "a POST that needs no preflight (a form, plain text) carries the visitor's cookies, and it is executed before the browser blocks its response";

/** What to say of it, and where; undefined where other pages cannot write, or say so themselves. */
export function openWritesOf(effective: Effective): OpenWrites | undefined {
  switch (effective.kind) {
    case "policy": {
      const { policy, from } = effective;
      if (!policy.allowCredentials || policy.allowOrigins === "*") return undefined;
      return omitting(effective, from);
    }
    case "rules": {
      const { rules, from } = effective;
      if (!rules.some(({ policy }) => policy.allowCredentials)) return undefined;
      const open = rules.find(({ policy }) => policy.allowOrigins === "*");
      if (open === undefined) return omitting(rules.at(-1)!, from);
      return {
        at: from,
        said: {
          message: "pages of every origin can write here, with the visitor's cookies",
          why: `${carriedOut}; the rule ${quote(open.name)} allows every origin, so \`on_mismatch\` rejects none`,
          fix: 'to keep their writes out, list the origins in that rule, and write on_mismatch = "reject-writes" in the last one',
        },
      };
    }
    default:
      return undefined;
  }
}

export interface OpenWrites {
  readonly at: Source;
  readonly said: Said;
}

function omitting({ name, policy, fields }: EffectiveRule, from: Source): OpenWrites | undefined {
  if (policy.onMismatch !== "omit") return undefined;
  return {
    at: fields.get("on_mismatch") ?? fields.get("allow_credentials") ?? from,
    said: {
      message: `pages that ${quote(name)} does not allow can write here, with the visitor's cookies`,
      why: carriedOut,
      fix: 'on_mismatch = "reject-writes" answers such a request with 403 before the upstream gets it',
    },
  };
}
