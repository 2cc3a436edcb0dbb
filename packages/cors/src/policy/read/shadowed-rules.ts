// Rules by origin that can never apply, because earlier rules allow all of their origins.

import type { Policy } from "../policy.ts";
import { coverOf } from "./shadow.ts";

/** A rule that no origin reaches, and the earlier rules that apply in its place; counted from 0. */
export interface ShadowedRule {
  readonly rule: number;
  readonly by: readonly number[];
}

/** The rules that can never apply. Uncertain cases are not reported. */
export function shadowedRules(rules: readonly Policy[]): readonly ShadowedRule[] {
  const shadowed: ShadowedRule[] = [];
  for (const rule of rules.keys()) {
    const by = coveringRules(rules, rule);
    if (by !== undefined) shadowed.push({ rule, by });
  }
  return shadowed;
}

function coveringRules(rules: readonly Policy[], at: number): readonly number[] | undefined {
  const { allowOrigins, allowCredentials } = rules[at]!;
  const earlier = rules.slice(0, at);
  const everybody = earlier.findIndex(
    (rule) => rule.allowOrigins === "*" && !rule.allowCredentials,
  );
  if (everybody >= 0) return [everybody];
  // With credentials, `*` allows every origin except `null`.
  const everyTuple = earlier.findIndex((rule) => rule.allowOrigins === "*");
  if (allowOrigins === "*") return everyTuple >= 0 && allowCredentials ? [everyTuple] : undefined;
  const covers = earlier.map((rule) => coverOf(rule.allowOrigins === "*" ? [] : rule.allowOrigins));
  const by = new Set<number>();
  for (const pattern of allowOrigins) {
    const found =
      pattern.kind === "tuple" && everyTuple >= 0
        ? everyTuple
        : covers.findIndex((cover) => cover(pattern) !== undefined);
    if (found < 0) return undefined;
    by.add(found);
  }
  return [...by].sort((a, b) => a - b);
}
