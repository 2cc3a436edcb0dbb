// What each origin gets under a list of rules. The same few pages make requests all day, so results are
// cached, in one map, because a request then costs one look-up. An attacker can choose the origins, so
// each kind of origin has its own share of the map, and a flood of one kind evicts none of the others.

import type { OriginRefusal } from "./origin-refusal.ts";
import { originRefusal } from "./origin-refusal.ts";
import type { OriginAnswer, Rule } from "./rule.ts";

/** Exact origins: never more than the rules list. */
const keptExact = 4096;
/** Origins that match a wildcard: there is no end of them, so the oldest is evicted. */
const keptMatched = 256;
/** Origins that are refused. */
const keptRefused = 256;

/** What the first rule that allows the origin gives it, or else `refused`. undefined: too long. */
export function answerOrigins<Made>(
  rules: readonly Rule<Made>[],
  refused: Readonly<Record<OriginRefusal, OriginAnswer<Made>>>,
): (origin: string | undefined) => OriginAnswer<Made> {
  const everybody = rules.at(-1)?.everybody;
  if (rules.length === 1 && everybody !== undefined) return () => everybody;

  const known = new Map<string, OriginAnswer<Made>>();
  let exact = 0;
  const keepMatched = shareOf(known, keptMatched);
  const keepRefused = shareOf(known, keptRefused);

  function search(origin: string): OriginAnswer<Made> {
    for (const rule of rules) {
      const match = rule.match(origin);
      if (match === undefined) continue;
      if (rule.everybody !== undefined) return rule.everybody;
      const allowed = rule.answers(origin);
      if (match === "pattern") keepMatched(origin, allowed);
      else if (exact < keptExact) {
        exact++;
        known.set(origin, allowed);
      }
      return allowed;
    }
    const answer = refused[originRefusal(origin)];
    keepRefused(origin, answer);
    return answer;
  }

  return (origin) => {
    if (origin === undefined) return everybody ?? refused[originRefusal(origin)];
    return known.get(origin) ?? search(origin);
  };
}

/** Adds to the map, and removes the oldest of its own additions if there are more than `limit`. */
function shareOf<Value>(
  map: Map<string, Value>,
  limit: number,
): (key: string, value: Value) => void {
  const keys: string[] = [];
  let oldest = 0;
  return (key, value) => {
    if (keys.length < limit) keys.push(key);
    else {
      map.delete(keys[oldest]!);
      keys[oldest] = key;
      oldest = (oldest + 1) % limit;
    }
    map.set(key, value);
  };
}
