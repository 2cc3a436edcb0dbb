// How an Access-Control-Allow-Origin differs from the intended origin. The browser only says that it is not equal; a person
// wants to know which byte.

import { parseOrigin, type Origin } from "../standard/origin.ts";
import { asciiLowercase } from "../standard/token.ts";

/** One clause: why these two are not the same origin. `origin` is empty if it is unknown. */
export function originDifference(value: string, origin: string): string {
  if (value === "")
    return "an empty value is not an origin; leave the header out or send the origin";
  if (origin === "null")
    return value === "*"
      ? "a page without an origin of its own (sandboxed, from a file, or after a redirect across origins) has the origin `null`"
      : "the request's origin is `null`: it came from a sandboxed page, a file, or after a redirect that crossed origins twice";
  if (value !== origin && value.replace(/[\u0080-\u{10ffff}]/gu, "") === origin)
    return "the value contains a stray byte, most likely a character that cannot be seen; the comparison is byte for byte";
  if (/[\u0080-\u{10ffff}]/u.test(value))
    return "the value contains a non-ASCII character; browsers write such a host in Punycode (`xn--…`)";
  if (hasControl(value))
    return "the value contains an invisible byte; the comparison is byte for byte";
  if (value === "null") return "`null` is the origin of pages that have none; this page has one";
  if (/^[^/]+:\/\/[^/, ]+\/$/.test(value))
    return "the comparison is byte for byte; an origin never ends in a slash";
  if (/^[^/]+:\/\/[^/, ]+\/[^, ]+$/.test(value))
    return "the comparison is byte for byte; an origin is a scheme, a host and a port, never a path";
  if (asciiLowercase(value) === origin)
    return "the comparison is byte for byte; browsers write origins in lower case";
  if (/^(["']).*\1$/.test(value))
    return "quotation marks are part of the value: write it without them";
  if (/^\$|\$\{|\{\{|^%|^<.*>$|^(?:undefined|none|nil|\[object)/i.test(value))
    return "that is a placeholder or an empty variable: nothing put the origin in its place";
  if (/^(?:true|false|on|off|yes|no|all|any)$/i.test(value))
    return "the value is an origin or `*`, not a switch";
  if (value.includes(",") || value.includes(" "))
    return "the header holds one origin, not a list: a server that allows several sends the one that made the request";
  if (value.includes("*"))
    return "`*` is only valid by itself: browsers do not match patterns, so the server must send the origin itself";
  if (!value.includes("://")) return "an origin begins with its scheme (`https://`)";
  const allowed = parseOrigin(value);
  const asked = parseOrigin(origin);
  if (asked?.kind !== "tuple") return "the two must be equal byte for byte";
  if (value === `${origin}:${asked.scheme === "https" ? 443 : 80}`)
    return "browsers leave the default port out of an origin, and the comparison is byte for byte";
  if (allowed === undefined)
    return "this is not how a browser writes an origin, so it matches no origin";
  return tupleDifference(allowed, asked);
}

function tupleDifference(allowed: Origin, asked: Origin): string {
  if (allowed.kind !== "tuple" || asked.kind !== "tuple")
    return "`null` is the origin of pages that have none; this page has one";
  if (allowed.host !== asked.host) {
    if (asked.host === `www.${allowed.host}` || allowed.host === `www.${asked.host}`)
      return "with `www.` and without it are two origins";
    if (asked.host.endsWith(`.${allowed.host}`)) return "a subdomain is an origin of its own";
    if (isLoopback(allowed.host) && isLoopback(asked.host))
      return "`localhost` and `127.0.0.1` are two origins, even on one machine";
    return "the server allows a different origin from the one that made the request";
  }
  if (allowed.scheme !== asked.scheme)
    return `\`${allowed.scheme}\` and \`${asked.scheme}\` are two origins, even on one host`;
  return "a different port is a different origin";
}

function isLoopback(host: string): boolean {
  return host === "localhost" || host === "127.0.0.1" || host === "[::1]";
}

function hasControl(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** The listed origin that differs from this one in a single way that people overlook: scheme, port, `www.`, loopback name. */
export function nearestOrigin(
  listed: string | readonly string[],
  origin: string,
): string | undefined {
  const asked = parseOrigin(origin);
  if (asked?.kind !== "tuple") return undefined;
  return (typeof listed === "string" ? [listed] : listed).find((one) => {
    const allowed = parseOrigin(one);
    if (allowed?.kind !== "tuple") return false;
    if (allowed.host === asked.host) return true;
    const isWww = allowed.host === `www.${asked.host}` || asked.host === `www.${allowed.host}`;
    const isLocal = isLoopback(allowed.host) && isLoopback(asked.host);
    return isWww || (isLocal && allowed.port === asked.port);
  });
}
