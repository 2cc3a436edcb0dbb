// What each origin gets under a list of rules. The same few pages make requests all day, so results are
// cached. An attacker can choose the origins, so each kind of origin is cached within its own limit, and
// a flood of one kind evicts none of the others.

import type { OriginRefusal } from "./origin-refusal.ts";
import { originRefusal } from "./origin-refusal.ts";
import type { Allowed, Rule } from "./rule.ts";

/** Exact origins: never more than the rules list. */
const keptExact = 4096;
/** Origins that match a wildcard: there is no end of them, so the oldest is evicted. */
const keptMatched = 256;
/** Origins that are refused. */
const keptRefused = 256;

/** What the first rule that allows the origin gives it, or why none does. undefined: too long. */
export function answerOrigins(
  rules: readonly Rule[],
): (origin: string | undefined) => Allowed | OriginRefusal {
  const exact = new Map<string, Allowed>();
  const matched = new Map<string, Allowed>();
  const refused = new Map<string, OriginRefusal>();
  const everybody = rules.at(-1)?.everybody;
  if (rules.length === 1 && everybody !== undefined) return () => everybody;

  function search(origin: string): Allowed | OriginRefusal {
    for (const rule of rules) {
      const match = rule.match(origin);
      if (match === undefined) continue;
      if (rule.everybody !== undefined) return rule.everybody;
      const allowed = rule.answers(origin);
      if (match === "pattern") keep(matched, keptMatched, origin, allowed);
      else if (exact.size < keptExact) exact.set(origin, allowed);
      return allowed;
    }
    const refusal = originRefusal(origin);
    keep(refused, keptRefused, origin, refusal);
    return refusal;
  }

  return (origin) => {
    if (origin === undefined) return everybody ?? originRefusal(origin);
    return exact.get(origin) ?? matched.get(origin) ?? refused.get(origin) ?? search(origin);
  };
}

function keep<Value>(map: Map<string, Value>, limit: number, origin: string, value: Value): void {
  if (map.size >= limit) map.delete(map.keys().next().value!);
  map.set(origin, value);
}
