// Rules by origin, `cors = ["app", "public"]`, as one level writes them: faults of the list as a whole, and
// faults that a policy has only because it is one of several rules.

import type { Diagnostic, Policy, ShadowedRule } from "@corsway/cors";
import { quote } from "@corsway/cors/diagnostics";
import type { EffectiveRule } from "../config.ts";
import type { Layer, RulesLayer, WrittenRule } from "./layer.ts";
import { Written } from "./policies.ts";
import { Spot } from "../tree/spot.ts";
import type { Tree } from "../tree/tree.ts";

export function faultOfMerge(layer: Layer, tree: Tree, diagnostics: Diagnostic[]): undefined {
  return new Spot(tree, diagnostics, layer.path).fault("config/merged-rules", {
    message: "a list of rules cannot be merged with another level",
    why: "`merge` combines two policies field by field, and it would be a guess which rule a field belongs to",
    fix: 'write merge = "replace", or name a single policy',
    also: [{ path: ["global", "merge"], say: "the levels are merged because of this" }],
  });
}

export function faultOfPath(rule: WrittenRule, key: string, tree: Tree, diagnostics: Diagnostic[]) {
  new Spot(tree, diagnostics, [...rule.written.path, key]).fault("config/rule-path", {
    message: `the rule ${quote(rule.written.name)} has a \`path\``,
    why: "outside its path, a policy does not apply; in a list, the next rule, which may allow more, would apply instead",
    fix: "remove `path`, and write a location with that path",
    also: [{ path: rule.path, say: "it is one of several rules here" }],
  });
}

/** Warns about each rule that no origin reaches. */
export function warnOfShadowed(
  layer: RulesLayer,
  shadowed: readonly ShadowedRule[],
  tree: Tree,
  diagnostics: Diagnostic[],
): void {
  const { rules } = layer.choice;
  for (const { rule, by } of shadowed) {
    const { path, written } = rules[rule]!;
    const earlier = by.map((index) => rules[index]!);
    const names = earlier.map((one) => quote(one.written.name)).join(" and ");
    new Spot(tree, diagnostics, path).fault("config/shadowed-rule", {
      message: `the rule ${quote(written.name)} is never reached`,
      why: `the first rule that allows an origin applies, and ${names} ${by.length === 1 ? "allows" : "allow"} all of its origins`,
      fix: "move it up, or remove it",
      also: earlier.map((one) => ({ path: one.path, say: "this rule applies instead" })),
    });
  }
}

const strictness: Readonly<Record<Policy["onMismatch"], number>> = {
  omit: 0,
  "reject-writes": 1,
  reject: 2,
};

/**
 * Warns about each `on_mismatch` that refuses less in this list than it says: the last rule refuses, and
 * none does if a rule allows every origin. Whoever wrote it believes that writes are refused.
 */
export function warnOfWeakened(
  layer: RulesLayer,
  rules: readonly EffectiveRule[],
  tree: Tree,
  diagnostics: Diagnostic[],
): void {
  const open = rules.find(({ policy }) => policy.allowOrigins === "*");
  const last = rules.at(-1)!;
  const applied = open === undefined ? last.policy.onMismatch : "omit";
  for (const [index, { name, policy, fields }] of rules.entries()) {
    // Of the open rule itself, its policy says it (policy/mismatch-never).
    if (policy.allowOrigins === "*" || strictness[policy.onMismatch] <= strictness[applied])
      continue;
    const from = fields.get("on_mismatch");
    new Spot(tree, diagnostics, layer.choice.rules[index]!.path).fault("config/weakened-rule", {
      message: `the \`on_mismatch\` of the rule ${quote(name)} has no effect in this list`,
      why:
        open === undefined
          ? `a page that no rule allows is refused by the last rule, ${quote(last.name)}, whose \`on_mismatch\` is \`${applied}\``
          : `the rule ${quote(open.name)} allows every origin, so no page is refused, and pages of every origin can write here`,
      fix:
        open === undefined
          ? `write on_mismatch = "${policy.onMismatch}" in the last rule`
          : `list the origins in ${quote(open.name)}, and write on_mismatch = "${policy.onMismatch}" in the last rule`,
      ...(from instanceof Written && {
        also: [{ path: from.steps, say: "this has no effect" }],
      }),
    });
  }
}
