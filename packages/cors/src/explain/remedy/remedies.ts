// What fixes a verdict, on the server's side and on the page's: the smallest changes that were tried and work, and advice if
// nothing can be tried.

import { getHeader } from "../../standard/header-list.ts";
import { isCorsSafelistedMethod, normalizeMethod } from "../../standard/method.ts";
import { corsUnsafeRequestHeaderNames } from "../../standard/request-header.ts";
import { isLoopbackHost } from "../../standard/loopback-host.ts";
import { parseOrigin } from "../../standard/origin.ts";
import type { Engine } from "../../browser/engine.ts";
import type { Initiator, PageRequest } from "../../browser/request.ts";
import type { Answer } from "../../browser/sending.ts";
import type { BlockDetail, Verdict } from "../../browser/verdict.ts";
import type { AnswerBook } from "../answer-book.ts";
import { checkForStoredCopy, ruleAdvice } from "../advice.ts";
import type { BlockFacts } from "../block-facts.ts";
import { culpritOf, notYours, visitorsMachine, type CulpritKind } from "../culprit/culprit.ts";
import { isSameResource } from "../culprit/login-redirect.ts";
import { show } from "../bytes-shown.ts";
import { lossesOf } from "./losses.ts";
import { advised, type Assumption, type Remedy } from "./remedy.ts";
import { policyRemedy, type PolicySource } from "./policy-remedy.ts";
import { proposeRequestChanges, proposeServerChanges } from "./propose-changes.ts";
import { sayRequestChange, sayServerChanges } from "./say-change.ts";
import type { Change } from "./change.ts";
import { tryChanges } from "./try-changes.ts";

/** `engines`: those that should let the request through. */
export function remediesOf(
  page: PageRequest,
  verdict: Verdict,
  engines: readonly Engine[],
  book: AnswerBook,
  source: PolicySource | Remedy | undefined,
  facts: BlockFacts,
): readonly Remedy[] {
  const { detail } = verdict;
  if (detail === undefined) return [];
  const culprit = culpritOf(facts);
  const server =
    source !== undefined
      ? "serverWith" in source
        ? policyRemedy(page, engines, source)
        : source
      : culprit?.notTheServers
        ? undefined
        : serverRemedy(page, verdict, engines, book);
  const client = clientRemedy(page, detail, engines, book);
  const found = [server, client ?? targetAdvice(verdict)].filter((remedy) => remedy !== undefined);
  // A change that removes the access of other pages comes after one that removes none.
  found.sort((a, b) => a.takesAway.length - b.takesAway.length);
  const isNull = detail.origin === "null" && detail.reason.startsWith("aca");
  const isMiscased =
    detail.reason === "method-not-allowed" && detail.method !== detail.method.toUpperCase();
  if (found.length === 0 || saysMore.has(detail.reason) || isNull || isMiscased)
    for (const { side, say } of ruleAdvice(facts)) {
      const isAnswered = found.some((remedy) => remedy.side === side);
      const isSaid = found.some((remedy) => remedy.say === say);
      if (!isSaid && (!isAnswered || (isNull && side === "client"))) found.push(advised(side, say));
    }
  // The page goes first where redirects made the origin `null` (the last server may be a login page,
  // which is not to be opened), and where it wrote the method in the wrong case.
  if ((isNull && detail.hop > 0) || isMiscased) found.sort((a, b) => order[a.side] - order[b.side]);
  const first = (culprit?.advice ?? []).map(({ side, say }) => advised(side, say));
  const login = culprit?.kind === "login" ? undefined : loginAdvice(verdict);
  const elsewhere =
    source === undefined && culprit?.notTheServers !== true
      ? (notYours(facts) ?? visitorsMachine(facts))
      : undefined;
  const all = [
    extensionAdvice(page),
    ...first,
    // Advice that was found for want of anything better is of no use next to the culprit's.
    ...found.filter(
      ({ change }) => first.length === 0 || change.length > 0 || source !== undefined,
    ),
    login,
    preflightAdvice(page, detail),
    cacheAdvice(page, detail, culprit?.kind),
    elsewhere === undefined ? undefined : advised(elsewhere.side, elsewhere.say),
  ];
  return all.filter((remedy) => remedy !== undefined);
}

/** A request that only an upload listener or a stream makes one with a preflight. */
function preflightAdvice(page: PageRequest, { at }: BlockDetail): Remedy | undefined {
  const { method = "GET", headers = [], useCorsPreflight, body } = page;
  if (at !== "preflight" || !isCorsSafelistedMethod(normalizeMethod(method))) return undefined;
  if (corsUnsafeRequestHeaderNames(headers).length > 0) return undefined;
  if (body?.kind === "stream")
    return advised(
      "client",
      "send the body as text, a Blob or bytes instead of a stream: the browser then sends no preflight",
    );
  return useCorsPreflight === true
    ? advised("client", "remove the listener on `xhr.upload`: the browser then sends no preflight")
    : undefined;
}

/**
 * Elements request without `Origin` unless they have `crossorigin`, and caches keep what they got: worth a look even if no
 * header shows it.
 */
function cacheAdvice(
  page: PageRequest,
  { reason, at }: BlockDetail,
  culprit: CulpritKind | undefined,
): Remedy | undefined {
  if (reason !== "acao-missing" && reason !== "acao-mismatch") return undefined;
  if (at !== "actual" || culprit !== undefined) return undefined;
  if (!stored.has(page.initiator ?? "fetch")) return undefined;
  return advised("server", checkForStoredCopy(reason));
}

const stored: ReadonlySet<Initiator> = new Set([
  "font",
  "img",
  "style",
  "script",
  "module",
  "video",
]);

const order = { client: 0, server: 1 } as const;

/**
 * A browser extension that may reach a host is exempt from CORS there. Allowing its origin on the
 * server is worse: its id can differ with every installation.
 */
function extensionAdvice({ origin, url }: PageRequest): Remedy | undefined {
  if (!/^[a-z-]*-extension:/.test(origin) || !URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  return advised(
    "client",
    `add \`${protocol}//${hostname}/*\` to \`host_permissions\` in the extension's manifest, and send the request from its own pages or its worker, not from a content script`,
  );
}

/** Requesting the URL with https or the final slash directly avoids the redirect that blocks. */
function targetAdvice({ wire, detail }: Verdict): Remedy | undefined {
  const answer = wire.at(-1)?.response;
  if (answer === undefined || "kind" in answer || !detail?.reason.startsWith("aca"))
    return undefined;
  const location = getHeader(answer.headers, "location");
  if (answer.status < 300 || answer.status > 399 || location === null) return undefined;
  if (!URL.canParse(location, detail.url)) return undefined;
  const { href } = new URL(location, detail.url);
  // Any other target may be a login page.
  if (!isSameResource(detail.url, href)) return undefined;
  return advised("client", `request ${show(href)} directly instead of being redirected there`);
}

/**
 * An API call that was redirected to another host and failed there: what a login proxy does when the session
 * has ended. The page can act on a 401, and never on the redirect.
 */
function loginAdvice({ wire, detail }: Verdict): Remedy | undefined {
  if (detail === undefined || !detail.reason.startsWith("aca")) return undefined;
  for (const { kind, request, response } of wire) {
    if (kind !== "actual" || "kind" in response) continue;
    const { status } = response;
    const location = getHeader(response.headers, "location");
    if (status < 300 || status > 399 || location === null) continue;
    if (!URL.canParse(location, request.url)) continue;
    const to = new URL(location, request.url);
    if (to.hostname === new URL(request.url).hostname) continue;
    if (isSameResource(request.url, to.href)) continue;
    return advised(
      "server",
      `if ${show(`${to.origin}${to.pathname}`)} is a login page: respond with 401 to calls whose session has ended, instead of redirecting them (in Corsway, \`login_redirect = "401"\` in the location)`,
    );
  }
  return undefined;
}

/** Reasons with advice for the page that complements a change on the server. */
const saysMore: ReadonlySet<string> = new Set(["preflight-redirect", "corp-blocked"]);

function serverRemedy(
  page: PageRequest,
  verdict: Verdict,
  engines: readonly Engine[],
  book: AnswerBook,
): Remedy | undefined {
  const found = tryChanges(page, engines, book, [], (detail, seen) =>
    proposeServerChanges(page, detail, seen),
  );
  if (found === undefined || found.changes.length === 0) return undefined;
  const { changes } = found;
  const credentials = allowsCredentials(verdict) || areForCredentials(changes, page, book);
  const assumptions = [...assumptionsOf(page, changes, credentials), ...found.assumptions];
  const takesAway = lossesOf(changes, credentials);
  return {
    side: "server",
    say: sayServerChanges(changes, page, assumptions, takesAway),
    change: changes,
    assumptions,
    takesAway,
  };
}

function clientRemedy(
  page: PageRequest,
  detail: BlockDetail,
  engines: readonly Engine[],
  book: AnswerBook,
): Remedy | undefined {
  const change = proposeRequestChanges(page, detail);
  if (change.length === 0) return undefined;
  const found = tryChanges(page, engines, book, change, () => []);
  if (found === undefined) return undefined;
  const isWithoutCookies = change.some(({ field }) => field === "credentials");
  const assumptions: readonly Assumption[] = [
    ...(isWithoutCookies ? [{ kind: "no-cookies-needed" as const }] : []),
    ...found.assumptions,
  ];
  return {
    side: "client",
    say: sayRequestChange(change, page, assumptions),
    change,
    assumptions,
    takesAway: [],
  };
}

/** What nothing on the wire shows, but the person has to know. */
function assumptionsOf(
  page: PageRequest,
  changes: readonly Change[],
  allowsCredentials: boolean,
): readonly Assumption[] {
  const assumptions: Assumption[] = [];
  const values = (name: string): readonly string[] =>
    changes.flatMap((change) =>
      change.kind === "header" && change.name === name ? [change.to] : [],
    );
  if (values("Access-Control-Allow-Origin").includes("*"))
    assumptions.push({ kind: "public-answer" });
  const { origin } = page;
  if (
    values("Access-Control-Allow-Credentials").length > 0 ||
    (allowsCredentials && values("Access-Control-Allow-Origin").includes(origin))
  ) {
    // A server that sends every origin back would let every page act as its visitor.
    assumptions.push({ kind: "listed-origin", origin });
    const asking = parseOrigin(origin);
    if (asking?.kind === "tuple" && asking.scheme === "http" && !isLoopbackHost(asking.host))
      assumptions.push({ kind: "trusted-network", origin });
  }
  return assumptions;
}

function allowsCredentials({ wire }: Verdict): boolean {
  return wire.some(({ response }) => hasCredentials(response));
}

/** Only an engine that went further than the leading one may have seen the response that changes. */
function areForCredentials(
  changes: readonly Change[],
  { method = "GET" }: PageRequest,
  book: AnswerBook,
): boolean {
  return changes.some((change) => {
    if (change.kind !== "header") return false;
    const { on, url } = change;
    const asked = { method: on === "preflight" ? "OPTIONS" : method, url, headers: [] };
    const answer = book.recall(asked, { kind: on });
    return answer !== undefined && hasCredentials(answer);
  });
}

function hasCredentials(answer: Answer): boolean {
  return (
    !("kind" in answer) && getHeader(answer.headers, "access-control-allow-credentials") === "true"
  );
}
