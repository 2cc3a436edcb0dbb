// Which patterns does another one of the same list cover whole? Each pattern asks only those that
// could cover it (its own host with any port, and the wildcards over its suffixes), so a long list
// costs its length.

import { defaultPort } from "../standard/origin.ts";
import type { OriginPattern, PortPattern } from "./origin-pattern.ts";

type Tuple = Extract<OriginPattern, { kind: "tuple" }>;

/** Pairs of indexes: a pattern, and the one that covers it. */
export function findShadows(
  patterns: readonly OriginPattern[],
): (readonly [index: number, by: number])[] {
  const covering = new Map<string, number[]>();
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.kind !== "tuple") continue;
    const key = hostKey(pattern);
    const others = covering.get(key);
    if (others === undefined) covering.set(key, [index]);
    else others.push(index);
  }
  const shadows: (readonly [number, number])[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.kind !== "tuple") continue;
    const by = coveredBy(pattern, index, patterns, covering);
    if (by !== undefined) shadows.push([index, by]);
  }
  return shadows;
}

function coveredBy(
  pattern: Tuple,
  index: number,
  patterns: readonly OriginPattern[],
  covering: ReadonlyMap<string, readonly number[]>,
): number | undefined {
  for (const key of coveringKeys(pattern)) {
    // One host in hundreds of entries differs by port alone; past that many, no telling is better
    // than quadratic work.
    for (const other of covering.get(key)?.slice(0, 32) ?? []) {
      if (other === index) continue;
      const candidate = patterns[other] as Tuple;
      if (!portsCover(pattern.scheme, candidate.port, pattern.port)) continue;
      // Two that cover each other have equal ports and hosts: only the later one is told.
      const mutual =
        key === hostKey(pattern) && portsCover(pattern.scheme, pattern.port, candidate.port);
      if (!mutual || other < index) return other;
    }
  }
  return undefined;
}

/** The hosts that hold every host of the pattern: its own, and each wildcard above it. */
function* coveringKeys(pattern: Tuple): Generator<string> {
  yield hostKey(pattern);
  const { scheme, host } = pattern;
  if (host.kind === "exact" && !isWildcardName(host.host)) return;
  let suffix = host.kind === "exact" ? host.host : `x.${host.suffix}`;
  if (host.kind === "subdomains") suffix = host.suffix;
  for (let dot = suffix.indexOf("."); dot >= 0; dot = suffix.indexOf(".")) {
    suffix = suffix.slice(dot + 1);
    yield `${scheme}://*.${suffix}`;
  }
}

/** May a wildcard stand for a part of this name? See HostPattern. */
function isWildcardName(host: string): boolean {
  return /^[a-z0-9_.-]+$/.test(host);
}

function hostKey({ scheme, host }: Tuple): string {
  switch (host.kind) {
    case "exact":
      return `${scheme}://${host.host}`;
    case "subdomains":
      return `${scheme}://*.${host.suffix}`;
    case "label":
      return `${scheme}://${host.before}*${host.after}.${host.suffix}`;
  }
}

function portsCover(scheme: string, by: PortPattern, port: PortPattern): boolean {
  if (by === "any") return true;
  if (port === "any") return false;
  const listed = new Set(numbers(scheme, by));
  return numbers(scheme, port).every((number) => listed.has(number));
}

function numbers(scheme: string, port: "default" | readonly number[]): readonly number[] {
  return port === "default" ? [defaultPort(scheme) ?? 0] : port;
}
