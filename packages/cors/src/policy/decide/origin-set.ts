// Which serialised origins match a list of patterns? Exact origins are looked up as a whole, those with
// any port by the part before the port, and wildcard hosts by their labels from the right: a hundred
// thousand patterns cost the same as one. Matching against checked patterns is itself a check of the
// exact forms; only the part that a wildcard matches is read byte by byte. Labels are compared as a
// whole, so `foo.com` and `bar.com` never meet in `barfoo.com`.

import { defaultPort, originLengthLimit, parsePort } from "../../standard/origin.ts";
import type { OriginPattern, PortPattern } from "../origin-pattern.ts";
import { runSteps, type Steps } from "./steps.ts";

/** `exact`: one of finitely many origins. `pattern`: matched through a wildcard. */
export type OriginMatch = "exact" | "pattern" | undefined;

export interface OriginSet {
  match(origin: string): OriginMatch;
}

/** What is allowed on one host pattern, by scheme. */
type Ports = Map<string, { any: boolean; readonly listed: Set<number> }>;

/** 253 and a trailing dot: a short scheme leaves more room than any name needs. */
const hostLengthLimit = 254;

/** `noPort` in `listed`: the origin has no port. */
const noPort = 0;

interface Node {
  readonly children: Map<string, Node>;
  /** `*.` and the labels down to this node. */
  subdomains?: Ports;
  /** `before*after` and the labels down to this node, by that key, with the lengths that occur. */
  labels?: Map<string, Ports>;
  lengths?: (readonly [before: number, after: number])[];
}

/** Patterns between two steps: a few tenths of a millisecond. */
const patternsPerStep = 512;

export function compileOriginSet(patterns: readonly OriginPattern[]): OriginSet {
  return runSteps(compileOriginSetInSteps(patterns));
}

/** The same for callers with other work to do: each step is short, however many patterns there are. */
export function* compileOriginSetInSteps(patterns: Iterable<OriginPattern>): Steps<OriginSet> {
  let read = 0;
  /** Hosts by scheme. The strings are the patterns' own, so a long list is not copied. */
  const portless = new Map<string, Set<string>>();
  const exact = new Set<string>();
  const anyPort = new Set<string>();
  /** By scheme, for patterns with `*` as the host. */
  const anyHost: Ports = new Map();
  const root: Node = { children: new Map() };
  for (const pattern of patterns) {
    if (++read % patternsPerStep === 0) yield;
    if (pattern.kind === "null") {
      exact.add("null");
      continue;
    }
    const { scheme, host, port } = pattern;
    if (host.kind === "exact") {
      if (port === "default") {
        let hosts = portless.get(scheme);
        if (hosts === undefined) portless.set(scheme, (hosts = new Set()));
        hosts.add(host.host);
        continue;
      }
      const stem = `${scheme}://${host.host}`;
      if (port === "any") anyPort.add(stem);
      else
        for (const number of listedPorts(scheme, port))
          exact.add(number === noPort ? stem : `${stem}:${number}`);
    } else if (host.kind === "any") addPorts(anyHost, scheme, port);
    else {
      const node = descend(root, host.suffix);
      if (host.kind === "subdomains") addPorts((node.subdomains ??= new Map()), scheme, port);
      else {
        const labels = (node.labels ??= new Map());
        const key = `${host.before}*${host.after}`;
        let ports = labels.get(key);
        if (ports === undefined) labels.set(key, (ports = new Map()));
        addPorts(ports, scheme, port);
        const lengths = (node.lengths ??= []);
        if (!lengths.some(([b, a]) => b === host.before.length && a === host.after.length))
          lengths.push([host.before.length, host.after.length]);
      }
    }
  }

  return {
    match(origin: string): OriginMatch {
      if (origin.length > originLengthLimit) return undefined;
      if (exact.has(origin)) return "exact";
      const schemeEnd = origin.indexOf("://");
      if (schemeEnd < 1) return undefined;
      const hostStart = schemeEnd + 3;
      // An IPv6 host is full of colons, but ends in a bracket.
      const colon = origin.lastIndexOf(":");
      const hasPort = colon >= hostStart && origin.charCodeAt(origin.length - 1) !== 0x5d;
      const hostEnd = hasPort ? colon : origin.length;
      if (hostEnd - hostStart > hostLengthLimit) return undefined;
      const scheme = origin.slice(0, schemeEnd);
      if (!hasPort && portless.get(scheme)?.has(origin.slice(hostStart)) === true) return "exact";
      if (anyPort.size === 0 && anyHost.size === 0 && root.children.size === 0) return undefined;
      let port = noPort;
      if (hasPort) {
        const number = parsePort(origin.slice(colon + 1));
        // No browser serialises an origin with its default port.
        if (number === undefined || number === defaultPort(scheme)) return undefined;
        port = number;
      }
      if (anyPort.has(hasPort ? origin.slice(0, hostEnd) : origin)) return "pattern";
      if (allowsPort(anyHost, scheme, port) && isWildLabels(origin, hostStart, hostEnd))
        return "pattern";
      return matchesHost(root, origin, hostStart, hostEnd, scheme, port) ? "pattern" : undefined;
    },
  };
}

function listedPorts(scheme: string, port: "default" | readonly number[]): number[] {
  if (port === "default") return [noPort];
  return port.map((number) => (number === defaultPort(scheme) ? noPort : number));
}

function addPorts(ports: Ports, scheme: string, port: PortPattern): void {
  let entry = ports.get(scheme);
  if (entry === undefined) ports.set(scheme, (entry = { any: false, listed: new Set() }));
  if (port === "any") entry.any = true;
  else for (const number of listedPorts(scheme, port)) entry.listed.add(number);
}

function allowsPort(ports: Ports | undefined, scheme: string, port: number): boolean {
  const entry = ports?.get(scheme);
  return entry !== undefined && (entry.any || entry.listed.has(port));
}

function descend(root: Node, suffix: string): Node {
  let node = root;
  for (const label of suffix.split(".").reverse()) {
    let child = node.children.get(label);
    if (child === undefined) node.children.set(label, (child = { children: new Map() }));
    node = child;
  }
  return node;
}

/** Walks the labels of origin[start, end) from the right, as deep as the patterns go. */
function matchesHost(
  root: Node,
  origin: string,
  start: number,
  end: number,
  scheme: string,
  port: number,
): boolean {
  let node = root;
  let labelEnd = end;
  for (;;) {
    const dot = origin.lastIndexOf(".", labelEnd - 1);
    if (dot <= start) return false; // no label would be left for the wildcard
    const child = node.children.get(origin.slice(dot + 1, labelEnd));
    if (child === undefined) return false;
    node = child;
    labelEnd = dot;
    if (allowsPort(node.subdomains, scheme, port) && isWildLabels(origin, start, labelEnd))
      return true;
    if (node.labels !== undefined && matchesLabel(node, origin, start, labelEnd, scheme, port))
      return true;
  }
}

/** One label is left: does some `before*after` match it? There are few lengths: a label has 63 characters. */
function matchesLabel(
  node: Node,
  origin: string,
  start: number,
  end: number,
  scheme: string,
  port: number,
): boolean {
  for (const [before, after] of node.lengths!) {
    const wildStart = start + before;
    const wildEnd = end - after;
    if (wildStart >= wildEnd) continue;
    const key = `${origin.slice(start, wildStart)}*${origin.slice(wildEnd, end)}`;
    if (!allowsPort(node.labels!.get(key), scheme, port)) continue;
    if (isWildLabels(origin, wildStart, wildEnd, false)) return true;
  }
  return false;
}

/** One or more non-empty labels of a-z, 0-9, `-`, `_`; only part of one label if `dots` is false. */
function isWildLabels(origin: string, start: number, end: number, dots = true): boolean {
  let labelStart = start;
  for (let i = start; i < end; i++) {
    const code = origin.charCodeAt(i);
    if (code === 0x2e) {
      if (!dots || i === labelStart) return false;
      labelStart = i + 1;
    } else if (!isWildCode(code)) return false;
  }
  return labelStart < end;
}

function isWildCode(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x2d ||
    code === 0x5f
  );
}
