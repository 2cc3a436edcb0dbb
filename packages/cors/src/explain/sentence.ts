// The deciding step in words: what the browser checked, with its bytes, and why that was not enough. One sentence per reason. It takes
// facts instead of a verdict, because a console message tells the same with fewer of them.

import { asciiLowercase } from "../standard/token.ts";
import { explainCommand } from "./explain-command.ts";
import { schemeIn } from "./host-shown.ts";
import { notCorsSentences } from "./not-cors.ts";
import type { BlockFacts } from "./block-facts.ts";
import { show, showAll, showShort } from "./bytes-shown.ts";
import { culpritOf, type CulpritKind } from "./culprit/culprit.ts";
import { originDifference } from "./origin-difference.ts";

/** The deciding step in two clauses. */
export interface Sentence {
  /** What the browser saw: a clause without a full stop. */
  readonly says: string;
  /** Why that blocks: another. */
  readonly why: string;
  /** Who did it, where the answer shows that. */
  readonly who?: CulpritKind;
}

const acao = "Access-Control-Allow-Origin";
const acac = "Access-Control-Allow-Credentials";
const acam = "Access-Control-Allow-Methods";
const acah = "Access-Control-Allow-Headers";

type Reason = BlockFacts["reason"];

/** One function per reason. */
const sentences: Readonly<Record<Reason, (facts: BlockFacts) => Omit<Sentence, "who">>> = {
  "acao-missing": acaoMissing,
  "acao-multiple": acaoMultiple,
  "acao-invalid": acaoMismatch,
  "acao-mismatch": acaoMismatch,
  "acao-wildcard-credentials": acaoWildcardCredentials,
  "acac-not-true": acacNotTrue,
  "preflight-status": preflightStatus,
  "preflight-redirect": preflightRedirect,
  "acam-unparsable": (facts) => unparsable(acam, facts),
  "acah-unparsable": (facts) => unparsable(acah, facts),
  "method-not-allowed": methodNotAllowed,
  "header-not-allowed": headerNotAllowed,
  "redirect-credentials": redirectCredentials,
  "redirect-count": redirectCount,
  "redirect-location": redirectLocation,
  "redirect-body": redirectBody,
  "redirect-mode": redirectMode,
  "scheme-not-cors": schemeNotCors,
  "mode-same-origin": modeSameOrigin,
  "forbidden-method": forbiddenMethod,
  "request-invalid": requestInvalid,
  ...notCorsSentences,
  "header-not-exposed": headerNotExposed,
  "forbidden-header": forbiddenHeader,
  unspecified,
};

/** The sentence of a block; a verdict's `detail` has all the facts. */
export function sentenceOf(facts: BlockFacts): Sentence {
  const { says, why } = sentences[facts.reason](facts);
  const culprit = culpritOf(facts);
  return culprit === undefined ? { says, why } : { says, why: culprit.why, who: culprit.kind };
}

function acaoMissing(facts: BlockFacts): Sentence {
  const origin = facts.origin ?? "";
  if (facts.location !== undefined && facts.missingOrOther === true)
    return {
      says: `the redirect response${statusOf(facts)}, which leads to ${showShort(facts.location)}, does not allow ${show(origin)}`,
      why: "every response in the chain must allow the origin, redirects included; the target has not been requested yet",
    };
  if (facts.missingOrOther === true)
    return {
      says: `Access-Control-Allow-Origin is missing from ${who(facts)}${statusOf(facts)}, or is not ${origin === "" ? "the page's origin" : show(origin)}`,
      why: `${facts.engine === "edgehtml" ? "Edge" : "WebKit"} does not distinguish the two: ${(facts.status ?? 200) >= 400 ? missingWhy(facts) : `look at the response headers, or run \`${explainCommand(facts.url, origin)}\``}`,
    };
  return {
    says: `${who(facts)}${statusOf(facts)} has no ${acao}${asks(origin)}`,
    why: missingWhy(facts),
  };
}

function acaoMultiple({ lines, value }: BlockFacts): Sentence {
  if (lines !== undefined && lines.length > 1)
    return {
      says: `there are ${lines.length} ${acao} lines: ${showAll(lines, showShort)}`,
      why: `only one is allowed, even if all have the same value; ${twoLayers}`,
    };
  const values = value?.split(",").map((one) => one.trim()) ?? [];
  // A person does not write such a list: two programs each added their own value.
  if (values.length > 1 && (values.includes("*") || new Set(values).size < values.length))
    return {
      says: `${acao} appears more than once: ${showShort(value ?? "")}`,
      why: `only one is allowed, even if all have the same value; ${twoLayers}`,
    };
  if (value === undefined)
    return { says: `${acao} appears more than once`, why: `only one is allowed; ${twoLayers}` };
  return {
    says: `${acao} is ${showShort(value ?? "")}, which is more than one value`,
    why: "only one origin is allowed; a server that allows several sends back the one that made the request",
  };
}

const twoLayers = "usually the application and a proxy in front of it each add one";

function acaoMismatch(facts: BlockFacts): Sentence {
  if (facts.value === undefined)
    return {
      says: `${acao} is not ${facts.origin === undefined ? "the page's origin" : show(facts.origin)}`,
      why: "the browser does not print the value here: look at the response headers; it must be the page's origin byte for byte",
    };
  const value = facts.value ?? "";
  const origin = facts.origin ?? "";
  return {
    says: `${acao} is ${showShort(value)}${origin === "" ? "" : `, the request's origin is ${show(origin)}`}`,
    why: origin === "null" && (facts.hop ?? 0) > 0 ? tainted : originDifference(value, origin),
  };
}

function acaoWildcardCredentials({ origin }: BlockFacts): Sentence {
  return {
    says: `${acao} is \`*\`, and the request carries credentials`,
    why: `\`*\` never covers a request made with cookies: ${origin === "null" ? "the server would have to name the origin, and no server should name `null`, because any page can take that origin" : "the server must name the origin"}`,
  };
}

function acacNotTrue(facts: BlockFacts): Sentence {
  const value = facts.value ?? "";
  return {
    says:
      value === ""
        ? `the request carries credentials, and ${who(facts)} has no ${acac}`
        : `the request carries credentials, and ${acac} is ${showShort(value)}`,
    why:
      value.toLowerCase() === "true"
        ? "it must be `true`, in lower case, byte for byte"
        : "with credentials the server must send `true` (lower case), or the page may not read the response",
  };
}

function preflightStatus({ status }: BlockFacts): Sentence {
  return {
    says: `the preflight response ${status === undefined ? "does not have a success status" : `has status ${status}`}`,
    why: statusWhy(status),
  };
}

function preflightRedirect({ status, location }: BlockFacts): Sentence {
  return {
    says: `the preflight response is a redirect${status === undefined ? "" : ` (${status})`}${location ? ` to ${showShort(location)}` : ""}`,
    why: noRedirect,
  };
}

function unparsable(header: string, { value, offending }: BlockFacts): Sentence {
  return {
    says: value ? `${header} is ${showShort(value)}` : `${header} cannot be parsed`,
    why: `${offending === undefined ? "one element" : show(offending)} is not a valid name in HTTP, and one bad element makes the whole list invalid`,
  };
}

function methodNotAllowed(facts: BlockFacts): Sentence {
  return {
    says: `the method ${facts.method === undefined ? "" : `${show(facts.method)} `}is not in ${acam}${listed(facts.allowed)}`,
    why: methodWhy(facts),
  };
}

function headerNotAllowed(facts: BlockFacts): Sentence {
  const names = facts.names ?? (facts.name === undefined ? [] : [facts.name]);
  if (names.length === 0)
    return {
      says: `a header of the request is not in ${acah}${listed(facts.allowed)}`,
      why: headerWhy(facts),
    };
  return {
    says: `the request header${names.length > 1 ? "s" : ""} ${showAll(names)} ${names.length > 1 ? "are" : "is"} not in ${acah}${listed(facts.allowed)}`,
    why: headerWhy(facts),
  };
}

function redirectCredentials({ location }: BlockFacts): Sentence {
  return {
    says: `the redirect goes to ${showShort(location ?? "")}, which contains a user name or password`,
    why: "a cross-origin request may not follow such a URL",
  };
}

function redirectCount({ limit }: BlockFacts): Sentence {
  return {
    says: `there are more than ${limit ?? 20} redirects`,
    why: "browsers give up at that point; usually two rules send the request back and forth",
  };
}

function redirectLocation({ location }: BlockFacts): Sentence {
  if (location === undefined)
    return {
      says: "the response redirects to where a page may not be redirected",
      why: "most often that is not an http or https URL (`data:`, `file:`); a page with a `Connection-Allowlist` follows no redirect that the list does not allow",
    };
  return {
    says: `the redirect goes to ${showShort(location ?? "")}`,
    why: "that is not an http or https URL",
  };
}

function redirectBody({ status }: BlockFacts): Sentence {
  return {
    says: `the ${status === undefined ? "" : `${status} `}response requires the body to be sent again`,
    why: "a stream can be read only once, so it cannot be sent again",
  };
}

function redirectMode({ status, redirect, at }: BlockFacts): Sentence {
  if (status === undefined && at !== "actual")
    return {
      says: `the request has mode \`no-cors\` and redirect ${show(redirect ?? "")}`,
      why: "in mode no-cors only `redirect: follow` is allowed",
    };
  return {
    says: `the response is a redirect${status === undefined ? "" : ` (${status})`}, and the page set \`redirect: error\``,
    why: "the page itself forbids redirects",
  };
}

function schemeNotCors(facts: BlockFacts): Sentence {
  const scheme = facts.scheme ?? schemeOf(facts.url);
  if (facts.at !== undefined && facts.at !== "request")
    return {
      says: `the redirect goes to a URL of scheme ${show(scheme ?? "")}`,
      why: "across origins, a page can be redirected only to http and https URLs",
    };
  return {
    says:
      scheme === undefined
        ? "the URL's scheme is neither http nor https"
        : `the URL's scheme is ${show(scheme)}`,
    why: `across origins, a page can request only http and https URLs${scheme === "file" || facts.origin === "null" ? "; a page opened as a file counts as cross-origin to everything" : ""}`,
  };
}

function modeSameOrigin({ engine }: BlockFacts): Sentence {
  return {
    says: "the request has mode `same-origin`, and the URL has a different origin",
    why:
      engine === undefined
        ? "the page itself forbids requests to other origins"
        : "a page sets that mode in `fetch`, and an SVG `<use>` or a worker always has it; no header of the server changes that",
  };
}

function forbiddenMethod({ method }: BlockFacts): Sentence {
  return {
    says: `the method is ${show(method ?? "")}`,
    why: "browsers do not allow a page to send CONNECT, TRACE or TRACK",
  };
}

function headerNotExposed({ name }: BlockFacts): Sentence {
  return {
    says: `the page reads the response header ${show(name ?? "")}, which is not exposed to it`,
    why: "across origins, a page can read only the seven safelisted headers and those that Access-Control-Expose-Headers lists; the request itself was not blocked",
  };
}

function forbiddenHeader({ name }: BlockFacts): Sentence {
  return {
    says: `the page sets the request header ${show(name ?? "")}`,
    why: "browsers set this header themselves: the page's value is dropped, and the request is sent without it",
  };
}

function unspecified({ unread, url, origin, engine }: BlockFacts): Sentence {
  const ask = `\`${explainCommand(url, origin)}\``;
  if (unread !== undefined)
    return {
      says: `the browser blocked the request for a reason that cannot be decoded: ${show(unread)}`,
      why: `the line is cut off, or its wording is newer than this table; test the server directly: ${ask}`,
    };
  if (engine === "webkit" && unread === undefined)
    return {
      says: `Safari reports that it blocked the request${url === undefined ? "" : ` to ${show(url)}`}, but not why`,
      why: `the line before or after it usually names the reason; Safari prints the same for a request that ended because the page was left${schemeIn(url) === "http:" ? ", and for plain http from a page on https, even to this machine" : ""}; test the server directly: ${ask}`,
    };
  return {
    says: "the browser reports that the request was blocked, but not why",
    why: `another line in the console names the reason; if none does, test the server directly: ${ask}`,
  };
}

/** The status, where no exchange next to the sentence shows it. */
function statusOf({ engine, status }: BlockFacts): string {
  return engine === undefined || status === undefined ? "" : ` (${status})`;
}

function who({ at }: BlockFacts): string {
  return at === "preflight" ? "the preflight response" : "the response";
}

/** `localhost:3000/users` has the scheme `localhost`, to a browser. */
function schemeOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const scheme = new URL(url).protocol.slice(0, -1);
  return scheme === "http" || scheme === "https" ? undefined : scheme;
}

function asks(origin: string): string {
  return origin === "" ? "" : `; the page's origin is ${show(origin)}`;
}

function listed(allowed: readonly string[] | null | undefined): string {
  if (allowed === undefined) return "";
  if (allowed === null) return ", which the preflight response does not have";
  if (allowed.length === 0) return ", which is empty";
  return ` (${allowed.slice(0, 12).map(show).join(", ")}${allowed.length > 12 ? ", …" : ""})`;
}

const tainted =
  "after a redirect from one foreign origin to another, the browser no longer sends the page's origin: it sends `null`";

function missingWhy(facts: BlockFacts): string {
  const { status } = facts;
  if ((facts.hop ?? 0) > 0 && facts.at !== "preflight")
    return `${facts.origin === "null" ? tainted : "every response in the chain must allow the origin, and this is where a redirect led"}; if that is a login page, the request was not authenticated`;
  if (facts.at === "preflight")
    return status !== undefined && status >= 400
      ? status >= 500
        ? `the server, or what is behind it, fails on OPTIONS (${status}): look at the error first`
        : status === 401
          ? "a login check responds to OPTIONS (401), and browsers send no cookies and no Authorization with a preflight"
          : `the server responds to OPTIONS with ${status}: most likely nothing there handles preflights, or a login check comes first`
      : isBare(facts)
        ? "OPTIONS succeeds without any CORS header: a CORS filter does not list this origin, or whatever responds to OPTIONS does not handle CORS"
        : "the browser sends OPTIONS first, and the response to it must allow the origin too";
  if (status === 421) return misdirected;
  if (status !== undefined && status >= 500)
    return `the response is an error (${status}): many servers leave the CORS headers out of error responses; look at the error first`;
  if (status !== undefined && status >= 400)
    return `the response is an error (${status}): many servers send CORS headers only with successful responses; check the URL and the login first`;
  if (status !== undefined && status >= 300 && status !== 304)
    return "a redirect response must allow the origin too; if it leads to a login page, the request was not authenticated";
  return "a page may read a cross-origin response only if that response allows the page's origin";
}

/** A response that was seen, without a single CORS header. */
function isBare({ seen }: BlockFacts): boolean {
  return seen?.every(([name]) => !asciiLowercase(name).startsWith("access-control-")) === true;
}

const misdirected =
  "the server that responded does not serve this host name (421 Misdirected Request): a name is missing in its configuration, or the browser reused the connection of another host with the same certificate";

const noRedirect =
  "browsers never follow a redirect of a preflight; often it is http to https, a missing slash, or a login page";

function statusWhy(status: number | undefined): string {
  const ok = "the status of a preflight response must be 200 to 299";
  // WebKit tells a redirect by its status alone.
  if (status !== undefined && status >= 300 && status <= 399) return noRedirect;
  switch (status) {
    case 401:
    case 403:
      return `${ok}; browsers send no cookies and no Authorization with a preflight, so handle OPTIONS before the login check`;
    case 404:
    case 405:
    case 501:
      return `${ok}; the server does not handle OPTIONS at this URL`;
    case 429:
      return `${ok}; the server counts preflights against its rate limit: handle OPTIONS before it`;
    default:
      return status !== undefined && status >= 500
        ? `${ok}; the server, or what is behind it, fails on OPTIONS: look at its log, or at the proxy that cannot reach it`
        : ok;
  }
}

function methodWhy(facts: BlockFacts): string {
  const { method, allowed, credentials } = facts;
  if (method !== undefined && method !== method.toUpperCase()) {
    const upper = method.toUpperCase();
    if (allowed?.includes(upper) || allowed === undefined)
      return `methods are case-sensitive, and browsers convert only DELETE, GET, HEAD, OPTIONS, POST and PUT to upper case: \`fetch\` sends ${show(method)} as written`;
  }
  if (allowed?.includes("*") && credentials === "include")
    return "with credentials, `*` is a literal name and matches no other method";
  const cased = allowed?.find((each) => each.toUpperCase() === method);
  if (cased !== undefined)
    return `methods are compared with their case: the list has ${show(cased)}, and the request is ${show(method!)}`;
  const plain = facts.seen?.find(([name]) => asciiLowercase(name) === "allow")?.[1];
  if (allowed === null && plain?.split(",").some((each) => each.trim() === method))
    return `\`Allow: ${plain}\` lists it, but browsers look only at ${acam}`;
  return "the server must list the method by name; only GET, HEAD and POST need not be listed";
}

function headerWhy({ names: all, name, allowed, credentials, passes }: BlockFacts): string {
  const names = new Set((all ?? [name ?? ""]).map(asciiLowercase));
  if (allowed?.includes("*")) {
    if (credentials === "include")
      return "with credentials, `*` is a literal name and matches no other header";
    if (names.has("authorization"))
      return `by the standard, \`*\` does not cover Authorization: it must be listed by name${passes ? "; browsers still allow it, but warn that they will stop" : ""}`;
  }
  const bare = (one: string): string => asciiLowercase(one).replace(/[-_]/g, "");
  for (const one of names) {
    const like = allowed?.find((each) => bare(each) === bare(one));
    if (like !== undefined)
      return `the list has ${show(like)}, which is another name than ${show(one)}: hyphens and underscores count`;
  }
  const index = [...names].find((one) => /^\d+$/.test(one));
  if (index !== undefined)
    return `a header named ${show(index)} comes from an array or a string where an object with names was expected: the page's code passes its headers in the wrong form`;
  if (names.has("content-type"))
    return "a Content-Type other than a form's or text/plain (`application/json`, say) must be allowed by the server";
  if (names.has(acao.toLowerCase()))
    return "that is a response header: the page must not send it, the server must";
  return "the server must allow every header that a page adds, by name";
}

function requestInvalid(facts: BlockFacts): Sentence {
  const value = showShort(facts.value ?? "");
  const says: Readonly<Record<string, string>> = {
    origin: `the page's origin is ${value}`,
    url: `the URL is ${value}`,
    "url-credentials": "the URL contains a user name or password",
    method: `the method is ${value}`,
    initiator: `the page sets ${value} on a request where a page cannot set it`,
    "no-cors-method": `the method is ${value}, and the mode is \`no-cors\``,
    "header-name": `a header is named ${value}`,
    "header-value": `a header's value is ${value}`,
    "body-with-get": "a GET or HEAD has a body",
    "stream-mode": "the body is a stream, and the mode is `no-cors`",
  };
  const why: Readonly<Record<string, string>> = {
    origin: "that is not how a browser writes an origin",
    url: "that is not a URL",
    "url-credentials": "`fetch()` refuses such URLs; send an Authorization header instead",
    method: "that is not a token, so it cannot be a method",
    initiator: "what starts the request (an element, a beacon, a form) decides that",
    "no-cors-method": "in mode no-cors only GET, HEAD and POST are allowed",
    "header-name": "that is not a token, so it cannot be a header name",
    "header-value": "a value cannot contain NUL, CR or LF",
    "body-with-get": "`fetch()` refuses it",
    "stream-mode": "a stream needs mode cors or same-origin",
  };
  const which = facts.why ?? "";
  if (which === "initiator") return { says: says[which]!, why: why[which]! };
  return {
    says: says[which] ?? "the request itself is malformed",
    why: `${why[which] ?? "it breaks the rules of fetch()"}: \`fetch()\` throws before anything is sent`,
  };
}
