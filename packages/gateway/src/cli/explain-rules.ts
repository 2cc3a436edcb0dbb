// `explain --config` if rules by origin decide: which rule applied, why the earlier ones did not, and which
// of them to look at for a fix.

import { permitsOrigin } from "@corsway/cors";
import type { Verdict } from "@corsway/cors/browser";
import { quote } from "@corsway/cors/diagnostics";
import type { Effective, EffectiveRule } from "../config/config.ts";
import type { Ruling } from "../responders/config-gateway.ts";

type Rules = Extract<Effective, { readonly kind: "rules" }>;

/** `rule 2 of 2, policy \`public\``; `answered`: the rule that allowed or refused, if one was consulted. */
export function sayRules({ name, rules }: Rules, answered: number | undefined): string {
  if (answered === undefined) return `rules \`${name}\`, none of them consulted`;
  return `rule ${answered + 1} of ${rules.length}, policy \`${rules[answered]!.name}\``;
}

/** Why the rules before the one that applied did not. */
export function ruleNotes(
  { effective, rule: answered }: Ruling,
  origin: string,
): readonly (readonly [string, string])[] {
  if (effective.kind !== "rules" || answered === undefined) return [];
  const { rules } = effective;
  if (!permitsOrigin(rules[answered]!.policy, origin))
    return [
      [
        "note",
        `none of the ${rules.length} rules allows ${quote(origin)}, and the last one refuses`,
      ],
    ];
  return rules
    .slice(0, answered)
    .map(({ name }, index) => [
      "note",
      `rule ${index + 1}, \`${name}\`, did not apply: it does not allow ${quote(origin)}`,
    ]);
}

/**
 * The rule to change: the one that applied, unless the page sends credentials that it does not allow and
 * an earlier rule does. Opening a rule for every origin to cookies must not be the only fix.
 */
export function ruleToChange(
  { rules }: Rules,
  answered: number | undefined,
  { detail }: Verdict,
): EffectiveRule {
  const at = answered ?? rules.length - 1;
  const wantsCredentials =
    detail !== undefined && "credentials" in detail && detail.credentials === "include";
  const earlier = rules.slice(0, at).find(({ policy }) => policy.allowCredentials);
  const needsThem = wantsCredentials && !rules[at]!.policy.allowCredentials;
  return (needsThem ? earlier : undefined) ?? rules[at]!;
}
