// Rules by origin, `cors = ["app", "public"]`, as one level writes them: faults of the list as a whole, and
// faults that a policy has only because it is one of several rules.

import type { Diagnostic, ShadowedRule } from "@corsway/cors";
import { quote } from "@corsway/cors/diagnostics";
import type { Layer, RulesLayer, WrittenRule } from "./layer.ts";
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
