// The smallest change that turns the verdict: found by letting the model say what it stumbles over,
// mending just that, and running it again until every engine lets the request through. So nothing
// is offered as a change that was not seen to work.

import { getHeader } from "../standard/header-list.ts";
import { asciiLowercase, isToken } from "../standard/token.ts";
import type { Header, HeaderList, RequestHead } from "../standard/message.ts";
import type { Engine } from "../browser/engine.ts";
import type { PageRequest } from "../browser/request.ts";
import { runSync, type Answer, type BrowserResponder } from "../browser/run.ts";
import type { BlockDetail, Verdict } from "../browser/verdict.ts";
import type { AnswerBook } from "./answer-book.ts";
import { advice } from "./advice.ts";
import { show } from "./bytes-shown.ts";
import { changedAnswer, changedRequest, type Change, type RequestChange } from "./change.ts";
import { spelledBy } from "./header-spelling.ts";
import { policyRemedy, type PolicySource } from "./policy-remedy.ts";
import { sayRequestChange, sayServerChanges, type Assumed, type Unasked } from "./say-change.ts";

/**
 * The smallest change on one side that turns the verdict: applied to the model and seen to work.
 */
export interface Remedy {
  readonly side: "server" | "client";
  readonly say: string;
  /** Empty: advice that cannot be tried here (a certificate, a firewall). */
  readonly change: readonly Change[];
}

const enough = 12;

/** `engines`: those that are to let the request through. */
export function remediesOf(
  page: PageRequest,
  verdict: Verdict,
  engines: readonly Engine[],
  book: AnswerBook,
  source: PolicySource | Remedy | undefined,
): readonly Remedy[] {
  const { detail } = verdict;
  if (detail === undefined) return [];
  const server =
    source === undefined
      ? serverRemedy(page, engines, book)
      : "serverWith" in source
        ? policyRemedy(page, engines, source)
        : source;
  const client = clientRemedy(page, detail, engines, book);
  const found = [server, client ?? targetAdvice(verdict)].filter((remedy) => remedy !== undefined);
  // What cannot be tried is said all the same, where nothing better is known for that side.
  const isNull = detail.origin === "null" && detail.reason.startsWith("aca");
  const isMiscased =
    detail.reason === "method-not-allowed" && detail.method !== detail.method.toUpperCase();
  const own = found.length === 0 || saysMore.has(detail.reason) || isNull || isMiscased;
  for (const { side, say } of advice(detail))
    if (own && (found.every((remedy) => remedy.side !== side) || (isNull && side === "client")))
      found.push({ side, say, change: [] });
  // Where redirects made it `null`, the last server is seldom the one to change: it may be a login page.
  // And a method in the wrong case is the page's slip; the server need not learn to spell it.
  if ((isNull && detail.hop > 0) || isMiscased) found.sort((a, b) => order[a.side] - order[b.side]);
  const extension = extensionAdvice(page);
  return extension === undefined ? found : [extension, ...found];
}

const order = { client: 0, server: 1 } as const;

/** An extension that may reach a host is not held to CORS there; its id may differ with every install. */
function extensionAdvice({ origin, url }: PageRequest): Remedy | undefined {
  if (!/^[a-z-]*-extension:/.test(origin) || !URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  return {
    side: "client",
    say: `add \`${protocol}//${hostname}/*\` to \`host_permissions\` in the extension's manifest, and ask from its own pages or its worker, not from a content script`,
    change: [],
  };
}

/** A final slash or https, asked for at once, spares the redirect that does not allow the origin. */
function targetAdvice({ wire, detail }: Verdict): Remedy | undefined {
  const answer = wire.at(-1)?.response;
  if (answer === undefined || "kind" in answer || !detail?.reason.startsWith("aca"))
    return undefined;
  const location = getHeader(answer.headers, "location");
  if (answer.status < 300 || answer.status > 399 || location === null) return undefined;
  if (!URL.canParse(location, detail.url)) return undefined;
  const { href, hostname, pathname } = new URL(location, detail.url);
  const asked = new URL(detail.url);
  const same = (path: string): string => path.replace(/\/$/, "");
  // Anywhere else may be a login page.
  if (hostname !== asked.hostname || same(pathname) !== same(asked.pathname)) return undefined;
  return {
    side: "client",
    say: `ask ${show(href)} directly instead of being redirected there`,
    change: [],
  };
}

/** Reasons with advice for the page that stands beside a change on the server. */
const saysMore: ReadonlySet<string> = new Set(["preflight-redirect", "corp-blocked"]);

function serverRemedy(
  page: PageRequest,
  engines: readonly Engine[],
  book: AnswerBook,
): Remedy | undefined {
  const found = search(page, engines, book, [], (detail, seen) =>
    serverChanges(page, detail, seen),
  );
  if (found === undefined || found.changes.length === 0) return undefined;
  return {
    side: "server",
    say: sayServerChanges(found.changes, page, found.assumed),
    change: found.changes,
  };
}

function clientRemedy(
  page: PageRequest,
  detail: BlockDetail,
  engines: readonly Engine[],
  book: AnswerBook,
): Remedy | undefined {
  const change = requestChanges(page, detail);
  if (change.length === 0) return undefined;
  const found = search(page, engines, book, change, () => []);
  if (found === undefined) return undefined;
  return { side: "client", say: sayRequestChange(change, page, found.assumed), change };
}

interface Found {
  readonly changes: readonly Change[];
  /** What nobody has asked yet, and was taken to be allowed. */
  readonly assumed: Assumed;
}

function search(
  page: PageRequest,
  engines: readonly Engine[],
  book: AnswerBook,
  start: readonly Change[],
  next: (detail: BlockDetail, seen: HeaderList) => readonly Change[],
): Found | undefined {
  let changes = start;
  for (let turn = 0; turn < enough; turn++) {
    const assumed = new Map<string, Unasked>();
    let blocked: Verdict | undefined;
    for (const engine of engines) {
      const answers = changedServer(book, changes, assumed);
      const verdict = runSync(changedRequest(page, changes), answers, { engine, now: () => 0 });
      if (verdict.outcome === "blocked") {
        blocked = verdict;
        break;
      }
    }
    if (blocked === undefined) return { changes, assumed: [...assumed.values()] };
    const last = blocked.wire.at(-1)?.response;
    const more = next(blocked.detail!, last === undefined || "kind" in last ? [] : last.headers);
    if (more.length === 0) return undefined;
    changes = merge(changes, more);
  }
  return undefined;
}

/**
 * Answers from the book, changed. A request that no browser got to send has no answer yet: it is
 * taken to allow the origin like its preflight, and noted, so that the text can ask for it.
 */
function changedServer(
  book: AnswerBook,
  changes: readonly Change[],
  assumed: Map<string, Unasked>,
): BrowserResponder {
  return (request, sending) => {
    const known = book.recall(request, sending);
    if (known !== undefined) return changedAnswer(known, changes, sending.kind, request.url);
    const { url, method } = request;
    assumed.set(`${sending.kind} ${url}`, { kind: sending.kind, url, method });
    if (sending.kind === "preflight") return allowingPreflight(request);
    const headers = preflightOf(book, changes, request.url) ?? allowingOrigin(request);
    return changedAnswer({ status: 200, headers }, changes, "actual", request.url);
  };
}

function allowingOrigin({ headers }: RequestHead): HeaderList {
  return [
    ["Access-Control-Allow-Origin", getHeader(headers, "origin") ?? "*"],
    ["Access-Control-Allow-Credentials", "true"],
  ];
}

function allowingPreflight(request: RequestHead): Answer {
  const headers: Header[] = [...allowingOrigin(request)];
  const asked = (name: string): string => getHeader(request.headers, name) ?? "";
  headers.push(["Access-Control-Allow-Methods", asked("access-control-request-method")]);
  headers.push(["Access-Control-Allow-Headers", asked("access-control-request-headers")]);
  return { status: 204, headers };
}

function preflightOf(
  book: AnswerBook,
  changes: readonly Change[],
  url: string,
): HeaderList | undefined {
  const answer = book.recall({ method: "OPTIONS", url, headers: [] }, { kind: "preflight" });
  if (answer === undefined || "kind" in answer) return undefined;
  const changed = changedAnswer(answer, changes, "preflight", url);
  return "kind" in changed ? undefined : allowing(changed.headers);
}

function allowing(headers: HeaderList): HeaderList {
  return headers.filter(([name]) => {
    const lower = asciiLowercase(name);
    return lower === "access-control-allow-origin" || lower === "access-control-allow-credentials";
  });
}

function merge(changes: readonly Change[], more: readonly Change[]): readonly Change[] {
  const merged = [...changes];
  for (const change of more) {
    const at = merged.findIndex((other) => samePlace(other, change));
    if (at < 0) merged.push(change);
    else merged[at] = { ...change, from: merged[at]!.from } as Change;
  }
  return merged;
}

function samePlace(a: Change, b: Change): boolean {
  if (a.kind === "status" && b.kind === "status") return a.url === b.url;
  return (
    a.kind === "header" &&
    b.kind === "header" &&
    a.on === b.on &&
    a.url === b.url &&
    a.name === b.name
  );
}

/** What to mend on the answer that blocks. */
function serverChanges(
  page: PageRequest,
  detail: BlockDetail,
  seen: HeaderList,
): readonly Change[] {
  const { at, url, origin, credentials } = detail;
  if (at === "request") return [];
  const set = (name: string, to: string): Change => ({
    kind: "header",
    on: at,
    url,
    name,
    from: getHeader(seen, asciiLowercase(name)),
    to,
  });
  const status = (from: number): Change => ({
    kind: "status",
    on: "preflight",
    url,
    from,
    to: 204,
  });
  switch (detail.reason) {
    case "acao-missing":
    case "acao-multiple":
    case "acao-invalid":
    case "acao-mismatch":
    case "acao-wildcard-credentials":
      // `null` is everybody's origin who wants it: allowing it is no remedy.
      if (origin !== "null") return [set("Access-Control-Allow-Origin", origin)];
      return credentials === "include" ? [] : [set("Access-Control-Allow-Origin", "*")];
    case "acac-not-true":
      return [set("Access-Control-Allow-Credentials", "true")];
    case "preflight-status":
    case "preflight-redirect":
      return [status(detail.status)];
    case "acam-unparsable":
      return [set("Access-Control-Allow-Methods", tokensOf(detail.value))];
    case "acah-unparsable":
      return [set("Access-Control-Allow-Headers", tokensOf(detail.value))];
    case "method-not-allowed":
      return [
        set("Access-Control-Allow-Methods", added(detail.allowed, [detail.method], credentials)),
      ];
    case "header-not-allowed":
      // A response header in the page's request: allowing it would cement the mistake.
      if (detail.names.some((name) => name.startsWith("access-control-"))) return [];
      return [
        set(
          "Access-Control-Allow-Headers",
          added(detail.allowed, spelledBy(page, detail.names), credentials),
        ),
      ];
    case "corp-blocked":
      return [set("Cross-Origin-Resource-Policy", "cross-origin")];
    default:
      return [];
  }
}

/** With credentials `*` is a name like any other, and helps nobody. */
function added(
  allowed: readonly string[] | null,
  names: readonly string[],
  credentials: string,
): string {
  const kept = (allowed ?? []).filter((name) => name !== "*" || credentials !== "include");
  return [...kept, ...names].join(", ");
}

/** The names that were meant: a list that is parted otherwise than by commas is one, `content type` is no name. */
function tokensOf(value: string): string {
  const parted = value.includes(",")
    ? value.replace(/[\t ]*,[\t ]*/g, ",")
    : value.replace(/[\t ]+/g, ",");
  return parted
    .split(/[,;:"[\](){}/]+/)
    .map((element) => element.trim())
    .filter(isToken)
    .join(", ");
}

/** What the page can do by itself, without losing what it wants. */
function requestChanges(page: PageRequest, detail: BlockDetail): readonly RequestChange[] {
  switch (detail.reason) {
    case "acao-wildcard-credentials":
    case "acac-not-true":
      return page.credentials === "include"
        ? [{ kind: "request", field: "credentials", from: "include", to: "same-origin" }]
        : [];
    case "redirect-mode":
      return detail.status === undefined
        ? []
        : [{ kind: "request", field: "redirect", from: detail.redirect, to: "follow" }];
    case "mode-same-origin":
      return [{ kind: "request", field: "mode", from: "same-origin", to: "cors" }];
    case "method-not-allowed": {
      const upper = detail.method.toUpperCase();
      return upper === detail.method || detail.allowed?.includes(upper) !== true
        ? []
        : [{ kind: "request", field: "method", from: detail.method, to: upper }];
    }
    case "header-not-allowed":
      // Without its Content-Type a body means something else, and without Authorization nobody is let in.
      return detail.names.some((name) => name === "content-type" || name === "authorization")
        ? []
        : detail.names.map((from) => ({ kind: "request", field: "headers", from, to: null }));
    default:
      return [];
  }
}
