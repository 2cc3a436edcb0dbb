// The host names that a server answers to. A page of `evil.example` whose name is pointed at our address sends
// `Host: evil.example` and counts as same-origin (DNS rebinding): only the name reveals it.

import { quote } from "../policy/read/faults.ts";

/** Whether this value of `Host` (with or without a port) is one of the names. */
export type HostSet = (host: string | undefined) => boolean;

/** Why a pattern can match no request; undefined if it is valid. */
export function hostFault(pattern: string): string | undefined {
  if (pattern === "*") return undefined;
  const name = pattern.startsWith("*.") ? pattern.slice(2) : pattern;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(pattern)) return `${quote(pattern)} has a scheme`;
  if (pattern.includes("/")) return `${quote(pattern)} has a path`;
  if (name.includes("*")) return `${quote(pattern)} has a wildcard elsewhere than in front`;
  if (!name.startsWith("[") && name.includes(":"))
    return `${quote(pattern)} has a port, and ports are not compared`;
  let canonical: string | undefined;
  try {
    canonical = new URL(`http://${name}`).host;
  } catch {
    // reported below: no URL has this host
  }
  return canonical === name ? undefined : `${quote(pattern)} is not a host as browsers send it`;
}

/** `patterns`: exact names, `*.example.com` (one or more labels, never the apex), IP addresses. */
export function compileHostSet(patterns: readonly string[]): HostSet {
  const exact = new Set(patterns.filter((pattern) => !pattern.startsWith("*.")));
  const suffixes = new Set(
    patterns.filter((pattern) => pattern.startsWith("*.")).map((pattern) => pattern.slice(2)),
  );
  return (host) => {
    if (host === undefined || host.length > 262) return false;
    const name = hostName(host).toLowerCase();
    if (exact.has(name)) return true;
    if (suffixes.size === 0) return false;
    for (let dot = name.indexOf("."); dot > 0; dot = name.indexOf(".", dot + 1))
      if (suffixes.has(name.slice(dot + 1))) return true;
    return false;
  };
}

function hostName(host: string): string {
  const colon = host.lastIndexOf(":");
  return colon < 0 || host.endsWith("]") ? host : host.slice(0, colon);
}
