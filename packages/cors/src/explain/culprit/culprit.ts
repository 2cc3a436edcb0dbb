// What caused a block. The rule that refused is the same for a cache, a login page and a typo, but the place to fix it
// is not. The response decides, and if it shows nothing, nothing is blamed.

import { getHeader } from "../../standard/header-list.ts";
import { originOfUrl, parseOrigin } from "../../standard/origin.ts";
import { isLoopbackHost } from "../../standard/loopback-host.ts";
import { isSchemelesslySameSite } from "../../browser/same-site.ts";
import { originDifference } from "../origin-difference.ts";
import type { BlockFacts } from "../block-facts.ts";
import { show, showAll, showShort } from "../bytes-shown.ts";
import { client, server, type Advice } from "../recommendation.ts";
import { cacheSigns } from "./cache-signs.ts";
import { errorResponse } from "./error-response.ts";
import { hostedService } from "./hosted-services.ts";
import { isLoginRedirect, isSameResource } from "./login-redirect.ts";
import { misspeltHeader } from "./misspelt-header.ts";
import { sdkHeader } from "./sdk-headers.ts";

/** The cause of a block, as far as the response shows it. */
export type CulpritKind =
  | "gateway"
  | "cache"
  | "login"
  | "redirect"
  | "cors-filter"
  | "two-layers"
  | "misspelt-header"
  | "sdk-header"
  | "service"
  | "error"
  | "page";

/** The cause, how it is known, and what to do about it. */
export interface Culprit {
  readonly kind: CulpritKind;
  /** A clause that replaces the sentence's `why`. */
  readonly why: string;
  /** Comes before the other advice. */
  readonly advice: readonly Advice[];
  /** Changing the server would be wrong: a login page must not be opened. */
  readonly notTheServers?: true;
}

/** The first that matches; undefined if nothing in the response points to a cause. */
export function culpritOf(facts: BlockFacts): Culprit | undefined {
  for (const look of looks) {
    const found = look(facts);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whatever is more certain comes first. */
const looks: readonly ((facts: BlockFacts) => Culprit | undefined)[] = [
  gateway,
  misspelt,
  twoLayers,
  login,
  service,
  redirect,
  cache,
  failure,
  corsFilter,
  sdk,
  page,
];

const acao = "Access-Control-Allow-Origin";

function isOriginFault({ reason }: BlockFacts): boolean {
  return reason === "acao-missing" || reason === "acao-mismatch" || reason === "acao-invalid";
}

/** With a configuration, the server is known: its own policy refused. */
function gateway({ ruling, origin, method, names, name }: BlockFacts): Culprit | undefined {
  if (ruling === undefined) return undefined;
  const which = ruling.policy === undefined ? "the policy" : `policy ${show(ruling.policy)}`;
  const headers = names ?? (name === undefined ? [] : [name]);
  const { near } = ruling;
  const nearly =
    near === undefined || origin === undefined
      ? ""
      : `, but ${show(near)}: ${originDifference(near, origin)}`;
  const why = {
    "no-policy": ruling.why ?? "no policy applies",
    "origin-not-allowed": `${which} does not list ${origin === undefined ? "this origin" : `this origin, ${show(origin)}`}${nearly}; the gateway itself produced this response`,
    "method-not-allowed": `${which} does not list ${method === undefined ? "this method" : `the method ${show(method)}`}; only GET, HEAD and POST need not be listed`,
    "header-not-allowed": `${which} does not list ${headers.length === 0 ? "a header of the request" : showAll(headers)}; a header that a page adds must be listed`,
  }[ruling.refusal];
  return { kind: "gateway", why, advice: [] };
}

/** The server sends the header under a misspelt name. */
function misspelt({ reason, seen, allowed }: BlockFacts): Culprit | undefined {
  if (seen === undefined) return undefined;
  const meant =
    reason === "acao-missing"
      ? acao
      : reason === "acac-not-true"
        ? "Access-Control-Allow-Credentials"
        : reason === "method-not-allowed" && allowed === null
          ? "Access-Control-Allow-Methods"
          : reason === "header-not-allowed" && allowed === null
            ? "Access-Control-Allow-Headers"
            : undefined;
  const found = meant === undefined ? undefined : misspeltHeader(seen, meant);
  if (found === undefined) return undefined;
  return {
    kind: "misspelt-header",
    why: `the response has ${show(found.written)}, which is misspelt: browsers do not recognise that name`,
    advice: [server(`write \`${found.meant}\` instead of ${show(found.written)}`)],
  };
}

/** The same header twice: two programs each set it. */
function twoLayers(facts: BlockFacts): Culprit | undefined {
  const { reason, value, seen = [] } = facts;
  const isTwice =
    reason === "acac-not-true" && /^\s*true\s*,\s*true\s*$/i.test(value ?? "")
      ? "Access-Control-Allow-Credentials"
      : reason === "acao-multiple" && isSetTwice(facts)
        ? acao
        : undefined;
  if (isTwice === undefined) return undefined;
  const layer = proxyIn(seen);
  const which =
    layer === undefined
      ? "usually the application and a proxy in front of it each add one"
      : `the application sets one, and a proxy in front of it (${show(layer)}) adds the other, most likely the last line`;
  return {
    kind: "two-layers",
    why: `${isTwice} appears twice, and ${isTwice === acao ? "only one is allowed, even if both have the same value" : "`true, true` is not `true`"}; ${which}`,
    advice: [
      server(
        `send ${isTwice} once: set the CORS headers in the application or in the proxy, not in both`,
      ),
    ],
  };
}

/** Two lines; or one with a `*` or a repetition in it, which no person writes. */
function isSetTwice({ lines, value, seen }: BlockFacts): boolean {
  if ((lines?.length ?? 0) > 1) return true;
  const values = (value ?? "").split(",").map((one) => one.trim());
  const isMachines = values.includes("*") || new Set(values).size < values.length;
  return seen !== undefined && values.length > 1 && isMachines;
}

function proxyIn(headers: NonNullable<BlockFacts["seen"]>): string | undefined {
  for (const name of ["server", "via"]) {
    const value = getHeader(headers, name);
    if (
      value !== null &&
      /nginx|openresty|apache|caddy|envoy|haproxy|traefik|varnish|cloudflare|cloudfront|istio|kong|iis|litespeed|awselb/i.test(
        value,
      )
    )
      return `${name === "server" ? "Server" : "Via"}: ${value}`;
  }
  return undefined;
}

function targetOf({ seen, url, status }: BlockFacts): string | undefined {
  if (seen === undefined || url === undefined || status === undefined) return undefined;
  if (status < 300 || status > 399 || status === 304) return undefined;
  const location = getHeader(seen, "location");
  return location !== null && URL.canParse(location, url) ? new URL(location, url).href : undefined;
}

/** The request was not logged in, and the server redirects it to a page for people. */
function login(facts: BlockFacts): Culprit | undefined {
  const { url, redirectedFrom, at } = facts;
  if (!isOriginFault(facts) && facts.reason !== "preflight-redirect") return undefined;
  // If the redirect itself was allowed, the login page is the response that blocks.
  const to = targetOf(facts) ?? (redirectedFrom === undefined ? undefined : url);
  const from = targetOf(facts) === undefined ? redirectedFrom : url;
  if (to === undefined || from === undefined || !isLoginRedirect(from, to)) return undefined;
  const isPreflight = at === "preflight";
  if (facts.api === "manifest")
    return {
      kind: "login",
      why: `a manifest is requested without cookies, so the server redirects the request to ${showShort(to)}`,
      advice: [client('`<link rel="manifest" crossorigin="use-credentials">` sends them')],
      notTheServers: true,
    };
  const navigate = client(
    "log in by navigating to the login page (a link, `location.assign`), and then repeat the request",
  );
  if (isPreflight)
    return {
      kind: "login",
      why: `a login check runs before the preflight is handled, and redirects it to ${showShort(to)}; browsers send no cookies with a preflight, so it can never be authenticated`,
      advice: [server("handle OPTIONS before the login check"), navigate],
      notTheServers: true,
    };
  return {
    kind: "login",
    why: `the request was not authenticated, and the server redirects it to ${showShort(to)}: a page for people, which a \`fetch\` cannot use`,
    advice: [
      server(
        'respond with 401 and the CORS headers to a `fetch` that is not authenticated, instead of redirecting it (in Corsway, `login_redirect = "401"` in the location); do not allow the origin on the login page',
      ),
      navigate,
    ],
    notTheServers: true,
  };
}

/** The response of the first hop lacks the header. */
function redirect(facts: BlockFacts): Culprit | undefined {
  const target = targetOf(facts);
  if (target === undefined) return undefined;
  if (facts.at === "preflight")
    return {
      kind: "redirect",
      why: `the preflight is redirected (${facts.status}, to ${showShort(target)}), and browsers never follow a redirect of a preflight`,
      advice: isSameResource(facts.url!, target)
        ? [client(`request ${show(target)} directly instead of being redirected there`)]
        : [],
    };
  if (!isOriginFault(facts)) return undefined;
  // If redirects made the origin `null`, that is what matters.
  if (facts.origin === "null") return undefined;
  return {
    kind: "redirect",
    why: `the redirect response itself (${facts.status}, to ${showShort(target)}) ${facts.reason === "acao-missing" ? "lacks the header" : "names another origin"}: a redirect must allow the origin too, or be avoided`,
    advice: [],
  };
}

/** A response that was stored for another page, or for no page at all. */
function cache(facts: BlockFacts): Culprit | undefined {
  const { seen, origin, value, at, status = 200 } = facts;
  if (seen === undefined || !isOriginFault(facts) || at === "preflight" || status >= 400)
    return undefined;
  if (status === 304)
    return {
      kind: "cache",
      why: "the response is a 304, so the browser uses the copy that it stored earlier, perhaps for a request without `Origin`",
      advice: [
        server("send the CORS headers with 304 too, and `Vary: Origin` with **every** response"),
        client("empty the browser's cache, and try again"),
      ],
    };
  const signs = cacheSigns(seen);
  const vary = (getHeader(seen, "vary") ?? "").toLowerCase();
  if (signs.length === 0 || vary.includes("*")) return undefined;
  const isOthers =
    facts.reason === "acao-mismatch" &&
    parseOrigin(value ?? "")?.kind === "tuple" &&
    value !== origin;
  if (facts.reason !== "acao-missing" && !isOthers) return undefined;
  const shown = showAll(signs.slice(0, 2));
  return {
    kind: "cache",
    why: isOthers
      ? `the response came from a cache (${shown}), which stored it for ${show(value ?? "")}`
      : `the response came from a cache (${shown}), which stored it for a request without \`Origin\``,
    advice: [
      server(
        `send \`Vary: Origin\` with **every** response of this URL, including those to requests without \`Origin\`${vary.includes("origin") ? " (this one has it: the cache ignores it)" : ""}; make the cache forward \`Origin\` and include it in its key; then purge the stored copies`,
      ),
    ],
  };
}

/** Some filters drop every CORS header when one thing is refused, and say so only in their `Vary`. */
function corsFilter(facts: BlockFacts): Culprit | undefined {
  const { seen, reason, at, status = 200 } = facts;
  if (seen === undefined || status >= 500 || status === 401) return undefined;
  if (reason !== "acao-missing" && !(reason === "preflight-status" && status < 500))
    return undefined;
  const lists = ["access-control-allow-methods", "access-control-allow-headers"];
  const hasLists = lists.some((name) => getHeader(seen, name) !== null);
  if (at === "preflight" && reason === "preflight-status" && hasLists && status < 404)
    return {
      kind: "cors-filter",
      why: `a CORS filter responded (it sent its lists) and refused the method or a header of the request with ${status}`,
      advice: [server("add the method and each header of the request to the lists of the filter")],
    };
  if (getHeader(seen, "access-control-allow-origin") !== null) return undefined;
  const vary = (getHeader(seen, "vary") ?? "").toLowerCase();
  const isFilters = /access-control-request-(?:method|headers)/.test(vary);
  const looks = vary.split(",").some((name) => name.trim() === "origin");
  if (at === "preflight" && (isFilters || looks))
    return {
      kind: "cors-filter",
      why: `a CORS filter responded (\`Vary: ${getHeader(seen, "vary")}\`) and refused the origin, the method or a header: such filters leave out every header when they refuse one thing`,
      advice: [
        server(
          `make sure that the filter lists all three: the origin${facts.origin === undefined ? "" : ` ${show(facts.origin)}`}, the method and each header of the request`,
        ),
      ],
    };
  const refuses = status < 400 || status === 403;
  if (at !== "preflight" && reason === "acao-missing" && (looks || isFilters) && refuses)
    return {
      kind: "cors-filter",
      why: "the server checks `Origin` (its `Vary` shows that) and does not allow this one: it is not in the server's list",
      advice: [],
    };
  return undefined;
}

/** Headers that the page itself did not set. */
function sdk({ reason, names, name }: BlockFacts): Culprit | undefined {
  if (reason !== "header-not-allowed") return undefined;
  const found = (names ?? (name === undefined ? [] : [name])).flatMap((each) => {
    const row = sdkHeader(each);
    return row === undefined ? [] : [{ row, each }];
  });
  const [first] = found;
  if (first === undefined) return undefined;
  // `baggage` next to `sentry-trace` is Sentry's as well.
  const brand =
    found.map(({ row }) => row.who).find((who) => !who.includes(" or ")) ?? first.row.who;
  const mark = /[A-Z]\w+/.exec(brand)?.[0] ?? brand;
  const isOfBrand = (who: string): boolean =>
    who === brand || (who.includes(" or ") && who.includes(mark));
  const byOne = found.filter(({ row }) => isOfBrand(row.who)).map(({ each }) => each);
  return {
    kind: "sdk-header",
    why: `${showAll(byOne)} ${byOne.length > 1 ? "are" : "is"} added by ${brand}, not by the page's own code; every header that a page sends must be allowed by name`,
    advice: found.map(({ row, each }) =>
      row.needed === undefined
        ? client(`without ${show(each)}: ${row.off ?? ""}`)
        : server(`allow ${show(each)}: ${row.needed}`),
    ),
  };
}

/** The page itself: it sends a response header, or asks the visitor's own machine. */
function page(facts: BlockFacts): Culprit | undefined {
  const { reason, url, engine, names, name } = facts;
  const sent = names ?? (name === undefined ? [] : [name]);
  const response = sent.find((each) => each.toLowerCase().startsWith("access-control-"));
  if (reason === "header-not-allowed" && response !== undefined)
    return {
      kind: "page",
      why: `${show(response)} is a response header: the page must not send it, the server must`,
      advice: [],
    };
  // Without a browser's message, the reader may be trying a server of their own on purpose.
  const machine = engine === undefined ? undefined : visitorsMachine(facts);
  if (machine === undefined) return undefined;
  return {
    kind: "page",
    why: `${show(new URL(url!).host)} is the visitor's own machine, not a server: the page reaches whatever runs there`,
    advice: [machine],
  };
}

/** A page that is served elsewhere asks `localhost`, which is the machine of whoever visits it. */
export function visitorsMachine(facts: BlockFacts): Advice | undefined {
  const { url, origin } = facts;
  if (facts.reason !== "acao-missing" || url === undefined || !URL.canParse(url)) return undefined;
  const asking = parseOrigin(origin ?? "");
  const { host, hostname } = new URL(url);
  if (asking?.kind !== "tuple" || isLoopbackHost(asking.host) || !isLoopbackHost(hostname))
    return undefined;
  if (asking.scheme !== "http" && asking.scheme !== "https") return undefined;
  return client(
    `${show(host)} is the machine of whoever visits the page: if the API runs on a server, request its public URL (often a variable of the build that was not set)`,
  );
}

/** A hosting service responded itself. */
function service(facts: BlockFacts): Culprit | undefined {
  const { seen, url, status = 200, at, reason } = facts;
  if (seen === undefined || url === undefined || !URL.canParse(url)) return undefined;
  if (reason !== "acao-missing" && !reason.startsWith("preflight-")) return undefined;
  if (getHeader(seen, "access-control-allow-origin") !== null) return undefined;
  const isPreflight = at === "preflight";
  // An edge that stored the response hides the service behind it.
  if (!isPreflight && status < 400 && cacheSigns(seen).length > 0) return undefined;
  const found = hostedService({ url: new URL(url), isPreflight, status, headers: seen });
  if (found === undefined) return undefined;
  const { why, advice, isForPeople } = found;
  return { kind: "service", why, advice, ...(isForPeople ? { notTheServers: true } : {}) };
}

/** The response is an error that has nothing to do with CORS. */
function failure(facts: BlockFacts): Culprit | undefined {
  const { seen, status, at, reason } = facts;
  if (seen === undefined || status === undefined || reason !== "acao-missing") return undefined;
  const found = at === "preflight" ? undefined : errorResponse(status, seen);
  return found === undefined ? undefined : { kind: "error", ...found };
}

/**
 * What remains possible if the server belongs to someone else. undefined: page and server are on the same site, or on
 * one machine, so the server is the reader's own.
 */
export function notYours({ url, origin, reason }: BlockFacts): Advice | undefined {
  if (!reason.startsWith("ac") && reason !== "preflight-status" && reason !== "method-not-allowed")
    return undefined;
  if (url === undefined || !URL.canParse(url)) return undefined;
  const page = parseOrigin(origin ?? "");
  const target = originOfUrl(new URL(url));
  if (page?.kind !== "tuple" || target.kind !== "tuple") return undefined;
  if (isSchemelesslySameSite(page, target) || isLoopbackHost(target.host)) return undefined;
  return client(
    `if ${show(target.host)} is not yours: request it through your own server, on the page's origin, never through a public proxy, which sees everything; in Corsway a location with \`path = "/api/"\`, \`rewrite = "^/api/(.*) /$1"\` and \`proxy_set_headers = { Host = "${target.host}" }\``,
  );
}
