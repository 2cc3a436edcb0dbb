// Fetch §3.1 Cookies: which cookies go along with a request, and which of an answer are kept. For what the
// algorithms leave to the cookie store, RFC 6265bis.

import type { HeaderList } from "../standard/message.ts";
import { headerLines } from "../standard/header-list.ts";
import { originOfUrl } from "../standard/origin.ts";
import { domainMatches, isSecure, parseCookie, pathMatches, type Cookie } from "./cookie.ts";
import { CookieJar, type CookieAbsence } from "./cookie-jar.ts";
import type { Engine } from "./engine.ts";
import { currentUrl, hopOf, type FetchParams } from "./fetch-params.ts";
import { redirectTaint } from "./redirect-taint.ts";
import { isSameSite, isSchemelesslySameSite } from "./same-site.ts";
import type { Algorithm } from "./trace.ts";

const appending: Algorithm = {
  name: "append a request Cookie header",
  anchor: "append-a-request-cookie-header",
};
const storing: Algorithm = {
  name: "parse and store response Set-Cookie headers",
  anchor: "parse-and-store-response-set-cookie-headers",
};

/** A jar with the cookies that the server of `url` set earlier, on its own pages. */
export function jarOf(
  lines: readonly string[],
  url: URL,
  setAt: number,
  { cookies: rules }: Engine,
): CookieJar {
  const jar = new CookieJar();
  for (const line of lines) {
    // Nobody writes `Path` for a cookie that is meant for the whole site.
    const hasPath = /;\s*path\s*=/i.test(line);
    const cookie = parseCookie(hasPath ? line : `${line}; Path=/`, url, setAt, rules);
    if (typeof cookie === "string")
      jar.fates.push({ name: nameIn(line), hop: 0, sent: false, because: cookie });
    else jar.store(cookie);
  }
  return jar;
}

function nameIn(line: string): string {
  return line.split(/[=;]/, 1)[0]!.trim();
}

/** Append a request `Cookie` header: its value, or undefined if no cookie goes along. */
export function cookieHeader(params: FetchParams, credentials: boolean): string | undefined {
  const { request, jar, trace } = params;
  if (jar === undefined) return undefined;
  const mode = sameSiteMode(params);
  const sent: Cookie[] = [];
  for (const cookie of jar.kept) {
    const because = absence(cookie, params, credentials, mode);
    const fate = { name: cookie.name, hop: hopOf(request) };
    if (because === undefined) {
      sent.push(cookie);
      jar.fates.push({ ...fate, sent: true });
    } else jar.fates.push({ ...fate, sent: false, because });
  }
  // RFC 6265bis §5.8.3: longer paths first.
  sent.sort((a, b) => b.path.length - a.path.length);
  trace.step(appending, "5", "which cookies go along", "done", {
    "same-site mode": mode,
    sent: sent.map(({ name }) => name),
    kept: jar.kept.filter((cookie) => !sent.includes(cookie)).map(({ name }) => name),
  });
  if (sent.length === 0) return undefined;
  return sent.map(({ name, value }) => (name === "" ? value : `${name}=${value}`)).join("; ");
}

function absence(
  { domain, hostOnly, path, secure, sameSite, setAt, partitioned }: Cookie,
  params: FetchParams,
  credentials: boolean,
  mode: SameSiteMode,
): CookieAbsence | undefined {
  const url = currentUrl(params.request);
  const rules = params.engine.cookies;
  if (hostOnly ? url.hostname !== domain : !domainMatches(url.hostname, domain)) return "domain";
  if (!pathMatches(url.pathname, path)) return "path";
  if (!credentials) return "credentials";
  if (secure && !isSecure(url, rules)) return "secure";
  const isNavigation = params.request.mode === "navigate";
  const isForeign = !isNavigation && isOtherSite(params);
  if (params.thirdPartyCookies === "blocked" && isForeign && partitioned !== true)
    return "third-party";
  if (mode === "strict-or-less" || sameSite === "none") return undefined;
  if (sameSite === "strict") return "same-site-strict";
  if (sameSite === "lax") return mode === "lax-or-less" ? undefined : "same-site-lax";
  if (!rules.laxByDefault || mode === "lax-or-less") return undefined;
  const isYoung = params.now() - setAt < rules.laxPostSeconds * 1000;
  return isNavigation && isYoung ? undefined : "same-site-unset";
}

type SameSiteMode = "strict-or-less" | "lax-or-less" | "unset-or-less";

/**
 * Determine the same-site mode. The standard's steps know the site of a navigation's initiator and of the
 * page's ancestors; that the page itself is of another site is RFC 6265bis §5.2.
 */
function sameSiteMode(params: FetchParams): SameSiteMode {
  const { request, engine } = params;
  const isForeign =
    isOtherSite(params) ||
    (engine.cookies.downgradedNavigationsAreForeign && isDowngraded(request)) ||
    (engine.cookies.redirectsCount && redirectTaint(request, siteRule(engine)) === "cross-site");
  if (!isForeign) return "strict-or-less";
  return request.mode === "navigate" && request.method === "GET" ? "lax-or-less" : "unset-or-less";
}

function isDowngraded({ mode, urlList }: FetchParams["request"]): boolean {
  const isHttp = ({ protocol }: URL): boolean => protocol === "http:";
  return (
    mode === "navigate" &&
    urlList.some((url, i) => isHttp(url) && i > 0 && !isHttp(urlList[i - 1]!))
  );
}

function isOtherSite({ request, engine }: FetchParams): boolean {
  const { origin } = request;
  const url = currentUrl(request);
  const isOwned =
    engine.cookies.localhostOwnsSubdomains &&
    origin.kind === "tuple" &&
    origin.host === "localhost" &&
    url.hostname.endsWith(`.${origin.host}`);
  return !isOwned && !siteRule(engine)(origin, originOfUrl(url));
}

function siteRule({ cookies }: Engine): typeof isSameSite {
  return cookies.schemefulSameSite ? isSameSite : isSchemelesslySameSite;
}

/** Parse and store response `Set-Cookie` headers. */
export function storeCookies(params: FetchParams, headers: HeaderList): void {
  const { request, jar, trace, now } = params;
  if (jar === undefined) return;
  // RFC 6265bis §5.7: what a navigation answers is a page of its own.
  const isPartOfPage = request.mode !== "navigate";
  const isThirdParty =
    isPartOfPage && params.thirdPartyCookies === "blocked" && isOtherSite(params);
  const kept: string[] = [];
  const refused: string[] = [];
  for (const line of headerLines(headers, "set-cookie")) {
    const cookie = parseCookie(line, currentUrl(request), now(), params.engine.cookies);
    const because =
      typeof cookie === "string"
        ? cookie
        : isThirdParty && !params.engine.cookies.partitionsThirdParty
          ? "third-party"
          : isPartOfPage && isLimited(cookie, params) && sameSiteMode(params) === "unset-or-less"
            ? "same-site-from-other-site"
            : undefined;
    if (because === undefined && typeof cookie !== "string") {
      jar.store(isThirdParty ? { ...cookie, partitioned: true } : cookie);
      kept.push(cookie.name);
    } else refused.push(`${nameIn(line)}: ${because ?? ""}`);
  }
  if (kept.length + refused.length > 0)
    trace.step(storing, "6", "which cookies of the answer are kept", "done", { kept, refused });
}

function isLimited({ sameSite }: Cookie, { engine }: FetchParams): boolean {
  return (
    sameSite === "strict" ||
    sameSite === "lax" ||
    (sameSite === "unset" && engine.cookies.laxByDefault)
  );
}
