// rewrite = "pattern replacement": the path sent to the upstream. The pattern is RE2; the replacement may
// use its groups, as `$1` or `${name}`.

import type { Re2 } from "../../regex/re2.ts";
import { wrongType, type Form } from "./form.ts";
import { compileRegex, mostStepsWithGroups } from "./regex.ts";
import { quote } from "@corsway/cors/diagnostics";
import type { Spot } from "../tree/spot.ts";

export interface Rewrite {
  readonly pattern: string;
  readonly replacement: string;
}

export const rewrite: Form<Rewrite> = {
  schema: { type: "string", pattern: "\\S\\s+\\S", examples: ["^/orders/(.*) /v2/$1"] },
  read(value, spot) {
    if (typeof value !== "string") return wrongType(spot, value, '"pattern replacement"');
    const text = value.trim();
    const gap = text.search(/\s/);
    if (gap < 0) {
      return spot.fault("config/rewrite", {
        message: `${quote(value)} has a pattern but no replacement`,
        why: "a rewrite is two words: the pattern to find in the path, and its replacement",
        fix: `write for example "^/orders/(.*) /v2/$1"`,
      });
    }
    const pattern = text.slice(0, gap);
    const replacement = text.slice(gap).trim();
    const compiled = compileRegex(pattern, spot, mostStepsWithGroups);
    if (compiled === undefined || !replacementHolds(replacement, compiled, spot)) return undefined;
    return { pattern, replacement };
  },
};

function replacementHolds(replacement: string, pattern: Re2, spot: Spot): boolean {
  const bad = (what: string, why: string, fix: string): boolean => {
    spot.fault("config/rewrite", { message: what, why, fix });
    return false;
  };
  if (/[\s?#]/.test(replacement)) {
    return bad(
      `${quote(replacement)} is not a path`,
      "a rewrite changes only the path; the query of the request is kept",
      "remove spaces, `?` and `#`",
    );
  }
  const names = Object.keys(pattern.namedGroups());
  for (const [reference, braced, plain] of replacement.matchAll(/\$(?:\{([^}]*)\}|(\w+))?/g)) {
    const group = braced ?? plain;
    if (group === undefined) {
      return bad(
        `${quote(replacement)} has a \`$\` that does not name a group`,
        "a `$` begins a reference such as `$1`",
        "write the number or the name of a group after it",
      );
    }
    const known = /^\d+$/.test(group)
      ? Number(group) <= pattern.groupCount()
      : names.includes(group);
    if (known) continue;
    return bad(
      `\`${reference}\` names a group that the pattern does not have`,
      `the pattern has ${pattern.groupCount()} group${pattern.groupCount() === 1 ? "" : "s"}${names.length > 0 ? ` (${names.join(", ")})` : ""}`,
      "put parentheses around the part that the reference should insert",
    );
  }
  return true;
}
