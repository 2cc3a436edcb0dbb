// Names that were listed and never had an effect: `OPTIONS` as a method, `Access-Control-Allow-Origin` as a request header.
// A policy refuses some of them; whoever migrates should not have to remove them first.

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { readPolicyFrom } from "../policy/read/read.ts";

const withoutEffect: ReadonlySet<string> = new Set([
  "policy/method-forbidden",
  "policy/method-options",
  "policy/header-of-cors",
  "policy/request-header-forbidden",
  "policy/response-header-forbidden",
  "policy/empty-entry",
  "policy/duplicate-entry",
]);

/** A policy whose lists hold only what has an effect, and what was left out of them. */
export interface EffectivePolicy {
  readonly policy: Readonly<Record<string, unknown>>;
  readonly left: readonly {
    readonly field: string;
    readonly name: string;
    readonly fault: Diagnostic;
  }[];
}

/** `policy`: fields in camelCase, lists as arrays. */
export function effectiveEntries(policy: Readonly<Record<string, unknown>>): EffectivePolicy {
  const left: { field: string; name: string; fault: Diagnostic }[] = [];
  const kept: Record<string, unknown> = { ...policy };
  const without = new Map<string, Set<number>>();
  for (const fault of readPolicyFrom("camel", policy).diagnostics) {
    const place = /^(\w+)\[(\d+)\]$/.exec(fault.path);
    if (place === null || !withoutEffect.has(fault.code)) continue;
    const [field, index] = [place[1]!, Number(place[2])];
    const indexes = without.get(field) ?? new Set();
    if (indexes.has(index)) continue;
    without.set(field, indexes.add(index));
    left.push({ field, name: String((policy[field] as readonly unknown[])[index]), fault });
  }
  for (const [field, indexes] of without)
    kept[field] = (policy[field] as readonly unknown[]).filter((_, index) => !indexes.has(index));
  return { policy: kept, left };
}
