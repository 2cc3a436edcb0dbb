// Text → OriginPattern, or the first fault found, with the text that corrects it if there is exactly
// one. Strict on purpose: a pattern that merely resembles an origin would silently match nothing, and
// the person would see it as a CORS error.

import type { PolicyCode } from "../../diagnostics/codes.ts";
import { isLoopbackHost } from "../../standard/loopback-host.ts";
import { defaultPort, isScheme, parsePort, portSeparator } from "../../standard/origin.ts";
import { appOriginsOfScheme } from "./app-origins.ts";
import { quote } from "./faults.ts";
import type { HostPattern, OriginPattern, PortPattern } from "../origin-pattern.ts";
import { parseHostPattern } from "./parse-host-pattern.ts";

export interface OriginFault {
  readonly code: PolicyCode;
  readonly message: string;
  readonly why: string;
  readonly say: string;
  /** The text to write in place of the whole pattern, if that is the one safe change. */
  readonly replace?: string;
}

export type ParsedOrigin = { readonly pattern: OriginPattern } | { readonly fault: OriginFault };

/** Longer than any pattern: 64 + 3 + 253 and a list of several ports. */
const patternLengthLimit = 1000;

const nullPattern: OriginPattern = Object.freeze({ kind: "null" });

const byteForByte =
  "a browser compares the origin byte for byte with the one that it serialises itself";

/** Parses one entry of allow_origins; the caller handles `*` and `$http_origin`. */
export function parseOriginPattern(text: string): ParsedOrigin {
  return parsePlain(text) ?? parseAny(text);
}

/** Labels of letters, digits and hyphens; the last one begins with a letter, so that it is not an IP address. */
const plain = /^https?:\/\/(?:[a-z0-9-]{1,63}\.)*[a-z][a-z0-9-]{0,62}$/;

/**
 * Nearly every entry of a long list is an exact name without a port, which has no fault to look for. Only in
 * Punycode may such a name be invalid.
 */
function parsePlain(text: string): ParsedOrigin | undefined {
  if (!plain.test(text) || text.includes("xn--")) return undefined;
  const scheme = text.startsWith("https") ? "https" : "http";
  const host = text.slice(scheme.length + 3);
  return host.length > 253 ? undefined : tuple(scheme, { kind: "exact", host }, "default");
}

function parseAny(text: string): ParsedOrigin {
  if (text === "null") return { pattern: nullPattern };
  if (text.length > patternLengthLimit)
    return fault(
      "policy/origin-host",
      text,
      "is too long for an origin",
      "a host has at most 253 characters",
      "write `https://host` or `https://host:port`",
    );
  const link = markdownLink(text);
  if (link !== undefined) return linkFault(text, link);
  if (looksLikeRegularExpression(text)) return regularExpressionFault(text);
  const several = text.split(/[\s;|]+/).filter((part) => part !== "");
  if (several.length > 1 && several.every((part) => part.includes("://")))
    return severalFault(text, several);

  const separator = text.indexOf("://");
  if (separator < 0) return noSchemeFault(text);
  const scheme = text.slice(0, separator);
  const lowerScheme = scheme.toLowerCase();
  if (!isScheme(lowerScheme)) return schemeFault(text, scheme);
  if (lowerScheme === "file")
    return fault(
      "policy/origin-file",
      text,
      "is an origin that cannot be distinguished from others",
      "every page opened from a file has the origin `null`, whoever made it",
      "serve the page from `http://localhost:PORT`, or the pages of an app from its own scheme, and list that",
    );

  const rest = text.slice(separator + 3);
  const authorityEnd = firstOf(rest, "/?#\\");
  const authority = rest.slice(0, authorityEnd);
  const at = authority.lastIndexOf("@");
  if (at >= 0) {
    const meant = mended(lowerScheme, authority.slice(at + 1));
    return fault(
      "policy/origin-user-info",
      text,
      "has user info before the host",
      "an origin is a scheme, a host and a port; a browser never sends user info in it",
      say(meant, "remove everything up to the `@`"),
    );
  }
  if (authorityEnd < rest.length) {
    const meant = mended(lowerScheme, authority);
    if (rest.slice(authorityEnd) === "/")
      return fault(
        "policy/origin-trailing-slash",
        text,
        "ends in a slash",
        "the comparison is byte for byte, and an origin never ends in a slash",
        say(meant, "remove the slash"),
        meant,
      );
    return fault(
      "policy/origin-path",
      text,
      `has ${quote(rest.slice(authorityEnd))} after the origin`,
      "an origin is a scheme, a host and a port: a path cannot distinguish pages of one origin",
      say(meant, "remove everything after the host and port"),
    );
  }
  if (!isAscii(text)) {
    const meant = mended(lowerScheme, authority);
    return fault(
      "policy/origin-non-ascii",
      text,
      "has letters that are not ASCII",
      "a browser sends the host in Punycode",
      say(meant, "write the host in Punycode (`xn--…`)"),
      meant,
    );
  }
  if (text !== text.toLowerCase()) {
    const meant = mended(lowerScheme, authority);
    return fault(
      "policy/origin-upper-case",
      text,
      "has upper-case letters",
      `${byteForByte}, in lower case`,
      say(meant, "write it in lower case"),
      meant,
    );
  }
  return parseAuthority(text, scheme, authority);
}

function parseAuthority(text: string, scheme: string, authority: string): ParsedOrigin {
  if (!authority.startsWith("[") && authority.indexOf(":") !== authority.lastIndexOf(":"))
    return fault(
      "policy/origin-ip",
      text,
      "has several colons outside brackets",
      "an IPv6 address is written in brackets, which separate it from the port",
      "write the address in brackets, such as `http://[::1]:3000`",
    );
  const portAt = portSeparator(authority);
  const hostText = portAt < 0 ? authority : authority.slice(0, portAt);
  const port = portAt < 0 ? "default" : parsePortPattern(authority.slice(portAt + 1));
  const host = parseHostPattern(hostText, scheme);
  if ("problem" in host) {
    const { code, problem, why, say: advice, meantHost } = host;
    const meant =
      meantHost === undefined
        ? undefined
        : mended(scheme, meantHost + authority.slice(hostText.length));
    return fault(code, text, problem, why, say(meant, advice), meant);
  }
  if (port === undefined)
    return fault(
      "policy/origin-port",
      text,
      `has ${quote(authority.slice(portAt + 1))} as its port`,
      "a port is a number from 1 to 65535 without leading zeros, `*` for any, or a list `[3000,8080]`",
      "write a port, or leave it out for the scheme's default",
    );
  if (typeof port === "number") {
    if (port !== defaultPort(scheme)) return tuple(scheme, host.host, [port]);
    const meant = `${scheme}://${hostText}`;
    return fault(
      "policy/origin-default-port",
      text,
      `spells out the default port ${port}`,
      `a browser leaves the default port out, so this would match no request`,
      say(meant, "leave the port out"),
      meant,
    );
  }
  return tuple(scheme, host.host, port);
}

function tuple(scheme: string, host: HostPattern, port: PortPattern): ParsedOrigin {
  const pattern: OriginPattern = {
    kind: "tuple",
    scheme,
    host: Object.freeze(host),
    port: simplestPort(scheme, port),
  };
  return { pattern: Object.freeze(pattern) };
}

/** A list that contains only the default port is the default. */
function simplestPort(scheme: string, port: PortPattern): PortPattern {
  if (typeof port === "string") return port;
  if (port.length === 1 && port[0] === defaultPort(scheme)) return "default";
  return Object.freeze([...new Set(port)]);
}

/** `*`, `[3000,8080]` or digits (then a number, so that a default port can be recognised). */
function parsePortPattern(text: string): PortPattern | number | undefined {
  if (text === "*") return "any";
  if (!text.startsWith("[")) return parsePort(text);
  if (!text.endsWith("]")) return undefined;
  const ports: number[] = [];
  for (const part of text.slice(1, -1).split(",")) {
    const port = parsePort(part.trim());
    if (port === undefined) return undefined;
    ports.push(port);
  }
  return ports;
}

/**
 * What was meant, if writing scheme and host in canonical form makes a valid pattern; nothing more is
 * guessed. undefined if the result would still be faulty.
 */
function mended(scheme: string, authority: string): string | undefined {
  if (authority === "" || authority.includes("@") || firstOf(authority, "/?#\\") < authority.length)
    return undefined;
  const portAt = portSeparator(authority);
  const host = portAt < 0 ? authority : authority.slice(0, portAt);
  const port = portAt < 0 ? "" : authority.slice(portAt);
  const ascii = asciiHost(host);
  if (ascii === undefined) return undefined;
  const spelledDefault = port !== "" && parsePort(port.slice(1)) === defaultPort(scheme);
  const text = `${scheme}://${ascii}${spelledDefault && defaultPort(scheme) !== undefined ? "" : port}`;
  if (!isAscii(text) || text !== text.toLowerCase()) return undefined;
  return "pattern" in parseAuthority(text, scheme, text.slice(scheme.length + 3))
    ? text
    : undefined;
}

/** A host in lower case and Punycode, by the URL standard; undefined if it is not a host. */
function asciiHost(host: string): string | undefined {
  if (isAscii(host)) return host.toLowerCase();
  try {
    return new URL(`https://${host}`).hostname;
  } catch {
    return undefined;
  }
}

/** `[label](target)` or `<target>`, as an editor or a chat pastes it. */
function markdownLink(text: string): string | undefined {
  if (text.startsWith("<") && text.endsWith(">")) return text.slice(1, -1);
  if (!text.startsWith("[") || !text.endsWith(")")) return undefined;
  const middle = text.indexOf("](");
  return middle < 0 ? undefined : text.slice(1, middle);
}

function linkFault(text: string, label: string): ParsedOrigin {
  const parsed =
    label.includes("](") || label.startsWith("<") ? undefined : parseOriginPattern(label);
  const meant =
    parsed === undefined ? undefined : "pattern" in parsed ? label : parsed.fault.replace;
  return fault(
    "policy/origin-markdown-link",
    text,
    "is a Markdown link",
    "the brackets were copied along from a formatted page; as an origin, they match no request",
    say(meant, "write the bare origin"),
    meant,
  );
}

function looksLikeRegularExpression(text: string): boolean {
  return (
    text.startsWith("^") ||
    text.startsWith("~") ||
    text.endsWith("$") ||
    (text.startsWith("/") && !text.startsWith("//")) ||
    text.includes("\\.") ||
    text.includes("://.*") ||
    text.includes("(") ||
    text.includes("+)")
  );
}

function regularExpressionFault(text: string): ParsedOrigin {
  return fault(
    "policy/origin-regular-expression",
    text,
    "looks like a regular expression",
    "origins are matched by scheme, host and port; unanchored expressions are how sites come to trust `https://app.example.com.evil.example`",
    "use `https://*.example.com`, `https://pr-*.example.com`, `http://localhost:*` or `http://localhost:[3000,8080]`",
  );
}

function severalFault(text: string, origins: readonly string[]): ParsedOrigin {
  const shown = origins.slice(0, 5).map((origin) => quote(origin));
  return fault(
    "policy/origin-several",
    text,
    `is ${origins.length} origins not separated by a comma`,
    "spaces, `;` and `|` are not separators, so the text would be a single origin that no browser has",
    `give each its own entry: ${shown.join(", ")}${origins.length > 5 ? ", …" : ""}`,
  );
}

function noSchemeFault(text: string): ParsedOrigin {
  const app = appOriginsOfScheme(text.slice(0, text.indexOf(":") + 1).slice(0, -1));
  if (app.length > 0)
    return fault(
      "policy/origin-no-scheme",
      text,
      "has no `//` after its scheme",
      "an origin is a scheme, `://`, a host and a port",
      `write ${app.map((origin) => quote(origin)).join(" or ")}`,
    );
  const host = text.startsWith("//") ? text.slice(2) : text;
  const authority = host.slice(0, firstOf(host, "/?#")).toLowerCase();
  const portAt = portSeparator(authority);
  const local = isLoopbackHost(portAt < 0 ? authority : authority.slice(0, portAt));
  const meant = mended(local ? "http" : "https", host.endsWith("/") ? host.slice(0, -1) : host);
  return fault(
    "policy/origin-no-scheme",
    text,
    "has no scheme",
    "`http` and `https` are different origins, so the scheme is required",
    say(meant, "write `https://host` or `https://host:port`"),
  );
}

function schemeFault(text: string, scheme: string): ParsedOrigin {
  if (scheme.includes("*"))
    return fault(
      "policy/origin-wildcard",
      text,
      "has a wildcard in its scheme",
      "`http` and `https` are different origins, and anyone on the network can impersonate the first",
      `list \`https${text.slice(scheme.length)}\`, and the \`http\` one as well if you need it`,
    );
  return fault(
    "policy/origin-scheme",
    text,
    `has ${quote(scheme)} as its scheme`,
    "a scheme is a letter followed by letters, digits, `+`, `-` and `.`",
    "write `https://host` or `https://host:port`",
  );
}

function fault(
  code: PolicyCode,
  text: string,
  problem: string,
  why: string,
  say: string,
  replace?: string,
): ParsedOrigin {
  const message = `${quote(text)} ${problem}`;
  return { fault: { code, message, why, say, ...(replace !== undefined && { replace }) } };
}

function say(meant: string | undefined, otherwise: string): string {
  return meant === undefined ? otherwise : `write \`${meant}\``;
}

function firstOf(text: string, chars: string): number {
  for (let i = 0; i < text.length; i++) if (chars.includes(text[i]!)) return i;
  return text.length;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
