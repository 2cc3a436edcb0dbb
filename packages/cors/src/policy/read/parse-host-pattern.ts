// The host of an origin pattern: a name, an IP address in canonical form, a wildcard in the first label,
// or, for schemes other than http and https, `*` as the whole host.

import type { PolicyCode } from "../../diagnostics/codes.ts";
import { parseOrigin } from "../../standard/origin.ts";
import type { HostPattern } from "../origin-pattern.ts";
import { appOriginsOfScheme } from "./app-origins.ts";

export type ParsedHost =
  | { readonly host: HostPattern }
  | {
      readonly code: PolicyCode;
      /** Completes the sentence that begins with the pattern. */
      readonly problem: string;
      readonly why: string;
      readonly say: string;
      /** The host to write instead, if that is the one safe change. */
      readonly meantHost?: string;
    };

/** The caller has checked that the text is ASCII and in lower case. */
export function parseHostPattern(text: string, scheme: string): ParsedHost {
  if (text === "") return noHost(scheme);
  if (text.startsWith("[")) return parseIpv6(text);
  const length = text.endsWith(".") ? text.length - 1 : text.length;
  if (length > (text.startsWith("*.") ? 255 : 253))
    return hostProblem("has a host of more than 253 characters", "no DNS name is that long");
  return text.includes("*") ? parseWildcard(text, scheme) : parseName(text, scheme);
}

function noHost(scheme: string): ParsedHost {
  const problem = hostProblem("has no host", "an origin is a scheme, a host and a port");
  const known = appOriginsOfScheme(scheme).map((origin) => `\`${origin}\``);
  return known.length === 0 ? problem : { ...problem, say: `write ${known.join(" or ")}` };
}

function parseIpv6(text: string): ParsedHost {
  let canonical: string | undefined;
  try {
    canonical = text.endsWith("]") ? new URL(`http://${text}`).hostname : undefined;
  } catch {
    canonical = undefined;
  }
  if (canonical === text) return { host: { kind: "exact", host: text } };
  return ipProblem(canonical);
}

function parseName(text: string, scheme: string): ParsedHost {
  const labels = (text.endsWith(".") ? text.slice(0, -1) : text).split(".");
  const problem = labelProblem(labels);
  if (problem !== undefined) return problem;
  const isSpecial = scheme === "http" || scheme === "https" || scheme === "ws" || scheme === "wss";
  if (isSpecial) {
    let canonical: string | undefined;
    try {
      canonical = new URL(`http://${text}`).hostname;
    } catch {
      canonical = undefined;
    }
    if (endsInNumber(labels)) {
      if (canonical !== text) return ipProblem(canonical);
    } else if (canonical !== text)
      return hostProblem(
        "has a host that is not valid in a URL",
        "a browser cannot open a page there, so it never sends this origin",
      );
  }
  if (parseOrigin(`https://${text}`) === undefined)
    return hostProblem(
      "has a character that is not allowed in a host",
      "no browser sends this origin",
    );
  return { host: { kind: "exact", host: text } };
}

function parseWildcard(text: string, scheme: string): ParsedHost {
  const dot = text.indexOf(".");
  const first = dot < 0 ? text : text.slice(0, dot);
  const suffix = dot < 0 ? "" : text.slice(dot + 1);
  if (suffix.includes("*") || first.indexOf("*") !== first.lastIndexOf("*") || !first.includes("*"))
    return wildcardProblem(
      "has a wildcard that is not a single one in the first label",
      "anyone can register a matching name and gain access: only the part to the left of a name you own may vary",
    );
  if (text === "*" && scheme !== "http" && scheme !== "https") return { host: { kind: "any" } };
  if (suffix === "")
    return wildcardProblem(
      "allows any host",
      text === "*"
        ? "every page on the web has such an origin; `*` as the host is only for other schemes, such as `chrome-extension://*`"
        : "anyone can register a name that matches",
    );
  const labels = (suffix.endsWith(".") ? suffix.slice(0, -1) : suffix).split(".");
  const problem = labelProblem([...(first === "*" ? [] : [first.replace("*", "x")]), ...labels]);
  if (problem !== undefined) return problem;
  if (endsInNumber(labels))
    return wildcardProblem("has a wildcard in an IP address", "an IP address has no subdomains");
  for (const char of first.replace("*", "") + suffix)
    if (!/[a-z0-9_.-]/.test(char))
      return hostProblem(
        "has a character that is not allowed in a host with a wildcard",
        "a name with a wildcard consists of letters, digits, `-`, `_` and dots",
      );
  if (first === "*") return { host: { kind: "subdomains", suffix } };
  const star = first.indexOf("*");
  return {
    host: { kind: "label", before: first.slice(0, star), after: first.slice(star + 1), suffix },
  };
}

function labelProblem(labels: readonly string[]): ParsedHost | undefined {
  if (labels.some((label) => label === ""))
    return hostProblem("has an empty label in its host", "a name never has two dots in a row");
  if (labels.some((label) => label.length > 63))
    return hostProblem("has a label of more than 63 characters", "no DNS name has one");
  return undefined;
}

/** URL standard: ends-in-a-number checker. Such a host is parsed as an IPv4 address or not at all. */
function endsInNumber(labels: readonly string[]): boolean {
  return /^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "");
}

function ipProblem(canonical: string | undefined): ParsedHost {
  return {
    code: "policy/origin-ip",
    problem: "has an IP address that is not in canonical form",
    why: "a browser sends IPv4 as four decimal numbers, and IPv6 in brackets and compressed",
    say: "write the address as a browser shows it",
    ...(canonical !== undefined && { meantHost: canonical }),
  };
}

function hostProblem(problem: string, why: string): Exclude<ParsedHost, { host: HostPattern }> {
  return {
    code: "policy/origin-host",
    problem,
    why,
    say: "write `https://host` or `https://host:port`",
  };
}

function wildcardProblem(problem: string, why: string): ParsedHost {
  return {
    code: "policy/origin-wildcard",
    problem,
    why,
    say: 'use `https://*.example.com` (any subdomain), `https://pr-*.example.com` (inside the first label), or `"*"` for every origin',
  };
}
