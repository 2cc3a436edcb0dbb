// Which address of an upstream gets the next request. All three algorithms are linear in the number of addresses, which is small.

import type { Algorithm } from "../config/config.ts";

export interface Weighted {
  readonly key: string;
  readonly weight: number;
  /** Requests in progress and WebSockets open there. */
  readonly active: number;
}

/** Chooses among at least one candidate. `key`: what a hash uses. */
export type Choose<T extends Weighted> = (candidates: readonly T[], key: string) => T;

export function balance<T extends Weighted>(algorithm: Algorithm): Choose<T> {
  switch (algorithm.kind) {
    case "round_robin":
      return smoothRoundRobin();
    case "least_conn":
      return leastConnections;
    case "hash":
      return rendezvous;
  }
}

// Smooth weighted round robin: 5:1:1 gives a a b a c a a, not five in a row.
function smoothRoundRobin<T extends Weighted>(): Choose<T> {
  const current = new Map<string, number>();
  return (candidates) => {
    let total = 0;
    let best = candidates[0] as T;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const candidate of candidates) {
      const value = (current.get(candidate.key) ?? 0) + candidate.weight;
      current.set(candidate.key, value);
      total += candidate.weight;
      if (value > bestValue) [best, bestValue] = [candidate, value];
    }
    current.set(best.key, bestValue - total);
    return best;
  };
}

function leastConnections<T extends Weighted>(candidates: readonly T[]): T {
  let best = candidates[0] as T;
  for (const candidate of candidates)
    if (candidate.active * best.weight < best.active * candidate.weight) best = candidate;
  return best;
}

// Highest random weight: when an address disappears, only its own keys move.
function rendezvous<T extends Weighted>(candidates: readonly T[], key: string): T {
  let best = candidates[0] as T;
  let bestScore = Number.NEGATIVE_INFINITY;
  for (const candidate of candidates) {
    const unit = (fnv1a(`${candidate.key}\n${key}`) + 1) / 4294967297;
    const score = -candidate.weight / Math.log(unit);
    if (score > bestScore) [best, bestScore] = [candidate, score];
  }
  return best;
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash ^= text.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  // FNV's high bits are poorly mixed for short keys; two more rounds spread them.
  hash ^= hash >>> 16;
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  hash ^= hash >>> 16;
  return hash >>> 0;
}
