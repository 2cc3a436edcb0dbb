// Tries changes on the model: runs it, lets `next` correct whatever blocks, and runs it again, until every engine lets the request
// through. So no change is offered that was not found to work.

import { getHeader } from "../../standard/header-list.ts";
import { isCorsSafelistedMethod } from "../../standard/method.ts";
import { asciiLowercase } from "../../standard/token.ts";
import type { Header, HeaderList, RequestHead } from "../../standard/message.ts";
import type { Engine } from "../../browser/engine.ts";
import type { PageRequest } from "../../browser/request.ts";
import { runSync } from "../../browser/run.ts";
import type { Answer, BrowserResponder } from "../../browser/sending.ts";
import type { BlockDetail, Verdict } from "../../browser/verdict.ts";
import type { AnswerBook } from "../answer-book.ts";
import { changedAnswer, changedRequest, type Change } from "./change.ts";
import type { Assumption } from "./remedy.ts";

/** One response is corrected at most a few times; a longer search finds nothing. */
const mostTurns = 12;

/** Changes that work, and under which condition. */
export interface Found {
  readonly changes: readonly Change[];
  /** Requests that were never made: their responses were assumed to allow the page. */
  readonly assumptions: readonly NotSeen[];
}

type NotSeen = Extract<Assumption, { kind: "answer-not-seen" }>;

/**
 * `start`, and what `next` adds to it for each remaining block; undefined if it adds nothing. `next` gets the block and the headers
 * of the response that caused it.
 */
export function tryChanges(
  page: PageRequest,
  engines: readonly Engine[],
  book: AnswerBook,
  start: readonly Change[],
  next: (detail: BlockDetail, seen: HeaderList) => readonly Change[],
): Found | undefined {
  let changes = start;
  for (let turn = 0; turn < mostTurns; turn++) {
    const assumed = new Map<string, NotSeen>();
    let blocked: Verdict | undefined;
    for (const engine of engines) {
      const asked = changedRequest(page, changes);
      const answers = changedServer(asked, book, changes, assumed);
      const verdict = runSync(asked, answers, { engine, now: () => 0 });
      if (verdict.outcome === "blocked") {
        blocked = verdict;
        break;
      }
    }
    if (blocked === undefined) return { changes, assumptions: [...assumed.values()] };
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
  page: PageRequest,
  book: AnswerBook,
  changes: readonly Change[],
  assumed: Map<string, NotSeen>,
): BrowserResponder {
  return (request, sending) => {
    const known = book.recall(request, sending);
    if (known !== undefined) return changedAnswer(known, changes, sending.kind, request.url);
    const { url, method } = request;
    assumed.set(`${sending.kind} ${url}`, {
      kind: "answer-not-seen",
      on: sending.kind,
      url,
      method,
      needs: neededBy(page, request, sending.kind),
    });
    if (sending.kind === "preflight") return allowingPreflight(request);
    const headers = preflightOf(book, changes, request.url) ?? allowingOrigin(request);
    return changedAnswer({ status: 200, headers }, changes, "actual", request.url);
  };
}

/** The names of the headers that let this request of the page through. */
function neededBy(
  page: PageRequest,
  { headers }: RequestHead,
  kind: "preflight" | "actual",
): readonly string[] {
  if (page.mode === "no-cors") return [];
  const needs = ["Access-Control-Allow-Origin"];
  if (page.credentials === "include") needs.push("Access-Control-Allow-Credentials");
  if (kind === "actual") return needs;
  const method = getHeader(headers, "access-control-request-method") ?? "";
  if (!isCorsSafelistedMethod(method)) needs.push("Access-Control-Allow-Methods");
  if (getHeader(headers, "access-control-request-headers") !== null)
    needs.push("Access-Control-Allow-Headers");
  return needs;
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
