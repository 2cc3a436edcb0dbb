// Which patterns are completely covered by another, of the same list or of a different one? Each
// pattern is compared only with those that could cover it (its own host with any port, the wildcards
// inside its first label, and those over its suffixes), so the cost is proportional to the list.

import { defaultPort } from "../../standard/origin.ts";
import type { HostPattern, OriginPattern, PortPattern } from "../origin-pattern.ts";

type Tuple = Extract<OriginPattern, { kind: "tuple" }>;

/** Pairs of indexes: a pattern, and the one that covers it. No two of the patterns are equal. */
export function findShadows(
  patterns: readonly OriginPattern[],
): (readonly [index: number, by: number])[] {
  // A list is usually exact names without ports, each of which covers only itself.
  if (patterns.every(isSingle)) return [];
  const find = coverFinder(patterns);
  const shadows: (readonly [number, number])[] = [];
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.kind !== "tuple") continue;
    // Two patterns that cover each other have equal ports and hosts: only the later one is reported.
    const by = find(
      pattern,
      (other) => other !== index && (other < index || !areEqual(patterns[other] as Tuple, pattern)),
    );
    if (by !== undefined) shadows.push([index, by]);
  }
  return shadows;
}

/** Does it match exactly one origin, or the opaque ones? */
function isSingle(pattern: OriginPattern): boolean {
  return pattern.kind === "null" || (pattern.host.kind === "exact" && pattern.port === "default");
}

/** The index of a pattern that completely covers a pattern of another list. */
export function coverOf(
  patterns: readonly OriginPattern[],
): (pattern: OriginPattern) => number | undefined {
  const find = coverFinder(patterns);
  const ofNull = patterns.findIndex(({ kind }) => kind === "null");
  return (pattern) => {
    if (pattern.kind === "tuple") return find(pattern, () => true);
    return ofNull < 0 ? undefined : ofNull;
  };
}

type FindCover = (pattern: Tuple, fits: (other: number) => boolean) => number | undefined;

function coverFinder(patterns: readonly OriginPattern[]): FindCover {
  const covering = new Map<string, number[]>();
  for (const [index, pattern] of patterns.entries()) {
    if (pattern.kind !== "tuple") continue;
    const { scheme, host } = pattern;
    keep(covering, hostKey(pattern), index);
    if (host.kind === "label") keep(covering, labelKey(scheme, host.suffix), index);
  }
  return (pattern, fits) => {
    for (const key of coveringKeys(pattern)) {
      // Hundreds of entries may differ only by port. Beyond this limit it is better to report nothing
      // than to do quadratic work.
      const others = covering.get(key);
      if (others === undefined) continue;
      for (const other of others.length > 32 ? others.slice(0, 32) : others) {
        const candidate = patterns[other] as Tuple;
        if (!hostCovers(candidate.host, pattern.host)) continue;
        if (portsCover(pattern.scheme, candidate.port, pattern.port) && fits(other)) return other;
      }
    }
    return undefined;
  };
}

function keep(covering: Map<string, number[]>, key: string, index: number): void {
  const others = covering.get(key);
  if (others === undefined) covering.set(key, [index]);
  else others.push(index);
}

/** One of two patterns covers the other: is the reverse true as well? */
function areEqual(by: Tuple, pattern: Tuple): boolean {
  return hostKey(by) === hostKey(pattern) && portsCover(pattern.scheme, pattern.port, by.port);
}

/** The hosts that contain every host of the pattern: its own, `*`, and each wildcard above it. */
function* coveringKeys(pattern: Tuple): Generator<string> {
  yield hostKey(pattern);
  const { scheme, host } = pattern;
  if (host.kind === "any") return;
  if (host.kind === "exact" && !isWildcardName(host.host)) return;
  // A name that ends in a dot has an empty label, which no wildcard matches.
  const end = host.kind === "exact" ? host.host : host.suffix;
  if (!end.endsWith(".")) yield `${scheme}://*`;
  if (host.kind === "label") yield labelKey(scheme, host.suffix);
  const dot = host.kind === "exact" ? host.host.indexOf(".") : -1;
  if (host.kind === "exact" && dot >= 0) yield labelKey(scheme, host.host.slice(dot + 1));
  let suffix = host.kind === "exact" ? host.host : `x.${host.suffix}`;
  if (host.kind === "subdomains") suffix = host.suffix;
  for (let dot = suffix.indexOf("."); dot >= 0; dot = suffix.indexOf(".")) {
    suffix = suffix.slice(dot + 1);
    yield `${scheme}://*.${suffix}`;
  }
}

/** Where patterns with a wildcard inside the first label are kept, by what follows that label. */
function labelKey(scheme: string, suffix: string): string {
  return `${scheme}://?.${suffix}`;
}

/** For a host found by one of the keys; only inside a label is there more to compare. */
function hostCovers(by: HostPattern, host: HostPattern): boolean {
  if (by.kind !== "label" || host.kind === "subdomains" || host.kind === "any") return true;
  // A wildcard never matches the empty string, so a longer beginning and end are always covered.
  if (host.kind === "label")
    return host.before.startsWith(by.before) && host.after.endsWith(by.after);
  const label = host.host.slice(0, host.host.indexOf("."));
  return (
    label.length > by.before.length + by.after.length &&
    label.startsWith(by.before) &&
    label.endsWith(by.after)
  );
}

/** May a wildcard match part of this name? See HostPattern. */
function isWildcardName(host: string): boolean {
  return /^[a-z0-9_.-]+$/.test(host);
}

function hostKey({ scheme, host }: Tuple): string {
  switch (host.kind) {
    case "exact":
      return `${scheme}://${host.host}`;
    case "any":
      return `${scheme}://*`;
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
