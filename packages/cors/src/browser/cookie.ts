// One cookie, as a server writes it in `Set-Cookie` (RFC 6265bis §5.6 and §5.7): its attributes, and whether
// a browser keeps it at all. Its value stays as written.

import { getDomain } from "tldts";
import { isLoopbackHost } from "../standard/loopback-host.ts";
import { asciiLowercase } from "../standard/token.ts";
import type { CookieRules } from "./cookie-rules.ts";

/** RFC 6265bis: same-site-flag; `unset` if the attribute is absent or unknown. */
export type SameSiteFlag = "strict" | "lax" | "none" | "unset";

/** A stored cookie. */
export interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly sameSite: SameSiteFlag;
  readonly secure: boolean;
  readonly path: string;
  readonly domain: string;
  readonly hostOnly: boolean;
  /** Max-Age is 0 or less, or Expires is past: it removes a cookie of this name. */
  readonly expired: boolean;
  /** Milliseconds, on the clock of the run. */
  readonly setAt: number;
  /** It was set as a third party's, and lives in the jar of the page's site. */
  readonly partitioned?: true;
}

/** Why a browser does not keep a cookie. */
export type CookieRejection =
  | "malformed"
  | "domain"
  | "public-suffix"
  | "secure-from-http"
  | "none-without-secure"
  | "prefix"
  | "same-site-from-other-site";

/** The cookie of one Set-Cookie line of the answer from this URL, or why it is not kept. */
export function parseCookie(
  line: string,
  url: URL,
  now: number,
  rules: CookieRules,
): Cookie | CookieRejection {
  const [pair = "", ...attributes] = line.split(";");
  const equals = pair.indexOf("=");
  const name = equals < 0 ? "" : pair.slice(0, equals).trim();
  const value = (equals < 0 ? pair : pair.slice(equals + 1)).trim();
  // RFC 6265bis §5.7: control characters, and name and value together beyond 4096 bytes.
  if ((name === "" && value === "") || name.length + value.length > 4096) return "malformed";
  if (hasControls(line)) return "malformed";
  let domain: string | undefined;
  let path: string | undefined;
  let secure = false;
  let sameSite: SameSiteFlag = "unset";
  let expires: number | undefined;
  let maxAge: number | undefined;
  for (const attribute of attributes) {
    const at = attribute.indexOf("=");
    const key = asciiLowercase((at < 0 ? attribute : attribute.slice(0, at)).trim());
    const text = at < 0 ? "" : attribute.slice(at + 1).trim();
    if (key === "domain") domain = asciiLowercase(text.replace(/^\./, ""));
    else if (key === "path") path = text.startsWith("/") ? text : undefined;
    else if (key === "secure") secure = true;
    else if (key === "samesite") sameSite = flags[asciiLowercase(text)] ?? "unset";
    else if (key === "max-age" && /^-?\d+$/.test(text)) maxAge = Number(text);
    else if (key === "expires" && !Number.isNaN(Date.parse(text))) expires = Date.parse(text);
  }
  const host = url.hostname;
  let hostOnly = domain === undefined || domain === "";
  let isSuffix = false;
  if (!hostOnly) {
    if (!domainMatches(host, domain!)) return "domain";
    isSuffix = isPublicSuffix(domain!);
    if (isSuffix) {
      if (domain !== host || rules.refusesOwnSuffix) return "public-suffix";
      hostOnly = true;
    } else if (rules.addressDomainIsHostOnly && isAddress(host)) hostOnly = true;
  }
  if (secure && !isSecure(url, rules)) return "secure-from-http";
  if (sameSite === "none" && !secure && rules.noneNeedsSecure) return "none-without-secure";
  const lower = asciiLowercase(name);
  if (rules.checksPrefixes) {
    const isHostOnly = hostOnly && !(isSuffix && rules.hostPrefixByAttribute);
    if (lower.startsWith("__secure-") && !secure) return "prefix";
    if (lower.startsWith("__host-") && !(secure && isHostOnly && path === "/")) return "prefix";
  }
  const expired = maxAge === undefined ? expires !== undefined && expires <= now : maxAge <= 0;
  return {
    name,
    value,
    sameSite,
    secure,
    path: path ?? defaultPath(url.pathname),
    domain: hostOnly ? host : domain!,
    hostOnly,
    expired,
    setAt: now,
  };
}

function isPublicSuffix(domain: string): boolean {
  return !isAddress(domain) && getDomain(domain, { allowPrivateDomains: true }) === null;
}

/** Whether `Secure` cookies are set and sent there. */
export function isSecure({ protocol, hostname }: URL, { secureOnLoopback }: CookieRules): boolean {
  return protocol === "https:" || (secureOnLoopback && isLoopbackHost(hostname));
}

const flags: Readonly<Record<string, SameSiteFlag>> = {
  strict: "strict",
  lax: "lax",
  none: "none",
};

function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if ((code < 0x20 && code !== 0x09) || code === 0x7f) return true;
  }
  return false;
}

/** RFC 6265bis §5.1.3. */
export function domainMatches(host: string, domain: string): boolean {
  if (host === domain) return true;
  return host.endsWith(`.${domain}`) && !isAddress(host);
}

function isAddress(host: string): boolean {
  return /^[\d.]+$|^\[/.test(host);
}

/** RFC 6265bis §5.1.4. */
export function pathMatches(path: string, cookiePath: string): boolean {
  if (path === cookiePath) return true;
  if (!path.startsWith(cookiePath)) return false;
  return cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}

function defaultPath(path: string): string {
  const end = path.lastIndexOf("/");
  return end <= 0 ? "/" : path.slice(0, end);
}
