// One origin for each way in which the patterns of some rules can meet: inside each pattern, where two of
// them overlap, at each port that one of them names, and outside all of them. Rules that treat these alike
// treat every origin alike, because patterns only compare schemes, ports, and the beginnings and ends of
// host names.

import type { HostPattern, Policy } from "@corsway/cors";

/** Beyond, the rest is left out: a person does not read so many either. */
const mostWitnesses = 50_000;
const unlistedPort = 61_234;

const defaultPorts: Readonly<Record<string, number>> = {
  http: 80,
  https: 443,
  ws: 80,
  wss: 443,
  ftp: 21,
};

interface SchemeParts {
  readonly exact: Set<string>;
  readonly ports: Set<number | undefined>;
  /** By suffix: what first labels begin and end with; both empty for `*.`. */
  readonly suffixes: Map<string, { readonly before: Set<string>; readonly after: Set<string> }>;
  isAnyHost: boolean;
}

export function witnessOrigins(rules: readonly Policy[]): readonly string[] {
  const schemes = new Map<string, SchemeParts>();
  for (const { allowOrigins } of rules) {
    if (allowOrigins === "*") continue;
    for (const pattern of allowOrigins) {
      if (pattern.kind === "null") continue;
      const { scheme, host, port } = pattern;
      let parts = schemes.get(scheme);
      if (parts === undefined) {
        parts = { exact: new Set(), ports: new Set(), suffixes: new Map(), isAnyHost: false };
        schemes.set(scheme, parts);
      }
      addHost(parts, host);
      if (port === "default") parts.ports.add(undefined);
      else if (port === "any") parts.ports.add(undefined).add(unlistedPort);
      else for (const one of port) parts.ports.add(one === defaultPorts[scheme] ? undefined : one);
    }
  }
  const [one, two] = freshLabels(schemes);
  const origins = new Set([`https://${one}.example`, "null"]);
  for (const [scheme, parts] of schemes)
    for (const host of hostsOf(parts, one, two))
      for (const port of parts.ports) {
        if (origins.size >= mostWitnesses) return [...origins];
        origins.add(`${scheme}://${host}${port === undefined ? "" : `:${port}`}`);
      }
  return [...origins];
}

function addHost(parts: SchemeParts, host: HostPattern): void {
  switch (host.kind) {
    case "exact":
      parts.exact.add(host.host);
      return;
    case "any":
      parts.isAnyHost = true;
      return;
    case "subdomains":
    case "label": {
      const known = parts.suffixes.get(host.suffix) ?? {
        before: new Set([""]),
        after: new Set([""]),
      };
      parts.suffixes.set(host.suffix, known);
      if (host.kind === "label") {
        known.before.add(host.before);
        known.after.add(host.after);
      }
    }
  }
}

function* hostsOf(parts: SchemeParts, one: string, two: string): Generator<string> {
  yield* parts.exact;
  for (const [suffix, { before, after }] of parts.suffixes) {
    for (const beginning of before)
      for (const end of after) yield `${beginning}${one}${end}.${suffix}`;
    yield `${two}.${one}.${suffix}`;
  }
  if (parts.isAnyHost) {
    yield one;
    yield `${two}.${one}`;
  }
}

/** Labels that no pattern names. */
function freshLabels(schemes: ReadonlyMap<string, SchemeParts>): readonly [string, string] {
  const texts: string[] = [];
  for (const { exact, suffixes } of schemes.values()) {
    texts.push(...exact);
    for (const [suffix, { before, after }] of suffixes) texts.push(suffix, ...before, ...after);
  }
  const fresh = (word: string): string => {
    let label = word;
    for (let n = 2; texts.some((text) => text.includes(label)); n++) label = `${word}${n}`;
    return label;
  };
  return [fresh("page"), fresh("deep")];
}
